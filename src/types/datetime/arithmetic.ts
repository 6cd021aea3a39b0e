import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../format-context.js';
import { canonicalInt8, type Int8 } from '../integer.js';
import { Interval, TimeTz } from '../value.js';
import { civilFromDays, dayOf, daysFromCivil, daysInMonth, END_DATE, MIN_DATE, monthOf, yearOf } from './calendar.js';
import { intervalNegate, justifyHours } from './interval-arithmetic.js';
import { type TimeZone, timeZoneOf } from './time-zone.js';
import {
  checkedTimestamp,
  dateOutOfRange,
  dayOfTimestamp,
  isInfinite,
  isValidTimestamp,
  joinTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  secondsOfTimestamp,
  shiftTimestamp,
  type Timestamp,
  timeOfTimestamp,
  timestampOutOfRange,
} from './timestamp.js';

/** date + int. @throws SqlError 22008 'date out of range' */
export function dateAddDays(date: number, days: number): number {
  const sum = date + days;
  if (Number.isFinite(sum) && (sum < MIN_DATE || sum >= END_DATE)) throw dateOutOfRange();
  return sum;
}

/** date - date. @throws SqlError 22008 for infinite dates */
export function dateSubtract(a: number, b: number): number {
  if (!Number.isFinite(a) || !Number.isFinite(b)) throw new SqlError(SqlState.datetimeFieldOverflow, 'cannot subtract infinite dates');
  return a - b;
}

/** The same day so many months on, or the month's last day. */
function addMonths(days: number, months: number): number {
  const civil = civilFromDays(days);
  const total = yearOf(civil) * 12 + monthOf(civil) - 1 + months;
  const year = Math.floor(total / 12);
  const month = total - year * 12 + 1;
  return daysFromCivil(year, month, Math.min(dayOf(civil), daysInMonth(year, month)));
}

function addMicros(value: Timestamp, micros: Int8): Timestamp {
  if (typeof value === 'number' && typeof micros === 'number') {
    const sum = value + micros;
    // Safe integers lie well within the range of timestamps.
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = canonicalInt8(BigInt(value) + BigInt(micros));
  if (!isValidTimestamp(sum)) throw timestampOutOfRange();
  return sum;
}

function addMonthsAndDays(value: Timestamp, months: number, days: number): Timestamp {
  const day = dayOfTimestamp(value);
  const time = timeOfTimestamp(value, day);
  return checkedTimestamp((months === 0 ? day : addMonths(day, months)) + days, time);
}

/** timestamp + interval: months (clamped to the month's end), then days, then time. @throws SqlError 22008 */
export function timestampAdd(value: Timestamp, interval: Interval): Timestamp {
  if (isInfinite(value)) return value;
  const { months, days, micros } = interval;
  const moved = months === 0 && days === 0 ? value : addMonthsAndDays(value, months, days);
  return micros === 0 ? moved : addMicros(moved, micros);
}

export function timestampSubtractInterval(value: Timestamp, interval: Interval): Timestamp {
  return timestampAdd(value, intervalNegate(interval));
}

/** timestamptz + interval: months and days on the session's calendar and clock, time as it elapses. @throws SqlError 22008 */
export function timestampTzAdd(value: Timestamp, interval: Interval, cx: FormatContext): Timestamp {
  if (isInfinite(value)) return value;
  const { months, days, micros } = interval;
  let moved = value;
  if (months !== 0 || days !== 0) {
    const zone = timeZoneOf(cx.timeZone);
    // Two steps, as PostgreSQL: a month may end on a time that doesn't exist, which moves it before the days count.
    if (months !== 0) moved = fromLocal(addMonthsAndDays(toLocal(moved, zone), months, 0), zone);
    if (days !== 0) moved = fromLocal(addMonthsAndDays(toLocal(moved, zone), 0, days), zone);
  }
  return micros === 0 ? moved : addMicros(moved, micros);
}

export function timestampTzSubtractInterval(value: Timestamp, interval: Interval, cx: FormatContext): Timestamp {
  return timestampTzAdd(value, intervalNegate(interval), cx);
}

/** The wall clock of an instant. */
export function toLocal(value: Timestamp, zone: TimeZone): Timestamp {
  return shiftTimestamp(value, zone.offsetAt(secondsOfTimestamp(value)));
}

/** The instant of a wall clock's time. @throws SqlError 22008 */
export function fromLocal(local: Timestamp, zone: TimeZone): Timestamp {
  const value = shiftTimestamp(local, -zone.offsetOfLocal(secondsOfTimestamp(local)));
  if (!isValidTimestamp(value)) throw timestampOutOfRange();
  return value;
}

/** timestamp - timestamp (also with time zone): days and time. @throws SqlError 22008 */
export function timestampSubtract(a: Timestamp, b: Timestamp): Interval {
  if (isInfinite(a) || isInfinite(b)) throw new SqlError(SqlState.datetimeFieldOverflow, 'cannot subtract infinite timestamps');
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return justifyHours(new Interval(0, 0, difference));
  }
  return justifyHours(new Interval(0, 0, canonicalInt8(BigInt(a) - BigInt(b))));
}

