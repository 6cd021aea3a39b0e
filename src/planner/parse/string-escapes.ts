import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPE = /''|\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g;

/**
 * What stands between the quotes of a literal with escapes → its value. PostgreSQL manual, "String Constants with C-Style Escapes".
 * @param position where the content stands, for errors
 * @throws SqlError 22025, 22P05, 22021
 */
export function decodeEscapes(content: string, position: number): string {
  const parts: (string | number)[] = [];
  let done = 0;
  let wasHigh = false;
  for (const match of content.matchAll(ESCAPE)) {
    const [piece, short, long, hexadecimal, octal, other] = match;
    parts.push(content.slice(done, match.index));
    done = match.index + piece.length;
    const point = short ?? long;
    if (point !== undefined) {
      const value = Number.parseInt(point, 16);
      const follows = ESCAPED_LOW.test(content.slice(done));
      const isPair = isLow(value) ? wasHigh : isHigh(value) ? follows : true;
      if (!isPair) throw unpaired(content.slice(isLow(value) ? match.index : done), position + (isLow(value) ? match.index : done));
      wasHigh = isHigh(value);
      parts.push(character(value, position + match.index));
    } else if (hexadecimal !== undefined) parts.push(Number.parseInt(hexadecimal, 16));
    else if (octal !== undefined) parts.push(Number.parseInt(octal, 8) & 0xff);
    else if (other === 'u' || other === 'U') throw invalidEscape(position + match.index);
    else parts.push(other === undefined ? "'" : (LETTERS[other] ?? other));
  }
  parts.push(content.slice(done));
  return parts.every((part) => typeof part === 'string') ? parts.join('') : joinBytes(parts);
}

const ESCAPED_LOW = /^\\(?:u|U0000)d[c-f][0-9a-f]{2}/i;
const isHigh = (value: number): boolean => value >= 0xd800 && value < 0xdc00;
const isLow = (value: number): boolean => value >= 0xdc00 && value < 0xe000;

/** Two escapes that make one character must follow each other. @param rest what stands where the second is missing */
function unpaired(rest: string, position: number): SqlError {
  const near = /^[^\\']+/.exec(rest)?.[0] ?? (rest === '' ? "'" : (/^\\(?:u.{4}|U.{8}|[\s\S])|^''/.exec(rest)?.[0] ?? rest));
  return new SqlError(SqlState.syntaxError, `invalid Unicode surrogate pair at or near "${near}"`, { position });
}

function character(point: number, position: number): string {
  if (point > 0x10ffff || point === 0) throw new SqlError(SqlState.syntaxError, 'invalid Unicode escape value', { position });
  return String.fromCodePoint(point);
}

function invalidEscape(position: number): SqlError {
  return new SqlError(SqlState.invalidEscapeSequence, 'invalid Unicode escape', {
    hint: 'Unicode escapes must be \\uXXXX or \\UXXXXXXXX.',
    position,
  });
}

/** Escapes by number are bytes, of which several may make one character. */
function joinBytes(parts: readonly (string | number)[]): string {
  const bytes = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))));
  const text = bytes.toString('utf8');
  if (!text.includes('\0') && Buffer.from(text).equals(bytes)) return text;
  const wrong = bytes.find((byte) => byte === 0 || byte >= 0x80) ?? 0;
  throw new SqlError(
    SqlState.characterNotInRepertoire,
    `invalid byte sequence for encoding "UTF8": 0x${wrong.toString(16).padStart(2, '0')}`,
  );
}
