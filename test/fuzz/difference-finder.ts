import { compare, type Difference, type Strictness } from './compare.js';
import type { Case } from './round.js';
import type { Schema } from './schema.js';
import { render, type Statement } from './sql-tree.js';
import type { Outcome, Target } from './target.js';

export interface Finding extends Difference {
  readonly target: string;
  readonly step: string;
}

/** The servers side by side: PostgreSQL, and ours with plain tables and with user tables. */
export class DifferenceFinder {
  readonly #oracle: Target;
  readonly #targets: readonly Target[];
  /** Puts other users' rows into the user tables. */
  readonly #others: readonly Target[];

  #hasParted = false;
  #prepared = 0;

  constructor(oracle: Target, targets: readonly Target[], others: readonly Target[]) {
    this.#oracle = oracle;
    this.#targets = targets;
    this.#others = others;
  }

  /** Makes the schema anew on all sides. Statements may fail, on all sides alike. */
  async prepare(schema: Schema, othersRows: readonly string[], analyze: boolean): Promise<Finding | undefined> {
    const all = [this.#oracle, ...this.#targets];
    const drop = `DROP TABLE IF EXISTS ${[0, 1, 2, 3].map((i) => `t${i}`).join(', ')} CASCADE`;
    await Promise.all(all.map((target) => target.run({ text: drop })));
    let finding: Finding | undefined;
    for (const text of schema.setup) {
      const found = await this.#compareAll({ text }, 'texts');
      finding ??= found;
    }
    for (const other of this.#others) for (const text of othersRows) await other.run({ text });
    if (analyze) await Promise.all(this.#targets.map((target) => target.run({ text: 'ANALYZE' })));
    return finding;
  }

  async find(test: Case): Promise<Finding | undefined> {
    for (const text of test.settings) await Promise.all(this.#targets.map((target) => target.run({ text })));
    const all = [this.#oracle, ...this.#targets];
    if (test.inTransaction) await Promise.all(all.map((target) => target.run({ text: 'BEGIN' })));
    let finding: Finding | undefined;
    for (const step of test.steps) {
      const statement = render(step, test.withParameters);
      finding = await this.#compareAll(statement, test.strictness);
      if (finding === undefined && !test.inTransaction && (statement.values?.length ?? 0) > 0)
        finding = await this.#compareAgain(statement, test.strictness);
      // Where one side has failed, rightly or not, the transaction is over.
      if (finding !== undefined || this.#hasParted) break;
    }
    if (test.inTransaction) await Promise.all(all.map((target) => target.run({ text: 'ROLLBACK' })));
    if (test.settings.length > 0) await Promise.all(this.#targets.map((target) => target.run({ text: RESET })));
    return finding;
  }

  /** As a prepared statement, with other values and with the first ones again. */
  async #compareAgain(statement: Statement, strictness: Strictness): Promise<Finding | undefined> {
    const { values, others, text } = statement;
    if (values === undefined || others === undefined) return undefined;
    const name = `again_${this.#prepared++}`;
    const finding =
      (await this.#compareAll({ text, name, values: others }, strictness)) ??
      (await this.#compareAll({ text, name, values }, strictness)) ??
      (await this.#compareAll({ text, name, values: others }, strictness));
    await Promise.all([this.#oracle, ...this.#targets].map((target) => target.run({ text: `DEALLOCATE ${name}` })));
    return finding;
  }

  async #compareAll(statement: Statement, strictness: Strictness): Promise<Finding | undefined> {
    this.#hasParted = false;
    const [expected, ...outcomes] = await Promise.all([this.#oracle, ...this.#targets].map((target) => target.run(statement)));
    if (expected === undefined) throw new Error('no oracle');
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind !== expected.kind) this.#hasParted = true;
      const difference = compare(expected, outcome, statement.text, strictness);
      const target = this.#targets[i];
      if (difference === undefined || target === undefined || (await this.#isOfPlanning(statement, expected, outcome, target))) continue;
      const values = statement.values === undefined ? '' : ` -- ${JSON.stringify(statement.values)}`;
      return { ...difference, target: target.name, step: statement.text + values };
    }
    return undefined;
  }

  /**
   * PostgreSQL computes constants when it plans, even where no row asks for them. A NULL among them, or among parameters, may decide what
   * otherwise would fail; ours does so where constants stay constants: without parameters, in the extended protocol.
   */
  async #isOfPlanning(statement: Statement, expected: Outcome, actual: Outcome, target: Target): Promise<boolean> {
    const { text, values } = statement;
    if (expected.kind === 'error') {
      if (!OF_VALUES.test(expected.code)) return false;
      const planned = await this.#oracle.run({ text: `EXPLAIN ${text}`, ...(values === undefined ? {} : { values }) });
      return planned.kind === 'error';
    }
    if (actual.kind !== 'error' || !OF_VALUES.test(actual.code)) return false;
    return values !== undefined || (await target.run({ text, values: [] })).kind === 'rows';
  }
}

/** Errors that computing a value may end in. */
const OF_VALUES = /^(22|54)/;

const RESET = `RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_nestloop; RESET enable_indexscan; RESET enable_seqscan; RESET enable_hashagg;
  RESET enable_sort; RESET enable_material; RESET enable_memoize; RESET enable_bitmapscan; RESET work_mem`;