function positiveModulo(micros: Int8): number {
  const rest = typeof micros === 'number' ? micros % MICROS_PER_DAY : Number(micros % 86_400_000_000n);
  return rest < 0 ? rest + MICROS_PER_DAY : rest || 0;
}

function sumOf(a: number, b: Int8): Int8 {
  return typeof b === 'number' && Number.isSafeInteger(a + b) ? a + b : BigInt(a) + BigInt(b);
}

/** time + interval: around the clock; the interval's days and months don't count. */
export function timeAdd(time: number, interval: Interval): number {
  return positiveModulo(sumOf(time, interval.micros));
}

export function timeSubtractInterval(time: number, interval: Interval): number {
  return positiveModulo(sumOf(time, -interval.micros));
}

/** time - time */
export function timeSubtract(a: number, b: number): Interval {
  return new Interval(0, 0, a - b);
}

export function timeTzAdd(value: TimeTz, interval: Interval): TimeTz {
  return new TimeTz(timeAdd(value.micros, interval), value.zone);
}

export function timeTzSubtractInterval(value: TimeTz, interval: Interval): TimeTz {
  return new TimeTz(timeSubtractInterval(value.micros, interval), value.zone);
}

/** date + time */
export function dateAddTime(date: number, time: number): Timestamp {
  return Number.isFinite(date) ? checkedTimestamp(date, time) : date;
}

/** date + timetz: an instant. */
export function dateAddTimeTz(date: number, time: TimeTz): Timestamp {
  return Number.isFinite(date) ? checkedTimestamp(date, time.micros + time.zone * MICROS_PER_SECOND) : date;
}

/** age(timestamp, timestamp): years, months, days and time as a calendar counts them. For timestamptz pass wall clocks (`toLocal`). */
export function age(a: Timestamp, b: Timestamp): Interval {
  if (isInfinite(a) || isInfinite(b)) throw timestampOutOfRange();
  const isNegative = a < b;
  const [later, earlier] = isNegative ? [b, a] : [a, b];
  const laterDay = dayOfTimestamp(later);
  const earlierDay = dayOfTimestamp(earlier);
  const laterCivil = civilFromDays(laterDay);
  const earlierCivil = civilFromDays(earlierDay);
  let micros = timeOfTimestamp(later, laterDay) - timeOfTimestamp(earlier, earlierDay);
  let days = dayOf(laterCivil) - dayOf(earlierCivil);
  let months = yearOf(laterCivil) * 12 + monthOf(laterCivil) - yearOf(earlierCivil) * 12 - monthOf(earlierCivil);
  if (micros < 0) {
    micros += MICROS_PER_DAY;
    days--;
  }
  // A month borrowed is as long as the earlier date's own month.
  while (days < 0) {
    days += daysInMonth(yearOf(earlierCivil), monthOf(earlierCivil));
    months--;
  }
  return isNegative ? new Interval(-months || 0, -days || 0, -micros || 0) : new Interval(months, days, micros);
}

/** age(timestamptz, timestamptz), on the session's calendar. */
export function ageTz(a: Timestamp, b: Timestamp, cx: FormatContext): Interval {
  if (isInfinite(a) || isInfinite(b)) throw timestampOutOfRange();
  const zone = timeZoneOf(cx.timeZone);
  return age(toLocal(a, zone), toLocal(b, zone));
}

/**
 * (start, end) OVERLAPS (start, end), each end a null at will and in either order; null when that leaves it open.
 * `compare` is the order of the type.
 */
export function overlaps<T>(a1: T | null, a2: T | null, b1: T | null, b2: T | null, compare: (x: T, y: T) => number): boolean | null {
  const a = orderedPeriod(a1, a2, compare);
  const b = orderedPeriod(b1, b2, compare);
  if (a === null || b === null) return null;
  const order = compare(a.start, b.start);
  if (order === 0) return a.end === null || b.end === null ? null : true;
  const [first, second] = order < 0 ? [a, b] : [b, a];
  if (first.end === null) return null;
  if (compare(second.start, first.end) < 0) return true;
  return second.end === null ? null : false;
}

interface Period<T> {
  readonly start: T;
  readonly end: T | null;
}

function orderedPeriod<T>(x: T | null, y: T | null, compare: (x: T, y: T) => number): Period<T> | null {
  if (x === null) return y === null ? null : { start: y, end: null };
  if (y === null) return { start: x, end: null };
  return compare(x, y) > 0 ? { start: y, end: x } : { start: x, end: y };
}

/** Midnight of the day, as a timestamp. @throws SqlError 22008 'date out of range for timestamp' */
export function dateToTimestamp(date: number): Timestamp {
  if (!Number.isFinite(date)) return date;
  const value = joinTimestamp(date, 0);
  if (!isValidTimestamp(value)) throw new SqlError(SqlState.datetimeFieldOverflow, 'date out of range for timestamp');
  return value;
}
