import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FunctionTable } from '../table.js';
import { metaphone } from './metaphone.js';

const MAX_LEVENSHTEIN = 255;

/**
 * The least cost of insertions, deletions and substitutions that make one text of the other.
 * @param limit a distance above which the exact one does not matter; the answer is then anything greater
 */
function levenshtein(source: string, target: string, insert = 1, remove = 1, substitute = 1, limit?: number): number {
  const from = [...source];
  const to = [...target];
  if (from.length > MAX_LEVENSHTEIN || to.length > MAX_LEVENSHTEIN)
    throw new SqlError(SqlState.invalidParameterValue, `levenshtein argument exceeds maximum length of ${MAX_LEVENSHTEIN} characters`);
  let row = to.map((_, i) => (i + 1) * insert);
  row.unshift(0);
  for (let i = 0; i < from.length; i++) {
    const next = [(i + 1) * remove];
    for (let j = 0; j < to.length; j++) {
      const same = (row[j] ?? 0) + (from[i] === to[j] ? 0 : substitute);
      next.push(Math.min(same, (row[j + 1] ?? 0) + remove, (next[j] ?? 0) + insert));
    }
    row = next;
  }
  const distance = row[to.length] ?? 0;
  return limit !== undefined && limit >= 0 && distance > limit ? limit + 1 : distance;
}

const SOUNDEX_CODES = '01230120022455012623010202';
const SOUNDEX_LENGTH = 4;

function soundexCode(letter: string): string {
  return SOUNDEX_CODES[letter.toUpperCase().charCodeAt(0) - 65] ?? letter;
}

/** Russell's code: the first letter and three digits. */
function soundex(text: string): string {
  const start = text.search(/[A-Za-z]/);
  if (start < 0) return '';
  let code = (text[start] ?? '').toUpperCase();
  for (let i = start + 1; i < text.length && code.length < SOUNDEX_LENGTH; i++) {
    const letter = text[i] ?? '';
    if (!/[A-Za-z]/.test(letter) || soundexCode(letter) === soundexCode(text[i - 1] ?? '')) continue;
    const digit = soundexCode(letter);
    if (digit !== '0') code += digit;
  }
  return code.padEnd(SOUNDEX_LENGTH, '0');
}

function difference(a: string, b: string): number {
  const left = soundex(a);
  const right = soundex(b);
  let same = 0;
  for (let i = 0; i < SOUNDEX_LENGTH; i++) if (left[i] === right[i]) same++;
  return same;
}

export const fuzzyFunctions: FunctionTable = {
  scalar: {
    levenshtein: (a: string, b: string) => levenshtein(a, b),
    levenshtein_with_costs: (a: string, b: string, insert: number, remove: number, substitute: number) =>
      levenshtein(a, b, insert, remove, substitute),
    levenshtein_less_equal: (a: string, b: string, limit: number) => levenshtein(a, b, 1, 1, 1, limit),
    levenshtein_less_equal_with_costs: (a: string, b: string, insert: number, remove: number, substitute: number, limit: number) =>
      levenshtein(a, b, insert, remove, substitute, limit),
    soundex,
    difference,
    metaphone,
  },
};
