import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { canonicalInt8, type Int8 } from '../integer.js';

/** Microseconds since 2000-01-01 (UTC for timestamptz): number when safe, else bigint; ±Infinity. */
export type Timestamp = number | bigint;

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_MINUTE = 60_000_000;
export const MICROS_PER_HOUR = 3_600_000_000;
export const MICROS_PER_DAY = 86_400_000_000;
export const SECONDS_PER_DAY = 86_400;
/** Days from 1970-01-01 to 2000-01-01. */
export const UNIX_EPOCH_DAY = -10_957;
export const UNIX_EPOCH_SECONDS = UNIX_EPOCH_DAY * SECONDS_PER_DAY;

/** 4714-11-24 00:00 BC … the end of 294276. */
const MIN_TIMESTAMP = -211_813_488_000_000_000n;
const END_TIMESTAMP = 9_223_371_331_200_000_000n;
const MIN_TIMESTAMP_DAY = Number(MIN_TIMESTAMP / 86_400_000_000n);
const END_TIMESTAMP_DAY = Number(END_TIMESTAMP / 86_400_000_000n);

export function timestampOutOfRange(text?: string): SqlError {
  return new SqlError(SqlState.datetimeFieldOverflow, text === undefined ? 'timestamp out of range' : `timestamp out of range: "${text}"`);
}

export function intervalOutOfRange(): SqlError {
  return new SqlError(SqlState.datetimeFieldOverflow, 'interval out of range');
}

export function dateOutOfRange(): SqlError {
  return new SqlError(SqlState.datetimeFieldOverflow, 'date out of range');
}

export function isInfinite(value: Timestamp): boolean {
  return value === Infinity || value === -Infinity;
}

/** The day a finite timestamp lies on, counted from 2000-01-01. */
export function dayOfTimestamp(value: Timestamp): number {
  if (typeof value === 'number') return Math.floor(value / MICROS_PER_DAY);
  const days = value / 86_400_000_000n;
  return Number(value < 0n && days * 86_400_000_000n !== value ? days - 1n : days);
}

/** Microseconds since midnight, given the timestamp's day. */
export function timeOfTimestamp(value: Timestamp, day: number): number {
  if (typeof value === 'number') return value - day * MICROS_PER_DAY;
  return Number(value - BigInt(day) * 86_400_000_000n);
}

/**
 * day · 24 h + micros, in canonical form, without a range check. The product is exact in a double (86,400,000,000 has 2^13 as a
 * factor), so that a safe sum is exact too.
 */
export function joinTimestamp(day: number, micros: number): Timestamp {
  const sum = day * MICROS_PER_DAY + micros;
  if (Number.isSafeInteger(sum)) return sum;
  return canonicalInt8(BigInt(day) * 86_400_000_000n + BigInt(micros));
}

/** As joinTimestamp. @throws SqlError 22008 'timestamp out of range' */
export function checkedTimestamp(day: number, micros: number): Timestamp {
  const carry = Math.floor(micros / MICROS_PER_DAY);
  const whole = day + carry;
  if (whole < MIN_TIMESTAMP_DAY || whole >= END_TIMESTAMP_DAY) throw timestampOutOfRange();
  return joinTimestamp(whole, micros - carry * MICROS_PER_DAY);
}

export function isValidTimestamp(value: Timestamp): boolean {
  return value >= MIN_TIMESTAMP && value < END_TIMESTAMP;
}

/** @throws SqlError 22008 */
export function checkTimestamp(value: Int8): Timestamp {
  if (value < MIN_TIMESTAMP || value >= END_TIMESTAMP) throw timestampOutOfRange();
  return value;
}

/** Whole seconds since 2000-01-01, rounded down: what time zones are asked with. */
export function secondsOfTimestamp(value: Timestamp): number {
  if (typeof value === 'number') return Math.floor(value / MICROS_PER_SECOND);
  const day = dayOfTimestamp(value);
  return day * SECONDS_PER_DAY + Math.floor(timeOfTimestamp(value, day) / MICROS_PER_SECOND);
}

/** The timestamp moved by whole seconds, without a range check. */
export function shiftTimestamp(value: Timestamp, seconds: number): Timestamp {
  if (typeof value === 'number') {
    const moved = value + seconds * MICROS_PER_SECOND;
    if (Number.isSafeInteger(moved) || isInfinite(value)) return moved;
  }
  return canonicalInt8(BigInt(value) + BigInt(seconds) * 1_000_000n);
}

export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
