import type { Settings } from './golden-cases.js';

/** One call of a function, operator or cast on literals; ours is found by `name` in operations.ts. */
export interface OperationCase {
  readonly name: string;
  /** SQL with $1, $2 … for the arguments. */
  readonly sql: string;
  /** [type, text]; null is SQL NULL. */
  readonly arguments: readonly (readonly [type: string, text: string | null])[];
  readonly settings?: Settings;
}

export function sqlOf(operation: OperationCase): string {
  return `SELECT ${operation.sql.replace(/\$(\d)/g, (_, n: string) => {
    const [type, text] = operation.arguments[Number(n) - 1] ?? ['text', null];
    return text === null ? `NULL::${type}` : `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'::${type}`;
  })}`;
}

export type Texts = readonly (string | null)[];

/** The same call for several tuples of texts. */
export function calls(name: string, sql: string, types: readonly string[], tuples: readonly Texts[], settings?: Settings): OperationCase[] {
  return tuples.map((texts) => ({
    name,
    sql,
    arguments: types.map((type, i) => [type, texts[i] ?? null] as const),
    ...(settings && { settings }),
  }));
}

/** All pairs of a list. */
export function pairs(texts: readonly string[]): Texts[] {
  return texts.flatMap((a) => texts.map((b) => [a, b]));
}

/** All tuples of one text from each list. */
export function product(...lists: readonly (readonly string[])[]): Texts[] {
  return lists.reduce<string[][]>((tuples, list) => tuples.flatMap((tuple) => list.map((text) => [...tuple, text])), [[]]);
}

export const berlin: Settings = { TimeZone: 'Europe/Berlin' };
export const newYork: Settings = { TimeZone: 'America/New_York' };
