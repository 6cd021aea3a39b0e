import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import { isSpace } from './input-errors.js';
import { asBuffer } from './integer-codecs.js';
import { TypeOid } from './oids.js';

const BACKSLASH = 92;

/** Bytes of PostgreSQL's hex ('\x…') or escape form. @throws SqlError 22P02, 22023 */
export function parseBytea(text: string): Uint8Array {
  return text.startsWith('\\x') ? parseHex(text, 2) : parseEscaped(text);
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function invalidHexDigit(text: string, at: number): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `invalid hexadecimal digit: "${String.fromCodePoint(text.codePointAt(at) ?? 0)}"`);
}

/** Pairs of hex digits from an offset on; spaces may stand between pairs. @throws SqlError 22023 */
export function parseHex(text: string, start: number): Uint8Array {
  const bytes = Buffer.allocUnsafe((text.length - start) >> 1);
  let size = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) continue;
    const high = hexDigit(code);
    if (high < 0) throw invalidHexDigit(text, at);
    at++;
    if (at >= text.length) throw new SqlError(SqlState.invalidParameterValue, 'invalid hexadecimal data: odd number of digits');
    const low = hexDigit(text.charCodeAt(at));
    if (low < 0) throw invalidHexDigit(text, at);
    bytes[size++] = high * 16 + low;
  }
  return bytes.subarray(0, size);
}

/** Backslash escapes: `\\` and three octal digits. @throws SqlError 22P02 */
export function parseEscaped(text: string): Uint8Array {
  if (!text.includes('\\')) return Buffer.from(text, 'utf8');
  const source = Buffer.from(text, 'utf8');
  const bytes = Buffer.allocUnsafe(source.length);
  let size = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source[at] ?? 0;
    if (code !== BACKSLASH) {
      bytes[size++] = code;
      continue;
    }
    if (source[at + 1] === BACKSLASH) {
      bytes[size++] = BACKSLASH;
      at++;
      continue;
    }
    const octal = source.toString('latin1', at + 1, at + 4);
    if (!/^[0-3][0-7]{2}$/.test(octal)) throw new SqlError(SqlState.invalidTextRepresentation, 'invalid input syntax for type bytea');
    bytes[size++] = Number.parseInt(octal, 8);
    at += 3;
  }
  return bytes.subarray(0, size);
}

export function formatHex(bytes: Uint8Array): string {
  return `\\x${asBuffer(bytes).toString('hex')}`;
}

/** The escape form: printable ASCII as it is, a backslash doubled, the rest in octal. */
export function formatEscaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === BACKSLASH) text += '\\\\';
    else if (byte < 0x20 || byte > 0x7e) text += `\\${byte.toString(8).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}

export const byteaCodec: TypeCodec = {
  oid: TypeOid.bytea,
  name: 'bytea',
  input: parseBytea,
  output: (value, cx) => (cx.byteaOutput === 'hex' ? formatHex(value as Uint8Array) : formatEscaped(value as Uint8Array)),
  send: (value) => value as Uint8Array,
  // A copy: the bytes given stand in the connection's input buffer, which is used again.
  receive: (bytes) => Buffer.from(bytes),
  compare: (a, b) => Buffer.compare(a as Uint8Array, b as Uint8Array),
  hashKey: (value) => asBuffer(value as Uint8Array).toString('latin1'),
};
