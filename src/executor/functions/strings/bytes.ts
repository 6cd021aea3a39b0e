import { createHash } from 'node:crypto';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { parseEscaped, parseHex } from '../../../types/bytea.js';
import { encodingName } from '../../../types/encodings/names.js';
import { encodingFor, type TextEncoding } from '../../../types/encodings/text-encoding.js';
import type { Int8 } from '../../../types/integer.js';
import type { FunctionTable } from '../table.js';

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function negativeLength(): SqlError {
  return new SqlError(SqlState.substringError, 'negative substring length not allowed');
}

/** @throws SqlError 22011 */
function substring(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (length < 0) throw negativeLength();
  const end = start + length - 1;
  return bytes.subarray(Math.max(0, start - 1), Math.max(0, end));
}

function overlay(bytes: Uint8Array, replacement: Uint8Array, start: number, length: number): Uint8Array {
  if (start <= 0) throw negativeLength();
  return Buffer.concat([bytes.subarray(0, start - 1), replacement, bytes.subarray(Math.max(0, start + length - 1))]);
}

function trim(bytes: Uint8Array, set: Uint8Array, atStart: boolean, atEnd: boolean): Uint8Array {
  let start = 0;
  let end = bytes.length;
  if (atStart) while (start < end && set.includes(bytes[start] ?? 0)) start++;
  if (atEnd) while (end > start && set.includes(bytes[end - 1] ?? 0)) end--;
  return bytes.subarray(start, end);
}

/** 2202E: the index of get_byte and the like. */
function checkIndex(index: Int8, size: number): number {
  if (index < 0 || index >= size) {
    throw new SqlError(SqlState.arraySubscriptError, `index ${index} out of valid range, 0..${size - 1}`);
  }
  return Number(index);
}

function getBit(bytes: Uint8Array, index: Int8): number {
  const at = checkIndex(index, bytes.length * 8);
  return ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
}

function setBit(bytes: Uint8Array, index: Int8, bit: number): Uint8Array {
  const at = checkIndex(index, bytes.length * 8);
  if (bit !== 0 && bit !== 1) throw new SqlError(SqlState.invalidParameterValue, 'new bit must be 0 or 1');
  const changed = Buffer.from(bytes);
  const mask = 1 << (at & 7);
  changed[at >> 3] = bit === 1 ? (changed[at >> 3] ?? 0) | mask : (changed[at >> 3] ?? 0) & ~mask;
  return changed;
}

function setByte(bytes: Uint8Array, index: number, value: number): Uint8Array {
  const at = checkIndex(index, bytes.length);
  const changed = Buffer.from(bytes);
  changed[at] = value & 0xff;
  return changed;
}

function bitCount(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) for (let rest = byte; rest > 0; rest &= rest - 1) count++;
  return count;
}

const BASE64_LINE = 76;

function encodeBase64(bytes: Buffer): string {
  const digits = bytes.toString('base64');
  const lines: string[] = [];
  for (let at = 0; at < digits.length; at += BASE64_LINE) lines.push(digits.slice(at, at + BASE64_LINE));
  // Each full line ends in a newline, the last one too.
  return digits.length % BASE64_LINE === 0 && digits !== '' ? `${lines.join('\n')}\n` : lines.join('\n');
}

function encode(bytes: Uint8Array, encoding: string): string {
  switch (encoding.toLowerCase()) {
    case 'hex':
      return asBuffer(bytes).toString('hex');
    case 'base64':
      return encodeBase64(asBuffer(bytes));
    case 'escape':
      return encodeEscaped(bytes);
    default:
      throw unrecognizedEncoding(encoding);
  }
}

/** Octal for zero and the upper half, a backslash doubled. (bytea's own escape form has octal for control characters too.) */
function encodeEscaped(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 92) text += '\\\\';
    else if (byte === 0 || byte >= 0x80) text += `\\${byte.toString(8).padStart(3, '0')}`;
    else text += String.fromCharCode(byte);
  }
  return text;
}

function unrecognizedEncoding(encoding: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `unrecognized encoding: "${encoding}"`);
}

function decode(text: string, encoding: string): Uint8Array {
  switch (encoding.toLowerCase()) {
    case 'hex':
      return parseHex(text, 0);
    case 'base64':
      return decodeBase64(text);
    case 'escape':
      return parseEscaped(text);
    default:
      throw unrecognizedEncoding(encoding);
  }
}

