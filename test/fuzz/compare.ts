import type { Field, Outcome } from './target.js';

export interface Difference {
  readonly kind: 'crash' | 'missing' | 'slow' | 'error' | 'columns' | 'rows' | 'order' | 'tag' | 'message';
  readonly what: string;
  /** Alike differences have the same: one of them is looked at. */
  readonly signature: string;
}

/**
 * How much of an answer counts. `values`: its values, however they are written; whether an error comes up may depend on the plan.
 * `texts`: every character, and every error. `exact`: every error's words as well.
 */
export type Strictness = 'values' | 'texts' | 'exact';

const NUMERIC = 1700;
/** float4, float8, the geometric types, float8[]: what the C library computes may differ from another's in the last digit. */
const INEXACT: ReadonlySet<number> = new Set([700, 701, 600, 601, 602, 603, 604, 628, 718, 1022]);
const ORDERED = /ORDER BY [^()]*$/;

/** Undefined when the second answer is right, given PostgreSQL's. */
export function compare(expected: Outcome, actual: Outcome, text: string, strictness: Strictness): Difference | undefined {
  const strict = strictness !== 'values';
  if (actual.kind === 'error') {
    const { code, message } = actual;
    if (code === '0A000' && message.endsWith('is not supported yet')) return difference('missing', message, message);
    if (code === 'BROKEN' || (code.startsWith('XX') && !(expected.kind === 'error' && expected.code === code)))
      return difference('crash', `${code} ${message}`, `${code} ${plain(message)}`);
    if (code === '57014' && (expected.kind !== 'error' || expected.code !== code)) return difference('slow', message, 'slow');
    if (expected.kind === 'error') return compareErrors(expected, actual, strictness);
    // Whether an error comes up can depend on the plan.
    if (!strict && /^2[12]/.test(code) && code !== '22023') return undefined;
    return difference('error', `${code} ${message}`, `${code} ${plain(message)}`);
  }
  if (expected.kind === 'error') {
    if (expected.code === '57014' || expected.code === 'XX000' || (!strict && expected.code.startsWith('22'))) return undefined;
    return difference('error', `rows in place of ${expected.code} ${expected.message}`, `- ${expected.code} ${plain(expected.message)}`);
  }
  const fields = JSON.stringify(expected.fields);
  // Where PostgreSQL's planner finds that one arm of a CASE is taken, the length of that arm's type shows.
  const isSame = (field: Field, i: number): boolean => {
    const other = expected.fields[i];
    return field.name === other?.name && field.type === other.type && (field.modifier === other.modifier || field.modifier === -1);
  };
  if (actual.fields.length !== expected.fields.length || !actual.fields.every(isSame))
    return difference('columns', `${JSON.stringify(actual.fields)} in place of ${fields}`, 'columns');
  const wanted = lines(expected, strictness);
  const given = lines(actual, strictness);
  if (wanted.length === given.length && wanted.every((line, i) => line === given[i]))
    return expected.tag === actual.tag ? undefined : difference('tag', `${actual.tag} in place of ${expected.tag}`, 'tag');
  const wantedSorted = wanted.toSorted();
  const givenSorted = given.toSorted();
  if (wantedSorted.length !== givenSorted.length || wantedSorted.some((line, i) => line !== givenSorted[i]))
    return difference(
      'rows',
      `${given.length} rows ${given.slice(0, 8).join(' ')} in place of ${wanted.length} ${wanted.slice(0, 8).join(' ')}`,
      'rows',
    );
  if (!ORDERED.test(text)) return undefined;
  return difference('order', `${given.slice(0, 8).join(' ')} in place of ${wanted.slice(0, 8).join(' ')}`, 'order');
}

function compareErrors(
  expected: Outcome & { kind: 'error' },
  actual: Outcome & { kind: 'error' },
  strictness: Strictness,
): Difference | undefined {
  const strict = strictness !== 'values';
  if (expected.code === actual.code) {
    // The first of several rows that fail words it, and rows that were changed may have moved.
    if (!strict || expected.message === actual.message) return undefined;
    if (strictness !== 'exact' && expected.code.startsWith('22')) return undefined;
    return difference('message', `"${actual.message}" in place of "${expected.message}"`, `message ${plain(expected.message)}`);
  }
  // Which of several constraints or rows is met first is nobody's promise.
  const isClass = (name: string) => strictness !== 'exact' && expected.code.startsWith(name) && actual.code.startsWith(name);
  // Limits of values among errors of values: which row is computed first.
  if (strictness !== 'exact' && /^(22|54)/.test(expected.code) && /^(22|54)/.test(actual.code)) return undefined;
  if (expected.code === '57014' || expected.code === 'XX000' || isClass('23') || isClass('22')) return undefined;
  if (!strict && /^2[123]/.test(expected.code) && /^2[123]/.test(actual.code)) return undefined;
  const what = `${actual.code} ${actual.message} in place of ${expected.code} ${expected.message}`;
  return difference('error', what, `${actual.code} ${plain(actual.message)} / ${expected.code} ${plain(expected.message)}`);
}

const difference = (kind: Difference['kind'], what: string, signature: string): Difference => ({ kind, what, signature });

/** A message without what is in quotes, and without numbers. */
const plain = (message: string): string => message.replaceAll(/"[^"]*"/g, '""').replaceAll(/-?\d+/g, '0');

function lines(outcome: Outcome & { kind: 'rows' }, strictness: Strictness): string[] {
  const writers = outcome.fields.map(({ type }) => {
    if (strictness === 'exact') return INEXACT.has(type) ? rounded : asItIs;
    if (strictness === 'texts') return asItIs;
    return type === NUMERIC ? withoutZeros : withoutSign;
  });
  return outcome.rows.map((row) => JSON.stringify(row.map((value, i) => (value === null ? null : writers[i]?.(value)))));
}

const asItIs = (value: string): string => value;
const withoutSign = (value: string): string => (value === '-0' ? '0' : value);
const rounded = (value: string): string => value.replaceAll(/-?\d+(\.\d+)?(e[+-]\d+)?/g, (digits) => Number(digits).toPrecision(14));

/** 1.0 and 1.00 are equal, so that DISTINCT may keep either. */
const withoutZeros = (value: string): string => (value.includes('.') ? value.replace(/\.?0+$/, '') : value);
