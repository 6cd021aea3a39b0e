/**
 * Life of a date or time: plain ISO texts are read character by character (iso-fast-path); all others are split into fields (lexer), which
 * are decoded by PostgreSQL's rules (decode-datetime, decode-time-only, parse-interval). Values are numbers of days or microseconds; time
 * zones (time-zone) come in where a text is read or printed, and in arithmetic on timestamptz. format prints in the session's styles.
 */
import type { TypeCodec } from '../codec.js';
import { invalidBinary } from '../input-errors.js';
import type { Int8 } from '../integer.js';
import { fixedSize, numberHashKey, readInt8, sendFixed, writeInt8 } from '../integer-codecs.js';
import { TypeOid } from '../oids.js';
import { Interval, type SqlValue, TimeTz } from '../value.js';
import { END_DATE, MIN_DATE } from './calendar.js';
import { formatDate, formatInterval, formatTimeOfDay, formatTimestamp, formatTimestampTz, formatTimeTz } from './format.js';
import { compareIntervals, compareTimeTz, intervalLength } from './order.js';
import { parseDate, parseTime, parseTimestamp, parseTimestampTz, parseTimeTz } from './parse.js';
import { parseInterval } from './parse-interval.js';
import { compareTimestamps, dateOutOfRange, isValidTimestamp, MICROS_PER_DAY, type Timestamp, timestampOutOfRange } from './timestamp.js';

const DATE_INFINITY = 0x7fffffff;
const DATE_NEGATIVE_INFINITY = -0x80000000;
const TIMESTAMP_INFINITY = 9223372036854775807n;
const TIMESTAMP_NEGATIVE_INFINITY = -9223372036854775808n;

function writeDate(value: SqlValue, target: Buffer, offset: number): void {
  const days = value as number;
  target.writeInt32BE(days === Infinity ? DATE_INFINITY : days === -Infinity ? DATE_NEGATIVE_INFINITY : days, offset);
}

function readDate(bytes: Uint8Array): number {
  const days = fixedSize(bytes, 4).readInt32BE(0);
  if (days === DATE_INFINITY) return Infinity;
  if (days === DATE_NEGATIVE_INFINITY) return -Infinity;
  if (days < MIN_DATE || days >= END_DATE) throw dateOutOfRange();
  return days;
}

function writeTimestamp(value: SqlValue, target: Buffer, offset: number): void {
  if (value === Infinity) target.writeBigInt64BE(TIMESTAMP_INFINITY, offset);
  else if (value === -Infinity) target.writeBigInt64BE(TIMESTAMP_NEGATIVE_INFINITY, offset);
  else writeInt8(value, target, offset);
}

function readTimestamp(bytes: Uint8Array): Timestamp {
  const value = readInt8(fixedSize(bytes, 8), 0);
  if (value === TIMESTAMP_INFINITY) return Infinity;
  if (value === TIMESTAMP_NEGATIVE_INFINITY) return -Infinity;
  if (!isValidTimestamp(value)) throw timestampOutOfRange();
  return value;
}

function checkTime(micros: Int8): number {
  if (typeof micros === 'bigint' || micros < 0 || micros > MICROS_PER_DAY) throw invalidBinary('time out of range');
  return micros;
}

function writeTimeTz(value: SqlValue, target: Buffer, offset: number): void {
  const { micros, zone } = value as TimeTz;
  writeInt8(micros, target, offset);
  target.writeInt32BE(zone, offset + 8);
}

function readTimeTz(bytes: Uint8Array): TimeTz {
  const source = fixedSize(bytes, 12);
  return new TimeTz(checkTime(readInt8(source, 0)), source.readInt32BE(8));
}

function writeInterval(value: SqlValue, target: Buffer, offset: number): void {
  const { months, days, micros } = value as Interval;
  writeInt8(micros, target, offset);
  target.writeInt32BE(days, offset + 8);
  target.writeInt32BE(months, offset + 12);
}

function readInterval(bytes: Uint8Array): Interval {
  const source = fixedSize(bytes, 16);
  return new Interval(source.readInt32BE(12), source.readInt32BE(8), readInt8(source, 0));
}

const compareInstants = (a: SqlValue, b: SqlValue): number => compareTimestamps(a as Timestamp, b as Timestamp);

const timestampForms = {
  send: sendFixed(8, writeTimestamp),
  receive: readTimestamp,
  binarySize: 8,
  writeBinary: writeTimestamp,
  compare: compareInstants,
  hashKey: (value: SqlValue): number | bigint => value as Timestamp,
};

export const datetimeCodecs: readonly TypeCodec[] = [
  {
    oid: TypeOid.date,
    name: 'date',
    input: parseDate,
    output: (value, cx) => formatDate(value as number, cx),
    send: sendFixed(4, writeDate),
    receive: readDate,
    binarySize: 4,
    writeBinary: writeDate,
    // Not a difference: two infinities would give NaN.
    compare: compareInstants,
    hashKey: numberHashKey,
  },
  {
    oid: TypeOid.time,
    name: 'time',
    input: parseTime,
    output: (value) => formatTimeOfDay(value as number),
    send: sendFixed(8, writeInt8),
    receive: (bytes) => checkTime(readInt8(fixedSize(bytes, 8), 0)),
    binarySize: 8,
    writeBinary: writeInt8,
    compare: compareInstants,
    hashKey: numberHashKey,
  },
  {
    oid: TypeOid.timetz,
    name: 'timetz',
    input: parseTimeTz,
    output: (value) => formatTimeTz(value as TimeTz),
    send: sendFixed(12, writeTimeTz),
    receive: readTimeTz,
    binarySize: 12,
    writeBinary: writeTimeTz,
    compare: (a, b) => compareTimeTz(a as TimeTz, b as TimeTz),
    hashKey: (value) => `${(value as TimeTz).micros}@${(value as TimeTz).zone}`,
  },
  {
    oid: TypeOid.timestamp,
    name: 'timestamp',
    input: parseTimestamp,
    output: (value, cx) => formatTimestamp(value as Timestamp, cx),
    ...timestampForms,
  },
  {
    oid: TypeOid.timestamptz,
    name: 'timestamptz',
    input: parseTimestampTz,
    output: (value, cx) => formatTimestampTz(value as Timestamp, cx),
    ...timestampForms,
  },
  {
    oid: TypeOid.interval,
    name: 'interval',
    input: parseInterval,
    output: (value, cx) => formatInterval(value as Interval, cx),
    send: sendFixed(16, writeInterval),
    receive: readInterval,
    binarySize: 16,
    writeBinary: writeInterval,
    compare: (a, b) => compareIntervals(a as Interval, b as Interval),
    hashKey: (value) => intervalLength(value as Interval),
  },
];
