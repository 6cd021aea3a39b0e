import type { Answer } from './conversation.js';
import { normalized } from './normalize.js';
import { copyDataFor, parameterValues } from './parameters.js';
import { isCatalogQuery, RECORDED_OID } from './statements.js';
import { SIMPLE_SUBJECTS, SUBJECTS } from './subjects.js';
import type { Target } from './target.js';

export interface Outcome {
  readonly text: string;
  /** Absent when both answers are the same. */
  readonly difference?: string;
}

const CONTROL = /^\s*(begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i;
const GUARD = 'corpus_guard';
const IN_TRANSACTION_BLOCK = '25001';

/** Sends the statements of one client to both servers, one after the other, and compares what each answers. */
export class Replay {
  readonly #oracle: Target;
  readonly #ours: Target;
  readonly #isSimple: boolean;
  #rotation = 0;

  constructor(oracle: Target, ours: Target, isSimple: boolean) {
    this.#oracle = oracle;
    this.#ours = ours;
    this.#isSimple = isSimple;
  }

  /** @param variants of how many objects a query over the catalogs is asked at most */
  async statement(text: string, variants: number): Promise<Outcome> {
    const hasParameters = /\$\d/.test(text);
    const hasOids = text.search(RECORDED_OID) >= 0;
    const isQuery = isCatalogQuery(text);
    const subjects = this.#isSimple ? SIMPLE_SUBJECTS : SUBJECTS;
    const count = isQuery && (hasParameters || hasOids) ? Math.min(variants, subjects.length) : 1;
    for (let variant = 0; variant < count; variant++) {
      // The first is a table; which others come depends on how many statements were asked before.
      const subject = variant === 0 ? 0 : (this.#rotation++ % (subjects.length - 1)) + 1;
      const difference = await this.#once(text, subject, hasParameters, isQuery);
      if (difference !== undefined) return { text, difference: count > 1 ? `about ${subjects[subject]?.name}: ${difference}` : difference };
    }
    return { text };
  }

  async #once(text: string, subject: number, hasParameters: boolean, isQuery: boolean): Promise<string | undefined> {
    const isControl = CONTROL.test(text);
    // An error must not take with it what the rest of the file asks in the same transaction.
    const isGuarded = !isControl && this.#oracle.status === 'T' && this.#ours.status === 'T';
    if (isGuarded) await this.#both(`SAVEPOINT ${GUARD}`);
    const described = hasParameters ? await this.#oracle.describe(this.#textFor(this.#oracle, text, subject)) : undefined;
    // The error of a Describe is its answer.
    if (described?.status === 'E' && isGuarded) await this.#oracle.ask({ text: `ROLLBACK TO SAVEPOINT ${GUARD}` });
    const types = described?.parameterTypes;
    let expected = await this.#ask(this.#oracle, text, subject, types, isQuery);
    if (isGuarded && failedWith(expected, IN_TRANSACTION_BLOCK)) {
      // Recorded outside of a transaction: each file holds COMMIT only once.
      await this.#both('COMMIT');
      expected = await this.#ask(this.#oracle, text, subject, types, isQuery);
    }
    const actual = await this.#ask(this.#ours, text, subject, types, isQuery);
    for (const target of [this.#oracle, this.#ours]) {
      if (target.status === 'E' && isGuarded) await target.ask({ text: `ROLLBACK TO SAVEPOINT ${GUARD}; RELEASE SAVEPOINT ${GUARD}` });
      else if (target.status === 'E') await target.ask({ text: 'ROLLBACK' });
      else if (target.status === 'T' && isGuarded) await target.ask({ text: `RELEASE SAVEPOINT ${GUARD}` });
    }
    // What a difference leaves must not make more of them.
    if (this.#oracle.status !== this.#ours.status) await this.#both('ROLLBACK');
    return compare(expected, actual, isOrdered(text));
  }

  #textFor(target: Target, text: string, subject: number): string {
    const known = new Map<string, number>();
    return text.replaceAll(RECORDED_OID, (oid) => {
      if (!known.has(oid)) known.set(oid, known.size);
      return target.oidOf(subject + (known.get(oid) ?? 0));
    });
  }

  async #ask(target: Target, text: string, subject: number, types: readonly number[] | undefined, isQuery: boolean): Promise<Answer> {
    const own = this.#textFor(target, text, subject);
    const copyData = copyDataFor(text);
    if (types === undefined) return target.ask({ text: own, ...(copyData === undefined ? {} : { copyData }) });
    if (types.length === 0) return target.describe(own);
    const values = parameterValues({ text, types, subject, isSimple: this.#isSimple, isCatalogQuery: isQuery }, target);
    return target.ask({ text: own, values });
  }

  async #both(text: string): Promise<void> {
    await this.#oracle.ask({ text });
    await this.#ours.ask({ text });
  }
}

const failedWith = ({ results }: Answer, code: string): boolean =>
  results.some((result) => result.kind === 'failed' && result.code === code);

function compare(expected: Answer, actual: Answer, isOrdered: boolean): string | undefined {
  const wanted = normalized(expected, isOrdered);
  const given = normalized(actual, isOrdered);
  if (wanted.length === given.length && wanted.every((line, i) => line === given[i])) return undefined;
  const missing = without(wanted, given);
  const extra = without(given, wanted);
  if (missing.length === 0 && extra.length === 0) return 'another order';
  const shown = (lines: readonly string[], sign: string): string[] => lines.slice(0, 4).map((line) => `  ${sign} ${line.slice(0, 400)}`);
  return [`${missing.length} lines missing, ${extra.length} too many`, ...shown(missing, '-'), ...shown(extra, '+')].join('\n');
}

/** ORDER BY outside of all brackets and quotes. */
function isOrdered(text: string): boolean {
  let bare = text.replaceAll(/'(?:[^']|'')*'/g, '').replaceAll(/--[^\n]*/g, '');
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = bare.replaceAll(/\([^()]*\)/g, '');
  }
  return /order\s+by/i.test(bare);
}

/** Lines of the first that the second has not, or has less often. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = counts.get(line) ?? 0;
    counts.set(line, count - 1);
    return count <= 0;
  });
}
