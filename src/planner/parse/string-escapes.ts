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
  for (const match of content.matchAll(ESCAPE)) {
    const [piece, short, long, hexadecimal, octal, other] = match;
    parts.push(content.slice(done, match.index));
    done = match.index + piece.length;
    const point = short ?? long;
    if (point !== undefined) parts.push(character(Number.parseInt(point, 16), position + match.index));
    else if (hexadecimal !== undefined) parts.push(Number.parseInt(hexadecimal, 16));
    else if (octal !== undefined) parts.push(Number.parseInt(octal, 8) & 0xff);
    else if (other === 'u' || other === 'U') throw invalidEscape(position + match.index);
    else parts.push(other === undefined ? "'" : (LETTERS[other] ?? other));
  }
  parts.push(content.slice(done));
  return parts.every((part) => typeof part === 'string') ? parts.join('') : joinBytes(parts);
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
