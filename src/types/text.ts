import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/** Bytes of a name: PostgreSQL's NAMEDATALEN - 1. */
export const MAX_NAME_BYTES = 63;
const SURROGATES = 0xd800;
const BLANK = 32;

/**
 * Order by code points, which is also the order of the UTF-8 bytes: the "C" collation. JavaScript's own `<` compares UTF-16 units
 * and puts U+E000…U+FFFF above the astral planes.
 */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rankOfUnit(x) - rankOfUnit(y);
  }
  return a.length - b.length;
}

/** Moves surrogates behind the rest of the basic plane. */
function rankOfUnit(unit: number): number {
  return unit < SURROGATES ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** The text without trailing blanks (only U+0020): what char(n) compares and converts to. */
export function trimTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === BLANK) end--;
  return end === text.length ? text : text.slice(0, end);
}

export function compareBlankPadded(a: string, b: string): number {
  return compareText(trimTrailingBlanks(a), trimTrailingBlanks(b));
}

/** Characters (code points) of a text. */
export function characterLength(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= SURROGATES && unit < 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

/** The UTF-16 offset where the text's first `characters` code points end. */
export function offsetOfCharacter(text: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0 && at < text.length; left--) {
    const unit = text.charCodeAt(at);
    at += unit >= SURROGATES && unit < 0xdc00 ? 2 : 1;
  }
  return Math.min(at, text.length);
}

/** Cut to 63 bytes of UTF-8 at a character's end, as every name is. */
export function truncateName(text: string): string {
  if (text.length * 3 <= MAX_NAME_BYTES) return text;
  if (Buffer.byteLength(text) <= MAX_NAME_BYTES) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > MAX_NAME_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function tooLong(type: string, limit: number): SqlError {
  return new SqlError(SqlState.stringDataRightTruncation, `value too long for type ${type}(${limit})`);
}

/**
 * varchar(n): what is over the limit must be blanks, unless the cast is explicit, which cuts.
 * @throws SqlError 22001
 */
export function fitVarchar(text: string, limit: number, isExplicitCast: boolean): string {
  if (text.length <= limit) return text;
  const end = offsetOfCharacter(text, limit);
  if (end === text.length) return text;
  if (!isExplicitCast && trimTrailingBlanks(text).length > end) throw tooLong('character varying', limit);
  return text.slice(0, end);
}

/** char(n): as varchar(n), and padded with blanks. @throws SqlError 22001 */
export function fitCharacter(text: string, limit: number, isExplicitCast: boolean): string {
  const length = text.length <= limit ? characterLength(text) : limit + 1;
  if (length <= limit) return length === limit ? text : text + ' '.repeat(limit - length);
  const end = offsetOfCharacter(text, limit);
  if (end === text.length) return text + ' '.repeat(limit - characterLength(text));
  if (!isExplicitCast && trimTrailingBlanks(text).length > end) throw tooLong('character', limit);
  return text.slice(0, end);
}
