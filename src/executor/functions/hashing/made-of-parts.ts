import { notSupported } from '../../../commons/sql-error.js';
import { hashWord } from '../../../types/hash/jenkins.js';
import { type ValueHash, valueHashOf } from '../../../types/hash/value-hash.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { isArray, isObject } from '../../../types/json/node.js';
import { TypeOid } from '../../../types/oids.js';
import { formatType } from '../../../types/type-codec.js';
import { underlyingType } from '../../../types/user-types.js';
import {
  type Jsonb,
  type JsonNode,
  Numeric,
  type SqlArray,
  type SqlMultirange,
  type SqlRange,
  type SqlRecord,
  type SqlValue,
} from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';

/** Hashes of values that are made of others: the 32-bit one is the lower half of the 64-bit one with seed 0, unless it is combined otherwise. */

const LOW = 0xffffffffn;
const rotate32 = (hash: bigint): bigint => ((hash << 1n) | (hash >> 31n)) & LOW;
/** Each half rotated by one. */
const rotateHalves = (hash: bigint): bigint => (rotate32(hash >> 32n) << 32n) | rotate32(hash & LOW);

/** How parts are put together: over 32 bits, or over 64 with a seed. */
interface Mixing {
  readonly seed: bigint;
  readonly isExtended: boolean;
  rotate(hash: bigint): bigint;
  /** 31 times what there is, and one more. */
  next(hash: bigint, part: bigint): bigint;
}
const PLAIN: Mixing = {
  seed: 0n,
  isExtended: false,
  rotate: rotate32,
  next: (hash, part) => BigInt.asUintN(32, hash * 31n + part),
};
function extended(seed: Int8): Mixing {
  return {
    seed: BigInt.asUintN(64, BigInt(seed)),
    isExtended: true,
    rotate: rotateHalves,
    next: (hash, part) => BigInt.asUintN(64, hash * 31n + part),
  };
}

function partHash(type: number): ValueHash {
  const hash = valueHashOf(type);
  if (hash === undefined) throw notSupported(`hashing values of type ${formatType(type)}`);
  return hash;
}

function hashed(type: number, value: SqlValue, mixing: Mixing): bigint {
  const hash = partHash(type)(value, mixing.seed);
  return mixing.isExtended ? hash : hash & LOW;
}

const FLAGS = { empty: 1, lowerInclusive: 2, upperInclusive: 4, lowerInfinite: 8, upperInfinite: 16 } as const;

function rangeHash(range: SqlRange, mixing: Mixing): bigint {
  const { isEmpty, lower, upper } = range;
  let flags = isEmpty ? FLAGS.empty : 0;
  if (!isEmpty) {
    flags |= (range.lowerInclusive ? FLAGS.lowerInclusive : 0) | (range.upperInclusive ? FLAGS.upperInclusive : 0);
    flags |= (lower === null ? FLAGS.lowerInfinite : 0) | (upper === null ? FLAGS.upperInfinite : 0);
  }
  const bound = (value: SqlValue) => (isEmpty || value === null ? 0n : hashed(range.subtype, value, mixing));
  const whole = hashWord(flags, mixing.seed);
  return mixing.rotate((mixing.isExtended ? whole : whole & LOW) ^ bound(lower)) ^ bound(upper);
}

function multirangeHash(value: SqlMultirange, mixing: Mixing): bigint {
  return value.ranges.reduce((hash, range) => mixing.next(hash, rangeHash(range, mixing)), 1n);
}

function recordHash(record: SqlRecord, mixing: Mixing): bigint {
  return record.values.reduce<bigint>(
    (hash, value, i) => mixing.next(hash, value === null ? 0n : hashed(record.types[i] ?? 0, value, mixing)),
    0n,
  );
}

/** As in PostgreSQL's containers: what marks an array and an object. */
const ARRAY_MARK = 0x40000000n;
const OBJECT_MARK = 0x20000000n;

function jsonbHash(document: Jsonb, mixing: Mixing): bigint {
  const isEmpty = isArray(document.node) ? document.node.length === 0 : isObject(document.node) && document.node.size === 0;
  if (isEmpty) return mixing.seed;
  let hash = 0n;
  const mark = (bits: bigint) => {
    hash ^= mixing.isExtended ? (bits << 32n) | bits : bits;
  };
  const scalar = (node: JsonNode) => {
    let part: bigint;
    if (typeof node === 'string') part = hashed(TypeOid.text, node, mixing);
    else if (node instanceof Numeric) part = hashed(TypeOid.numeric, node, mixing);
    else if (typeof node === 'boolean') part = mixing.isExtended ? hashed(TypeOid.bool, node, mixing) : node ? 2n : 4n;
    else part = BigInt.asUintN(64, mixing.seed + 1n);
    hash = mixing.rotate(hash) ^ part;
  };
  const visit = (node: JsonNode) => {
    if (isArray(node)) {
      mark(ARRAY_MARK);
      for (const item of node) visit(item);
    } else if (isObject(node)) {
      mark(OBJECT_MARK);
      for (const [key, value] of node) {
        scalar(key);
        visit(value);
      }
    } else scalar(node);
  };
  // A scalar stands in an array of its own.
  if (!isArray(document.node) && !isObject(document.node)) mark(ARRAY_MARK);
  visit(document.node);
  return hash;
}

/** By the label's number, which is all that its hash depends on. */
function enumHash(types: CallTypes, value: number, mixing: Mixing, cx: FunctionContext): bigint {
  const type = underlyingType(argType(types, 0), cx.format);
  const oid = cx.format.userTypes?.find(type)?.labels?.find(({ order }) => order === value)?.oid ?? 0;
  return hashed(TypeOid.oid, oid, mixing);
}

function oidVectorHash(vector: SqlArray, mixing: Mixing): bigint {
  const bytes = Buffer.alloc(vector.elements.length * 4);
  vector.elements.forEach((oid, i) => {
    bytes.writeUInt32LE(oid as number, i * 4);
  });
  return hashed(TypeOid.bytea, bytes, mixing);
}

const low = (hash: bigint): number => Number(BigInt.asIntN(32, hash));
const high = (hash: bigint): Int8 => canonicalInt8(BigInt.asIntN(64, hash));

function pair<T>(name: string, extendedName: string, hash: (value: T, mixing: Mixing) => bigint): Record<string, ScalarFunction> {
  return {
    [name]: ((value: T) => low(hash(value, PLAIN))) as ScalarFunction,
    [extendedName]: ((value: T, seed: Int8) => high(hash(value, extended(seed)))) as ScalarFunction,
  };
}

export const compositeHashFunctions: FunctionTable = {
  scalar: {
    ...pair('hash_range', 'hash_range_extended', rangeHash),
    ...pair('hash_multirange', 'hash_multirange_extended', multirangeHash),
    ...pair('hash_record', 'hash_record_extended', recordHash),
    ...pair('jsonb_hash', 'jsonb_hash_extended', jsonbHash),
    ...pair('hashoidvector', 'hashoidvectorextended', oidVectorHash),
  },
  typed: {
    hashenum: (types) => (value: number, cx: FunctionContext) => low(enumHash(types, value, PLAIN, cx)),
    hashenumextended: (types) => (value: number, seed: Int8, cx: FunctionContext) => high(enumHash(types, value, extended(seed), cx)),
  },
};
