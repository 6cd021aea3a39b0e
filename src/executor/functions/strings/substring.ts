import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { outOfRange } from '../../../types/input-errors.js';
import { characterLength, offsetOfCharacter, trimTrailingBlanks } from '../../../types/text.js';
import type { FunctionTable } from '../table.js';

function negativeLength(): SqlError {
  return new SqlError(SqlState.substringError, 'negative substring length not allowed');
}

/** Characters `from` to `to` (counted from 0, `to` excluded). */
function slice(text: string, from: number, to: number): string {
  const start = offsetOfCharacter(text, from);
  return to === Infinity
    ? text.slice(start)
    : text.slice(start, start + offsetOfCharacter(text.slice(start, start + (to - from) * 2), to - from));
}

/** substring(text from start for length): positions before the first count too. @throws SqlError 22011 */
export function substring(text: string, start: number, length: number): string {
  if (length < 0) throw negativeLength();
  const end = start + length;
  if (end <= 1) return '';
  return slice(text, start < 1 ? 0 : start - 1, end - 1);
}

export function substringFrom(text: string, start: number): string {
  return start <= 1 ? text : slice(text, start - 1, Infinity);
}

/** Position of the first occurrence, in characters from 1; 0 when there is none. */
function position(text: string, part: string): number {
  const at = text.indexOf(part);
  return at < 0 ? 0 : characterLength(text.slice(0, at)) + 1;
}

function overlay(text: string, replacement: string, start: number, length: number): string {
  if (start <= 0) throw negativeLength();
  const end = start + length;
  if (end > 0x7fffffff) throw outOfRange('integer');
  return slice(text, 0, start - 1) + replacement + substringFrom(text, end);
}

/** left(text, n): a negative n leaves out the last ones. */
function left(text: string, count: number): string {
  if (count >= 0) return slice(text, 0, count);
  const length = characterLength(text);
  return slice(text, 0, Math.max(0, length + count));
}

function right(text: string, count: number): string {
  const skipped = count < 0 ? -count : Math.max(0, characterLength(text) - count);
  return slice(text, skipped, Infinity);
}

export const substringFunctions: FunctionTable = {
  scalar: {
    textlen: characterLength,
    bpcharlen: (text: string) => characterLength(trimTrailingBlanks(text)),
    textoctetlen: (text: string) => Buffer.byteLength(text),
    bpcharoctetlen: (text: string) => Buffer.byteLength(text),
    'bit_length(text)': (text: string) => Buffer.byteLength(text) * 8,
    text_substr: substring,
    text_substr_no_len: substringFrom,
    textpos: position,
    textoverlay: overlay,
    textoverlay_no_len: (text: string, replacement: string, start: number) =>
      overlay(text, replacement, start, characterLength(replacement)),
    text_left: left,
    text_right: right,
    text_starts_with: (text: string, prefix: string) => text.startsWith(prefix),
  },
};
