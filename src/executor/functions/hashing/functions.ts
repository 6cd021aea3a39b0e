import { notSupported } from '../../../commons/sql-error.js';
import { intervalLength } from '../../../types/datetime/order.js';
import type { Timestamp } from '../../../types/datetime/timestamp.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { decodeAddress } from '../../../types/network-address.js';
import { sendNumeric } from '../../../types/numeric/binary.js';
import { TypeOid } from '../../../types/oids.js';
import { trimTrailingBlanks } from '../../../types/text.js';
import { formatType } from '../../../types/type-codec.js';
import type { Interval, Numeric, SqlArray, SqlValue, TimeTz } from '../../../types/value.js';
import { elementTypeOf } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';
import { hashBytes, hashWord } from './jenkins.js';

/** A value's 64-bit hash with a seed; with seed 0 its lower half is the 32-bit hash. */
type Hash = (value: SqlValue, seed: bigint) => bigint;

const lower = (hash: bigint): number => Number(BigInt.asIntN(32, hash));
const signed = (hash: bigint): Int8 => canonicalInt8(BigInt.asIntN(64, hash));

const word: Hash = (value, seed) => hashWord((value as number) | 0, seed);

/** So that an int8 hashes as the int4 of the same value. */
const int8: Hash = (value, seed) => {
  const bits = BigInt(value as Int8);
  const high = Number(BigInt.asIntN(32, bits >> 32n));
  const low = Number(BigInt.asIntN(32, bits));
  return hashWord(low ^ (bits >= 0n ? high : ~high), seed);
};

const text: Hash = (value, seed) => hashBytes(Buffer.from(value as string), seed);
const bytes: Hash = (value, seed) => hashBytes(value as Uint8Array, seed);

const float8: Hash = (value, seed) => {
  const number = value as number;
  if (number === 0) return seed;
  const buffer = Buffer.alloc(8);
  if (Number.isNaN(number)) buffer.writeBigUInt64LE(0x7ff8000000000000n);
  else buffer.writeDoubleLE(number);
  return hashBytes(buffer, seed);
};

const timestamp: Hash = (value, seed) => {
  const micros = value as Timestamp;
  if (micros === Infinity) return int8((1n << 63n) - 1n, seed);
  return int8(micros === -Infinity ? -(1n << 63n) : micros, seed);
};

const date: Hash = (value, seed) => {
  const days = value as number;
  return hashWord(days === Infinity ? 0x7fffffff : days === -Infinity ? -0x80000000 : days, seed);
};

const DIGIT_BYTES = 2;

/** Over the groups of four digits without zeros at the ends, mixed with where they begin. */
const numeric: Hash = (value, seed) => {
  const sent = Buffer.from(sendNumeric(value as Numeric));
  const count = sent.readInt16BE(0);
  let weight = sent.readInt16BE(2);
  if (!(value as Numeric).decimal.isFinite()) return seed;
  const groups: number[] = [];
  for (let i = 0; i < count; i++) groups.push(sent.readInt16BE(8 + DIGIT_BYTES * i));
  while (groups[0] === 0) {
    groups.shift();
    weight--;
  }
  while (groups.at(-1) === 0) groups.pop();
  if (groups.length === 0) return seed === 0n ? 0xffffffffn : BigInt.asUintN(64, seed - 1n);
  const buffer = Buffer.alloc(groups.length * DIGIT_BYTES);
  groups.forEach((group, i) => {
    buffer.writeInt16LE(group, i * DIGIT_BYTES);
  });
  return hashBytes(buffer, seed) ^ BigInt.asUintN(64, BigInt(weight));
};

const uuid: Hash = (value, seed) => hashBytes(Buffer.from((value as string).replaceAll('-', ''), 'hex'), seed);
const interval: Hash = (value, seed) => int8(canonicalInt8(BigInt.asIntN(64, BigInt(intervalLength(value as Interval)))), seed);
const timeTz: Hash = (value, seed) => {
  const { micros, zone } = value as TimeTz;
  const a = int8(micros, seed);
  const b = hashWord(zone, seed);
  return seed === 0n ? BigInt((Number(a & 0xffffffffn) ^ Number(b & 0xffffffffn)) >>> 0) : a ^ b;
};

const address: Hash = (value, seed) => {
  const { isV6, bits, masklen } = decodeAddress(value as string);
  const digits = bits.toString(16).padStart(isV6 ? 32 : 8, '0');
  return hashBytes(Buffer.from(`${isV6 ? '03' : '02'}${masklen.toString(16).padStart(2, '0')}${digits}`, 'hex'), seed);
};

