import { compare, type Difference } from './compare.js';
import type { Case } from './round.js';
import type { Schema } from './schema.js';
import { render } from './sql-tree.js';
import type { Target } from './target.js';

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
      const found = await this.#compareAll({ text }, true);
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
      finding = await this.#compareAll(render(step, test.withParameters), test.strict);
      if (finding !== undefined) break;
    }
    if (test.inTransaction) await Promise.all(all.map((target) => target.run({ text: 'ROLLBACK' })));
    if (test.settings.length > 0) await Promise.all(this.#targets.map((target) => target.run({ text: RESET })));
    return finding;
  }

  async #compareAll(statement: { text: string; values?: readonly (string | null)[] }, strict: boolean): Promise<Finding | undefined> {
    const [expected, ...outcomes] = await Promise.all([this.#oracle, ...this.#targets].map((target) => target.run(statement)));
    if (expected === undefined) throw new Error('no oracle');
    for (const [i, outcome] of outcomes.entries()) {
      const difference = compare(expected, outcome, statement.text, strict);
      const target = this.#targets[i];
      if (difference !== undefined && target !== undefined)
        return {
          ...difference,
          target: target.name,
          step: statement.text + (statement.values === undefined ? '' : ` -- ${JSON.stringify(statement.values)}`),
        };
    }
    return undefined;
  }
}

const RESET = `RESET enable_hashjoin; RESET enable_mergejoin; RESET enable_nestloop; RESET enable_indexscan; RESET enable_seqscan; RESET enable_hashagg;
  RESET enable_sort; RESET enable_material; RESET enable_memoize; RESET enable_bitmapscan; RESET work_mem`;
