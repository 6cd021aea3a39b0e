import { divisionByZero } from '../input-errors.js';
import { canonicalInt8, type Int8 } from '../integer.js';
import { roundHalfEven } from '../rounding.js';
import { Interval } from '../value.js';
import { intervalOutOfRange, MICROS_PER_DAY, MICROS_PER_SECOND, SECONDS_PER_DAY } from './timestamp.js';

const DAYS_PER_MONTH = 30;
const INT8_MAX = 9223372036854775807n;
const INT8_MIN = -9223372036854775808n;

function int4(value: number): number {
  if (!(value <= 0x7fffffff && value >= -0x80000000)) throw intervalOutOfRange();
  return value || 0;
}

function addMicros(a: Int8, b: Int8): Int8 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const sum = BigInt(a) + BigInt(b);
  if (sum > INT8_MAX || sum < INT8_MIN) throw intervalOutOfRange();
  return canonicalInt8(sum);
}

/** @throws SqlError 22008 'interval out of range', as all of this file */
export function intervalNegate(value: Interval): Interval {
  const micros = typeof value.micros === 'number' ? -value.micros || 0 : addMicros(0, -value.micros);
  return new Interval(int4(-value.months), int4(-value.days), micros);
}

export function intervalAdd(a: Interval, b: Interval): Interval {
  return new Interval(int4(a.months + b.months), int4(a.days + b.days), addMicros(a.micros, b.micros));
}

export function intervalSubtract(a: Interval, b: Interval): Interval {
  const micros = typeof b.micros === 'number' ? addMicros(a.micros, -b.micros || 0) : addMicros(a.micros, -b.micros);
  return new Interval(int4(a.months - b.months), int4(a.days - b.days), micros);
}

/** Fractions of seconds beyond microseconds are noise of the multiplication. */
function roundSeconds(value: number): number {
  return roundHalfEven(value * MICROS_PER_SECOND) / MICROS_PER_SECOND;
}

/** Cascades what is left of months into days and of days into time; never the other way round. */
function scaled(months: number, days: number, micros: number): Interval {
  const wholeMonths = Math.trunc(int4Range(months));
  let wholeDays = Math.trunc(int4Range(days));
  const monthRest = roundSeconds((months - wholeMonths) * DAYS_PER_MONTH);
  let seconds = roundSeconds((days - wholeDays + monthRest - Math.trunc(monthRest)) * SECONDS_PER_DAY);
  if (Math.abs(seconds) >= SECONDS_PER_DAY) {
    const carried = Math.trunc(seconds / SECONDS_PER_DAY);
    wholeDays += carried;
    seconds -= carried * SECONDS_PER_DAY;
  }
  wholeDays += Math.trunc(monthRest);
  return new Interval(int4(wholeMonths), int4(wholeDays), microsOf(micros + seconds * MICROS_PER_SECOND));
}

function int4Range(value: number): number {
  if (!(value < 0x80000000 && value > -0x80000001)) throw intervalOutOfRange();
  return value;
}

function microsOf(value: number): Int8 {
  const rounded = roundHalfEven(value);
  if (Number.isSafeInteger(rounded)) return rounded || 0;
  if (!(rounded < 2 ** 63 && rounded >= -(2 ** 63))) throw intervalOutOfRange();
  return canonicalInt8(BigInt(rounded));
}

export function intervalMultiply(value: Interval, factor: number): Interval {
  return scaled(value.months * factor, value.days * factor, Number(value.micros) * factor);
}

/** @throws SqlError 22012, 22008 */
export function intervalDivide(value: Interval, divisor: number): Interval {
  if (divisor === 0) throw divisionByZero();
  return scaled(value.months / divisor, value.days / divisor, Number(value.micros) / divisor);
}

/** Splits microseconds into whole days and the rest, both with its sign. */
function splitDays(micros: Int8): { days: number; rest: number } {
  if (typeof micros === 'bigint') {
    return { days: Number(micros / 86_400_000_000n), rest: Number(micros % 86_400_000_000n) };
  }
  return { days: Math.trunc(micros / MICROS_PER_DAY) || 0, rest: micros % MICROS_PER_DAY || 0 };
}

/** justify_hours: 24 hours become a day; both get the same sign. */
export function justifyHours(value: Interval): Interval {
  let { days, rest } = splitDays(value.micros);
  days = int4(days + value.days);
  if (days > 0 && rest < 0) {
    rest += MICROS_PER_DAY;
    days--;
  } else if (days < 0 && rest > 0) {
    rest -= MICROS_PER_DAY;
    days++;
  }
  return new Interval(value.months, days, rest);
}

/** justify_days: 30 days become a month; both get the same sign. */
export function justifyDays(value: Interval): Interval {
  const whole = Math.trunc(value.days / DAYS_PER_MONTH);
  let days = value.days - whole * DAYS_PER_MONTH;
  let months = int4(value.months + whole);
  if (months > 0 && days < 0) {
    days += DAYS_PER_MONTH;
    months--;
  } else if (months < 0 && days > 0) {
    days -= DAYS_PER_MONTH;
    months++;
  }
  return new Interval(months, days || 0, value.micros);
}

/** justify_interval: both of the above, all parts with one sign. */
export function justifyInterval(value: Interval): Interval {
  const split = splitDays(value.micros);
  let micros = split.rest;
  let days = value.days + split.days;
  const whole = Math.trunc(days / DAYS_PER_MONTH);
  days -= whole * DAYS_PER_MONTH;
  let months = int4(value.months + whole);
  if (months > 0 && (days < 0 || (days === 0 && micros < 0))) {
    days += DAYS_PER_MONTH;
    months--;
  } else if (months < 0 && (days > 0 || (days === 0 && micros > 0))) {
    days -= DAYS_PER_MONTH;
    months++;
  }
  if (days > 0 && micros < 0) {
    micros += MICROS_PER_DAY;
    days--;
  } else if (days < 0 && micros > 0) {
    micros -= MICROS_PER_DAY;
    days++;
  }
  return new Interval(months, days || 0, micros);
}

/** make_interval. */
export function makeInterval(
  years: number,
  months: number,
  weeks: number,
  days: number,
  hours: number,
  minutes: number,
  seconds: number,
): Interval {
  if (!Number.isFinite(seconds)) throw intervalOutOfRange();
  const secondsMicros = microsOf(seconds * MICROS_PER_SECOND);
  const clock = BigInt(hours) * 3_600_000_000n + BigInt(minutes) * 60_000_000n;
  return new Interval(int4(years * 12 + months), int4(weeks * 7 + days), addMicros(canonicalInt8(clock), secondsMicros));
}
