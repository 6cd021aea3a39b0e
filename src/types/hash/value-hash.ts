import { intervalLength } from '../datetime/order.js';
import type { Timestamp } from '../datetime/timestamp.js';
import { canonicalInt8, type Int8 } from '../integer.js';
import { decodeAddress } from '../network-address.js';
import { sendNumeric } from '../numeric/binary.js';
import { TypeOid } from '../oids.js';
import { trimTrailingBlanks } from '../text.js';
import type { Interval, Numeric, SqlValue, TimeTz } from '../value.js';
import { hashBytes, hashWord } from './jenkins.js';

/** A value's 64-bit hash with a seed; with seed 0 its lower half is the 32-bit hash. */
export type ValueHash = (value: SqlValue, seed: bigint) => bigint;

const word: ValueHash = (value, seed) => hashWord((value as number) | 0, seed);

/** So that an int8 hashes as the int4 of the same value. */
const int8: ValueHash = (value, seed) => {
  const bits = BigInt(value as Int8);
  const high = Number(BigInt.asIntN(32, bits >> 32n));
  const low = Number(BigInt.asIntN(32, bits));
  return hashWord(low ^ (bits >= 0n ? high : ~high), seed);
};

const text: ValueHash = (value, seed) => hashBytes(Buffer.from(value as string), seed);
const bytes: ValueHash = (value, seed) => hashBytes(value as Uint8Array, seed);

const float8: ValueHash = (value, seed) => {
  const number = value as number;
  if (number === 0) return seed;
  const buffer = Buffer.alloc(8);
  if (Number.isNaN(number)) buffer.writeBigUInt64LE(0x7ff8000000000000n);
  else buffer.writeDoubleLE(number);
  return hashBytes(buffer, seed);
};

const timestamp: ValueHash = (value, seed) => {
  const micros = value as Timestamp;
  if (micros === Infinity) return int8((1n << 63n) - 1n, seed);
  return int8(micros === -Infinity ? -(1n << 63n) : micros, seed);
};

const date: ValueHash = (value, seed) => {
  const days = value as number;
  return hashWord(days === Infinity ? 0x7fffffff : days === -Infinity ? -0x80000000 : days, seed);
};

const DIGIT_BYTES = 2;

/** Over the groups of four digits without zeros at the ends, mixed with where they begin. */
const numeric: ValueHash = (value, seed) => {
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

const uuid: ValueHash = (value, seed) => hashBytes(Buffer.from((value as string).replaceAll('-', ''), 'hex'), seed);
const interval: ValueHash = (value, seed) => int8(canonicalInt8(BigInt.asIntN(64, BigInt(intervalLength(value as Interval)))), seed);
const timeTz: ValueHash = (value, seed) => {
  const { micros, zone } = value as TimeTz;
  return int8(micros, seed) ^ hashWord(zone, seed);
};

const address: ValueHash = (value, seed) => {
  const { isV6, bits, masklen } = decodeAddress(value as string);
  const digits = bits.toString(16).padStart(isV6 ? 32 : 8, '0');
  return hashBytes(Buffer.from(`${isV6 ? '03' : '02'}${masklen.toString(16).padStart(2, '0')}${digits}`, 'hex'), seed);
};

/** As it lies in memory: two little-endian words of the first and the second half. */
const macaddr: ValueHash = (value, seed) => hashBytes(Buffer.from((value as string).replaceAll(':', ''), 'hex'), seed);
const lsn: ValueHash = (value, seed) => int8(canonicalInt8(BigInt.asIntN(64, BigInt(`0x${value as string}`))), seed);

const BY_TYPE: ReadonlyMap<number, ValueHash> = new Map<number, ValueHash>([
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

/** The function of a type's hash operator class; undefined: none here. */
export function valueHashOf(type: number): ValueHash | undefined {
  return BY_TYPE.get(type);
}
