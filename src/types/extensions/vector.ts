import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { formatFloat4 } from '../float.js';
import { insufficientData, invalidInput, isSpace } from '../input-errors.js';
import type { SqlValue } from '../value.js';
import { ExtensionTypeOid } from './oids.js';

/** A vector's value is its elements' bytes (float4, little-endian): what is stored and what is computed with are the same. */
export const MAX_DIMENSIONS = 16_000;
const ELEMENT_SIZE = 4;

export function elementsOf(value: SqlValue): Float32Array {
  const bytes = value as Uint8Array;
  if (bytes.byteOffset % ELEMENT_SIZE === 0) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / ELEMENT_SIZE);
  return new Float32Array(bytes.slice().buffer);
}

/** The view's bytes; whoever gives it does not change it any more. */
export function vectorOf(elements: Float32Array): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}

export function dimensionsOf(value: Uint8Array): number {
  return value.byteLength / ELEMENT_SIZE;
}

/** @throws SqlError 22000 */
export function requireDimensions(count: number): void {
  if (count < 1) throw new SqlError(SqlState.dataException, 'vector must have at least 1 dimension');
  if (count > MAX_DIMENSIONS)
    throw new SqlError(SqlState.programLimitExceeded, `vector cannot have more than ${MAX_DIMENSIONS} dimensions`);
}

/** @throws SqlError 22000 */
export function requireElement(value: number): void {
  if (Number.isNaN(value)) throw new SqlError(SqlState.dataException, 'NaN not allowed in vector');
  if (!Number.isFinite(value)) throw new SqlError(SqlState.dataException, 'infinite value not allowed in vector');
}

/** @throws SqlError 22000 */
export function requireTypmod(count: number, typmod: number): void {
  if (typmod >= 0 && count !== typmod) throw new SqlError(SqlState.dataException, `expected ${typmod} dimensions, not ${count}`);
}

const NUMBER = /[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|infinity|inf|nan)/iy;

/** @throws SqlError 22P02, 22000, 22003 */
function parse(text: string, typmod: number): Uint8Array {
  let at = 0;
  const skip = () => {
    while (isSpace(text.charCodeAt(at))) at++;
  };
  skip();
  if (text[at] !== '[')
    throw new SqlError(SqlState.invalidTextRepresentation, `invalid input syntax for type vector: "${text}"`, {
      detail: 'Vector contents must start with "[".',
    });
  at++;
  skip();
  const elements: number[] = [];
  if (text[at] === ']') throw new SqlError(SqlState.dataException, 'vector must have at least 1 dimension');
  for (;;) {
    if (elements.length === MAX_DIMENSIONS) requireDimensions(MAX_DIMENSIONS + 1);
    skip();
    NUMBER.lastIndex = at;
    const match = NUMBER.exec(text);
    if (match === null) throw invalidInput('vector', text);
    at = NUMBER.lastIndex;
    elements.push(elementFrom(match[0]));
    skip();
    if (text[at] === ',') {
      at++;
      continue;
    }
    if (text[at] !== ']') throw invalidInput('vector', text);
    break;
  }
  at++;
  skip();
  if (at < text.length)
    throw new SqlError(SqlState.invalidTextRepresentation, `invalid input syntax for type vector: "${text}"`, {
      detail: 'Junk after closing right brace.',
    });
  requireTypmod(elements.length, typmod);
  return vectorOf(Float32Array.from(elements));
}

function elementFrom(text: string): number {
  const word = text.replace(/^[+-]/, '').toLowerCase();
  requireElement(word === 'nan' ? Number.NaN : word.startsWith('inf') ? Number.POSITIVE_INFINITY : 0);
  const value = Math.fround(Number(text));
  if (!Number.isFinite(value)) throw new SqlError(SqlState.numericValueOutOfRange, `"${text}" is out of range for type vector`);
  return value;
}

function print(value: Uint8Array): string {
  const elements = elementsOf(value);
  let text = '[';
  for (let i = 0; i < elements.length; i++) text += (i === 0 ? '' : ',') + formatFloat4(elements[i] ?? 0, 1);
  return `${text}]`;
}

const HEADER_SIZE = 4;

function send(value: Uint8Array): Uint8Array {
  const elements = elementsOf(value);
  const bytes = Buffer.alloc(HEADER_SIZE + elements.length * ELEMENT_SIZE);
  bytes.writeInt16BE(elements.length, 0);
  for (let i = 0; i < elements.length; i++) bytes.writeFloatBE(elements[i] ?? 0, HEADER_SIZE + i * ELEMENT_SIZE);
  return bytes;
}

function receive(source: Uint8Array, typmod: number): Uint8Array {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  if (bytes.length < HEADER_SIZE) throw insufficientData();
  const count = bytes.readInt16BE(0);
  const unused = bytes.readInt16BE(2);
  requireDimensions(count);
  requireTypmod(count, typmod);
  if (unused !== 0) throw new SqlError(SqlState.dataException, `expected unused to be 0, not ${unused}`);
  if (bytes.length < HEADER_SIZE + count * ELEMENT_SIZE) throw insufficientData();
  const elements = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const element = bytes.readFloatBE(HEADER_SIZE + i * ELEMENT_SIZE);
    requireElement(element);
    elements[i] = element;
  }
  return vectorOf(elements);
}

/** By elements, then by length. */
export function compareVectors(a: Uint8Array, b: Uint8Array): number {
  const left = elementsOf(a);
  const right = elementsOf(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const x = left[i] ?? 0;
    const y = right[i] ?? 0;
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

export const vectorCodec: TypeCodec = {
  oid: ExtensionTypeOid.vector,
  name: 'vector',
  input: (text, _cx, typmod) => parse(text, typmod),
  output: (value) => print(value as Uint8Array),
  send: (value) => send(value as Uint8Array),
  receive: (bytes, _cx, typmod) => receive(bytes, typmod),
  compare: (a, b) => compareVectors(a as Uint8Array, b as Uint8Array),
  // Zeros of either sign are equal.
  hashKey: (value) => Buffer.from(elementsOf(value).map((element) => element + 0).buffer).toString('latin1'),
};
