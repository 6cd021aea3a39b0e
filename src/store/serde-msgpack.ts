import { Packr, RESERVE_START_SPACE } from 'msgpackr';
import { assert } from '../commons/assert.js';
import { ExactDecimal } from '../types/numeric/numeric.js';
import { objectFromText } from '../types/object-values.js';
import {
  Interval,
  Jsonb,
  type JsonNode,
  Numeric,
  ObjectValue,
  SqlArray,
  SqlMultirange,
  SqlRange,
  SqlRecord,
  type SqlValue,
  TimeTz,
} from '../types/value.js';
import { numericFromText, numericToText } from './numeric-text.js';
import { ROW_HEADER_BYTES } from './row.js';
import type { Serde } from './serde.js';

/**
 * Columns as one MessagePack array. NULL, booleans, numbers, text, bytea and int8 are MessagePack's own kinds; any other value is an array
 * led by a tag, which no column is otherwise, so that the bytes are plain MessagePack without extensions:
 *
 * | tag | rest |
 * | --- | --- |
 * | 0 | nothing: the float -0 |
 * | 1 | text of a numeric |
 * | 2 | micros, zone |
 * | 3 | months, days, micros |
 * | 4 | JSON tree |
 * | 5 | elements [, dimensions, lower bounds] |
 * | 6 | values, types [, names] |
 * | 7 | subtype, bit set of inclusive and empty, lower, upper |
 * | 8 | subtype, ranges |
 * | 9 | type, text (ObjectValue) |
 *
 * In a JSON tree arrays and maps are MessagePack's; a number is an integer where it is one, else its text as binary.
 */
const NEGATIVE_ZERO = 0;
const NUMERIC = 1;
const TIMETZ = 2;
const INTERVAL = 3;
const JSONB = 4;
export const JSONB_TAG = JSONB;
const ARRAY = 5;
const RECORD = 6;
const RANGE = 7;
const MULTIRANGE = 8;
const OBJECT = 9;

/** Flags of a range. */
const LOWER = 1;
const UPPER = 2;
const EMPTY = 4;

/** Rows above this get a buffer of their own, so that msgpackr's shared one stays small. */
const SHARED_BUFFER_LIMIT = 16_384;
const SHARED_BUFFER_BYTES = 32_768;

export type Plain = null | boolean | number | bigint | string | Uint8Array | Plain[] | Map<string, Plain>;

class MsgpackSerde implements Serde {
  readonly #packr = new Packr({ useRecords: false, mapsAsObjects: false, copyBuffers: true });
  readonly #range = { start: ROW_HEADER_BYTES, end: 0 };

  encode(columns: readonly SqlValue[]): Uint8Array {
    let plain: readonly unknown[] = columns;
    for (let i = 0; i < columns.length; i++) {
      if (!isPlain(columns[i])) {
        plain = columns.map(toPlain);
        break;
      }
    }
    const row = this.#packr.pack(plain, RESERVE_START_SPACE | ROW_HEADER_BYTES);
    if (row.length > SHARED_BUFFER_LIMIT) this.#packr.useBuffer(Buffer.allocUnsafeSlow(SHARED_BUFFER_BYTES));
    return row;
  }

  decode(row: Uint8Array): SqlValue[] {
    this.#range.end = row.length;
    const columns: Plain[] = this.#packr.unpack(row, this.#range);
    for (let i = 0; i < columns.length; i++) {
      const value = columns[i];
      if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) columns[i] = valueFromPlain(value) as Plain;
    }
    return columns as SqlValue[];
  }
}

export const msgpackSerde: Serde = new MsgpackSerde();

function isPlain(value: SqlValue | undefined): boolean {
  if (typeof value === 'number') return value !== 0 || !Object.is(value, -0);
  return typeof value !== 'object' || value === null || value instanceof Uint8Array;
}