const BASE64_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Padding counts as zero bits, and decides on the size of every group from there on: PostgreSQL takes 'MT=z' too. */
function decodeBase64(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(((text.length + 3) >> 2) * 3);
  let size = 0;
  let bits = 0;
  let digits = 0;
  let lastSize = 0;
  for (const character of text) {
    if (character === ' ' || character === '\t' || character === '\n' || character === '\r') continue;
    let digit = 0;
    if (character !== '=') {
      digit = BASE64_DIGITS.indexOf(character);
      if (digit < 0) throw invalidBase64Symbol(character);
    } else if (lastSize === 0) {
      if (digits < 2) throw new SqlError(SqlState.invalidParameterValue, 'unexpected "=" while decoding base64 sequence');
      lastSize = digits - 1;
    }
    bits = bits * 64 + digit;
    if (++digits < 4) continue;
    bytes[size++] = bits >> 16;
    if (lastSize !== 1) bytes[size++] = bits >> 8;
    if (lastSize === 0) bytes[size++] = bits;
    bits = 0;
    digits = 0;
  }
  if (digits !== 0) {
    throw new SqlError(SqlState.invalidParameterValue, 'invalid base64 end sequence', {
      hint: 'Input data is missing padding, is truncated, or is otherwise corrupted.',
    });
  }
  return bytes.subarray(0, size);
}

function invalidBase64Symbol(symbol: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `invalid symbol "${symbol}" found while decoding base64 sequence`);
}

const digest = (algorithm: string, data: Uint8Array | string): Buffer => createHash(algorithm).update(data).digest();

/** Undefined: nothing is to be converted. */
function encodingOf(name: string, role: 'source ' | 'destination ' | ''): TextEncoding | undefined {
  const known = encodingName(name);
  if (known === undefined) throw new SqlError(SqlState.invalidParameterValue, `invalid ${role}encoding name "${name}"`);
  return encodingFor(known);
}

function convertFrom(bytes: Uint8Array, encoding: string, role: 'source ' | ''): string {
  const other = encodingOf(encoding, role);
  if (other !== undefined) return other.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidUtf8(bytes);
  }
}

function convertTo(text: string, encoding: string): Buffer {
  return encodingOf(encoding, 'destination ')?.encode(text) ?? Buffer.from(text);
}

/** 22021 with the bytes of the first malformed character. */
function invalidUtf8(bytes: Uint8Array): SqlError {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const at = Buffer.byteLength(lossy.slice(0, lossy.indexOf('\ufffd')));
  const lead = bytes[at] ?? 0;
  const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  const shown = [...bytes.subarray(at, at + size)].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ');
  return new SqlError(SqlState.characterNotInRepertoire, `invalid byte sequence for encoding "UTF8": ${shown}`);
}

export const byteFunctions: FunctionTable = {
  scalar: {
    byteacat: (a: Uint8Array, b: Uint8Array) => Buffer.concat([a, b]),
    byteaoctetlen: (bytes: Uint8Array) => bytes.length,
    'bit_length(bytea)': (bytes: Uint8Array) => bytes.length * 8,
    bytea_substr: substring,
    bytea_substr_no_len: (bytes: Uint8Array, start: number) => bytes.subarray(Math.max(0, start - 1)),
    byteaoverlay: overlay,
    byteaoverlay_no_len: (bytes: Uint8Array, replacement: Uint8Array, start: number) =>
      overlay(bytes, replacement, start, replacement.length),
    byteapos: (bytes: Uint8Array, part: Uint8Array) => asBuffer(bytes).indexOf(part) + 1,
    byteatrim: (bytes: Uint8Array, set: Uint8Array) => trim(bytes, set, true, true),
    bytealtrim: (bytes: Uint8Array, set: Uint8Array) => trim(bytes, set, true, false),
    byteartrim: (bytes: Uint8Array, set: Uint8Array) => trim(bytes, set, false, true),
    byteaGetByte: (bytes: Uint8Array, index: number) => bytes[checkIndex(index, bytes.length)] ?? 0,
    byteaSetByte: setByte,
    byteaGetBit: getBit,
    byteaSetBit: setBit,
    bytea_bit_count: bitCount,
    binary_encode: encode,
    binary_decode: decode,
    pg_convert_from: (bytes: Uint8Array, encoding: string) => convertFrom(bytes, encoding, 'source '),
    pg_convert_to: convertTo,
    pg_convert: (bytes: Uint8Array, from: string, to: string) => convertTo(convertFrom(bytes, from, 'source '), to),
    length_in_encoding: (bytes: Uint8Array, encoding: string) => [...convertFrom(bytes, encoding, '')].length,
    md5_text: (text: string) => digest('md5', text).toString('hex'),
    md5_bytea: (bytes: Uint8Array) => digest('md5', bytes).toString('hex'),
    sha224_bytea: (bytes: Uint8Array) => digest('sha224', bytes),
    sha256_bytea: (bytes: Uint8Array) => digest('sha256', bytes),
    sha384_bytea: (bytes: Uint8Array) => digest('sha384', bytes),
    sha512_bytea: (bytes: Uint8Array) => digest('sha512', bytes),
  },
};