/** As it lies in memory: two little-endian words of the first and the second half. */
const macaddr: Hash = (value, seed) => hashBytes(Buffer.from((value as string).replaceAll(':', ''), 'hex'), seed);
const lsn: Hash = (value, seed) => int8(canonicalInt8(BigInt.asIntN(64, BigInt(`0x${value as string}`))), seed);

const BY_TYPE: ReadonlyMap<number, Hash> = new Map<number, Hash>([
  [TypeOid.bool, (value, seed) => hashWord(value === true ? 1 : 0, seed)],
  [TypeOid.int2, word],
  [TypeOid.int4, word],
  [TypeOid.oid, word],
  [TypeOid.int8, int8],
  [TypeOid.text, text],
  [TypeOid.varchar, text],
  [TypeOid.name, text],
  [TypeOid.bpchar, (value, seed) => hashBytes(Buffer.from(trimTrailingBlanks(value as string)), seed)],
  [TypeOid.char, (value, seed) => hashWord(((value as string).charCodeAt(0) << 24) >> 24, seed)],
  [TypeOid.bytea, bytes],
  [TypeOid.float4, float8],
  [TypeOid.float8, float8],
  [TypeOid.numeric, numeric],
  [TypeOid.date, date],
  [TypeOid.time, int8],
  [TypeOid.timetz, timeTz],
  [TypeOid.timestamp, timestamp],
  [TypeOid.timestamptz, timestamp],
  [TypeOid.interval, interval],
  [TypeOid.uuid, uuid],
  [TypeOid.inet, address],
  [TypeOid.cidr, address],
  [TypeOid.macaddr, macaddr],
  [TypeOid.macaddr8, macaddr],
  [TypeOid.pg_lsn, lsn],
]);

function hashOf(type: number): Hash {
  const hash = BY_TYPE.get(type);
  if (hash === undefined) throw notSupported(`hashing values of type ${formatType(type)}`);
  return hash;
}

function arrayHash(types: CallTypes): Hash {
  const element = hashOf(elementTypeOf(argType(types, 0)));
  return (value, seed) => {
    let result = 1n;
    for (const item of (value as SqlArray).elements) {
      const hash = item === null ? 0n : element(item, seed);
      result = BigInt.asUintN(64, result * 31n + (seed === 0n ? hash & 0xffffffffn : hash));
    }
    return result;
  };
}

function pair(name: string, extendedName: string, hash: Hash): Record<string, ScalarFunction> {
  return {
    [name]: (value: SqlValue) => lower(hash(value, 0n)),
    [extendedName]: (value: SqlValue, seed: Int8) => signed(hash(value, BigInt.asUintN(64, BigInt(seed)))),
  };
}

const plain = (name: string, type: number): Record<string, ScalarFunction> => pair(name, `${name}extended`, hashOf(type));
const underscored = (name: string, type: number): Record<string, ScalarFunction> => pair(name, `${name}_extended`, hashOf(type));

/** The support functions of hash indexes, which applications call to spread rows. */
export const hashFunctions: FunctionTable = {
  scalar: {
    ...plain('hashchar', TypeOid.char),
    ...plain('hashint2', TypeOid.int2),
    ...plain('hashint4', TypeOid.int4),
    ...plain('hashint8', TypeOid.int8),
    ...plain('hashoid', TypeOid.oid),
    ...plain('hashname', TypeOid.name),
    ...plain('hashtext', TypeOid.text),
    ...plain('hashbpchar', TypeOid.bpchar),
    ...plain('hashfloat4', TypeOid.float4),
    ...plain('hashfloat8', TypeOid.float8),
    ...plain('hashvarlena', TypeOid.bytea),
    ...plain('hashinet', TypeOid.inet),
    ...plain('hashmacaddr', TypeOid.macaddr),
    ...plain('hashmacaddr8', TypeOid.macaddr8),
    ...underscored('hash_numeric', TypeOid.numeric),
    ...underscored('timestamp_hash', TypeOid.timestamp),
    ...underscored('time_hash', TypeOid.time),
    ...underscored('timetz_hash', TypeOid.timetz),
    ...underscored('interval_hash', TypeOid.interval),
    ...underscored('uuid_hash', TypeOid.uuid),
    ...underscored('pg_lsn_hash', TypeOid.pg_lsn),
  },
  typed: {
    hash_array: (types) => {
      const hash = arrayHash(types);
      return (value: SqlValue) => lower(hash(value, 0n));
    },
    hash_array_extended: (types) => {
      const hash = arrayHash(types);
      return (value: SqlValue, seed: Int8) => signed(hash(value, BigInt.asUintN(64, BigInt(seed))));
    },
  },
};