function toPlain(value: SqlValue): Plain {
  if (typeof value === 'number') return Object.is(value, -0) ? [NEGATIVE_ZERO] : value;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Uint8Array) return value;
  if (value instanceof Numeric) return [NUMERIC, numericToText(value)];
  if (value instanceof Interval) return [INTERVAL, value.months, value.days, value.micros];
  if (value instanceof TimeTz) return [TIMETZ, value.micros, value.zone];
  if (value instanceof Jsonb) return [JSONB, nodeToPlain(value.node)];
  if (value instanceof SqlArray) {
    const elements = value.elements.map(toPlain);
    const usual = value.dimensions.length === 0 || (value.dimensions.length === 1 && value.lowerBounds[0] === 1);
    return usual ? [ARRAY, elements] : [ARRAY, elements, [...value.dimensions], [...value.lowerBounds]];
  }
  if (value instanceof SqlRange) {
    const flags = (value.lowerInclusive ? LOWER : 0) | (value.upperInclusive ? UPPER : 0) | (value.isEmpty ? EMPTY : 0);
    return [RANGE, value.subtype, flags, toPlain(value.lower), toPlain(value.upper)];
  }
  if (value instanceof ObjectValue) return [OBJECT, value.oid, value.exactText()];
  if (value instanceof SqlMultirange) return [MULTIRANGE, value.subtype, value.ranges.map(toPlain)];
  const values = value.values.map(toPlain);
  return value.names === undefined ? [RECORD, values, [...value.types]] : [RECORD, values, [...value.types], [...value.names]];
}

export function valueFromPlain(value: Plain): SqlValue {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  assert(Array.isArray(value), 'a map where a column should be');
  const [tag, first, second, third, fourth] = value;
  switch (tag) {
    case NEGATIVE_ZERO:
      return -0;
    case NUMERIC:
      return numericFromText(first as string);
    case TIMETZ:
      return new TimeTz(first as number, second as number);
    case INTERVAL:
      return new Interval(first as number, second as number, third as number | bigint);
    case JSONB:
      return new Jsonb(nodeFromPlain(first ?? null));
    case ARRAY: {
      const elements = (first as Plain[]).map(valueFromPlain);
      return second === undefined ? new SqlArray(elements) : new SqlArray(elements, second as number[], third as number[]);
    }
    case RECORD:
      return new SqlRecord((first as Plain[]).map(valueFromPlain), second as number[], third as string[] | undefined);
    case RANGE: {
      const flags = second as number;
      const bound = (plain: Plain | undefined) => valueFromPlain(plain ?? null);
      const is = (flag: number) => (flags & flag) !== 0;
      return new SqlRange(first as number, bound(third), bound(fourth), is(LOWER), is(UPPER), is(EMPTY));
    }
    case MULTIRANGE:
      return new SqlMultirange(first as number, (second as Plain[]).map(valueFromPlain) as SqlRange[]);
    case OBJECT:
      return objectFromText(first as number, second as string);
    default:
      throw new RangeError(`a column of kind ${String(tag)}, which this version does not know`);
  }
}

function nodeToPlain(node: JsonNode): Plain {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof Numeric) {
    const number = node.scale === 0 ? node.decimal.toNumber() : Number.NaN;
    return Number.isSafeInteger(number) ? number : Buffer.from(numericToText(node), 'latin1');
  }
  if (Array.isArray(node)) return node.map(nodeToPlain);
  const map = new Map<string, Plain>();
  for (const [key, value] of node) map.set(key, nodeToPlain(value));
  return map;
}

function nodeFromPlain(plain: Plain): JsonNode {
  if (typeof plain === 'number') return new Numeric(new ExactDecimal(plain), 0);
  if (plain instanceof Uint8Array) return numericFromText(Buffer.from(plain).toString('latin1'));
  if (typeof plain !== 'object' || plain === null) return plain as JsonNode;
  if (Array.isArray(plain)) return plain.map(nodeFromPlain);
  const map = new Map<string, JsonNode>();
  for (const [key, value] of plain) map.set(key, nodeFromPlain(value));
  return map;
}
