import { assert } from '../commons/assert.js';
import type { Oid } from '../commons/ids.js';
import { compileRowDecoder, encodeRow } from '../store/row-codec.js';
import {
  Interval,
  Jsonb,
  Numeric,
  ObjectValue,
  SqlArray,
  SqlMultirange,
  SqlRange,
  SqlRecord,
  type SqlValue,
  TimeTz,
} from '../types/value.js';
import type { Descriptor } from './descriptors.js';

/**
 * A descriptor as a stored row: column 0 is its JSON, the columns behind it are the SQL values in it that JSON cannot say exactly
 * (int8 bounds, column defaults, histograms), which the JSON refers to as {"$value": column}.
 */
const KIND_NUMBERS: Readonly<Record<Descriptor['kind'], number>> = {
  schema: 1,
  table: 2,
  view: 3,
  sequence: 4,
  index: 5,
  role: 6,
  database: 7,
  statistics: 8,
  type: 9,
  composite: 10,
  routine: 11,
  operator: 12,
  cast: 13,
  extension: 20,
  'text search configuration': 21,
  'text search dictionary': 22,
  'extended statistics': 23,
  collation: 24,
  publication: 25,
  'large object': 26,
  'operator class': 30,
  'object privileges': 31,
  'default privileges': 32,
  'parameter privileges': 33,
};

const KINDS = new Map((Object.keys(KIND_NUMBERS) as Descriptor['kind'][]).map((kind) => [KIND_NUMBERS[kind], kind] as const));

/** Kind, then oid: objects of a kind lie together. */
export function descriptorKey(kind: Descriptor['kind'], oid: Oid): Uint8Array {
  const key = Buffer.alloc(5);
  key[0] = KIND_NUMBERS[kind];
  key.writeUInt32BE(oid, 1);
  return key;
}

/** Of all objects of a kind. */
export function kindRange(kind: Descriptor['kind']): { readonly gte: Uint8Array; readonly lt: Uint8Array } {
  const number = KIND_NUMBERS[kind];
  return { gte: Buffer.of(number), lt: Buffer.of(number + 1) };
}

export function decodeDescriptorKey(key: Uint8Array): { readonly kind: Descriptor['kind']; readonly oid: Oid } {
  const kind = KINDS.get(key[0] ?? 0);
  assert(kind !== undefined && key.length === 5, 'a key of the catalog');
  return { kind, oid: Buffer.from(key.buffer, key.byteOffset, key.length).readUInt32BE(1) };
}

export function encodeDescriptor(descriptor: Descriptor): Uint8Array {
  const values: SqlValue[] = [];
  const json = JSON.stringify(descriptor, (_key, value: unknown) => {
    if (!needsExactForm(value)) return value;
    values.push(value);
    return { $value: values.length };
  });
  return encodeRow([json, ...values]);
}

const decode = compileRowDecoder(1);

export function decodeDescriptor(row: Uint8Array): Descriptor {
  const [json, ...values] = decode(row);
  assert(typeof json === 'string', 'a catalog row starts with its JSON');
  return JSON.parse(json, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$value' in value) || typeof value.$value !== 'number') return value;
    return values[value.$value - 1];
  });
}

function needsExactForm(value: unknown): value is SqlValue {
  return (
    typeof value === 'bigint' ||
    (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) ||
    value instanceof Numeric ||
    value instanceof Interval ||
    value instanceof Jsonb ||
    value instanceof SqlArray ||
    value instanceof SqlRecord ||
    value instanceof SqlRange ||
    value instanceof SqlMultirange ||
    value instanceof ObjectValue ||
    value instanceof TimeTz ||
    value instanceof Uint8Array
  );
}
