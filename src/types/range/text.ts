import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { isSpace } from '../input-errors.js';

/** A range as it is written: bounds are still texts, undefined where there is none. */
export interface RangeText {
  readonly isEmpty: boolean;
  readonly lower?: string | undefined;
  readonly upper?: string | undefined;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
}

function malformed(kind: 'range' | 'multirange', text: string, detail: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, `malformed ${kind} literal: "${text}"`, { detail });
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && isSpace(text.charCodeAt(next))) next++;
  return next;
}

const EMPTY = 'empty';

/** @throws SqlError 22P02 */
export function parseRangeText(text: string): RangeText {
  let at = skipSpace(text, 0);
  if (text.slice(at, at + EMPTY.length).toLowerCase() === EMPTY) {
    if (skipSpace(text, at + EMPTY.length) < text.length) throw malformed('range', text, 'Junk after "empty" key word.');
    return { isEmpty: true, lowerInclusive: false, upperInclusive: false };
  }
  const open = text[at];
  if (open !== '[' && open !== '(') throw malformed('range', text, 'Missing left parenthesis or bracket.');
  at++;
  let lower: string | undefined;
  if (text[at] !== ',') [lower, at] = parseBound(text, at);
  if (text[at] !== ',') throw malformed('range', text, 'Missing comma after lower bound.');
  at++;
  let upper: string | undefined;
  if (text[at] !== ')' && text[at] !== ']') [upper, at] = parseBound(text, at);
  const close = text[at];
  if (close !== ')' && close !== ']') throw malformed('range', text, 'Too many commas.');
  if (skipSpace(text, at + 1) < text.length) throw malformed('range', text, 'Junk after right parenthesis or bracket.');
  return { isEmpty: false, lower, upper, lowerInclusive: open === '[', upperInclusive: close === ']' };
}

/** One bound, with its quotes and backslashes undone, and where it ended. */
function parseBound(text: string, start: number): [string, number] {
  let value = '';
  let quoted = false;
  let at = start;
  for (;;) {
    const char = text[at];
    if (char === undefined) throw malformed('range', text, 'Unexpected end of input.');
    if (!quoted && (char === ',' || char === ')' || char === ']')) return [value, at];
    at++;
    if (char === '\\') {
      const next = text[at++];
      if (next === undefined) throw malformed('range', text, 'Unexpected end of input.');
      value += next;
    } else if (char === '"') {
      if (!quoted) quoted = true;
      else if (text[at] === '"') {
        value += '"';
        at++;
      } else quoted = false;
    } else value += char;
  }
}

/** The texts of a multirange's ranges. @throws SqlError 22P02 */
export function splitMultirangeText(text: string): readonly string[] {
  let at = skipSpace(text, 0);
  if (text[at] !== '{') throw malformed('multirange', text, 'Missing left brace.');
  at = skipSpace(text, at + 1);
  const ranges: string[] = [];
  if (text[at] === '}') at++;
  else {
    for (;;) {
      at = skipSpace(text, at);
      const end = rangeEnd(text, at);
      ranges.push(text.slice(at, end));
      at = skipSpace(text, end);
      const next = text[at++];
      if (next === '}') break;
      if (next === undefined) throw malformed('multirange', text, 'Unexpected end of input.');
      if (next !== ',') throw malformed('multirange', text, 'Expected comma or end of multirange.');
    }
  }
  if (skipSpace(text, at) < text.length) throw malformed('multirange', text, 'Junk after closing right brace.');
  return ranges;
}

function rangeEnd(text: string, start: number): number {
  const first = text[start];
  if (first === undefined) throw malformed('multirange', text, 'Unexpected end of input.');
  if (text.slice(start, start + EMPTY.length).toLowerCase() === EMPTY) return start + EMPTY.length;
  if (first !== '[' && first !== '(') throw malformed('multirange', text, 'Expected range start.');
  let quoted = false;
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && (char === ']' || char === ')')) return at + 1;
  }
  throw malformed('multirange', text, 'Unexpected end of input.');
}

/** A bound as range_out writes it. */
export function quoteBound(text: string): string {
  return text === '' || /["\\()[\],\s]/.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;
}

/** '[)' and its like. @throws SqlError 42601 */
export function boundFlags(flags: string): { readonly lower: boolean; readonly upper: boolean } {
  if (!/^[[(][\])]$/.test(flags)) {
    throw new SqlError(SqlState.syntaxError, 'invalid range bound flags', { hint: 'Valid values are "[]", "[)", "(]", and "()".' });
  }
  return { lower: flags[0] === '[', upper: flags[1] === ']' };
}
