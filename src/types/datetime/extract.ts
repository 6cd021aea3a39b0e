import type { FormatContext } from '../format-context.js';
import { numericAdd, numericDivide } from '../numeric/arithmetic.js';
import { numericToFloat8 } from '../numeric/conversions.js';
import { NUMERIC_INFINITY, NUMERIC_NEGATIVE_INFINITY, numericOfInteger, numericOfScaled } from '../numeric/numeric.js';
import type { Interval, Numeric, TimeTz } from '../value.js';
import { civilFromDays, dayOf, dayOfWeek, dayOfYear, isoWeekOf, isoYearOf, JULIAN_DAY_OF_2000, monthOf, yearOf } from './calendar.js';
import { clockParts } from './format.js';
import { timeZoneOf } from './time-zone.js';
import {
  dayOfTimestamp,
  isInfinite,
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  secondsOfTimestamp,
  shiftTimestamp,
  type Timestamp,
  timeOfTimestamp,
  UNIX_EPOCH_DAY,
} from './timestamp.js';
import { fieldUnitOf, type Unit } from './tokens.js';
import { unitError } from './truncate.js';

/** These go on for ever; of an infinite time the others are null. */
const MONOTONIC: ReadonlySet<Unit> = new Set<Unit>(['year', 'decade', 'century', 'millennium', 'julian', 'isoyear', 'epoch']);
const DATE_UNITS: ReadonlySet<Unit> = new Set<Unit>([...MONOTONIC, 'day', 'week', 'month', 'quarter', 'dow', 'isodow', 'doy']);
const CLOCK_UNITS: ReadonlySet<Unit> = new Set<Unit>(['microsecond', 'millisecond', 'second', 'minute', 'hour']);
const MICROS_PER_DAY_NUMERIC = numericOfInteger(MICROS_PER_DAY);

function unitOf(name: string, type: string): Unit {
  const unit = fieldUnitOf(name.toLowerCase());
  if (unit === undefined) throw unitError(name, type, false);
  return unit;
}

/** There is no year 0: 1 BC is -1. */
const shownYear = (year: number): number => (year > 0 ? year : year - 1);

function dateField(unit: Unit, days: number): number | undefined {
  const civil = civilFromDays(days);
  const year = yearOf(civil);
  switch (unit) {
    case 'day':
      return dayOf(civil);
    case 'month':
      return monthOf(civil);
    case 'quarter':
      return Math.floor((monthOf(civil) - 1) / 3) + 1;
    case 'week':
      return isoWeekOf(days);
    case 'year':
      return shownYear(year);
    case 'decade':
      return year >= 0 ? Math.trunc(year / 10) : -Math.trunc((8 - (year - 1)) / 10);
    case 'century':
      return year > 0 ? Math.trunc((year + 99) / 100) : -Math.trunc((99 - (year - 1)) / 100);
    case 'millennium':
      return year > 0 ? Math.trunc((year + 999) / 1000) : -Math.trunc((999 - (year - 1)) / 1000);
    case 'isoyear':
      return shownYear(isoYearOf(days));
    case 'dow':
      return dayOfWeek(days);
    case 'isodow':
      return dayOfWeek(days) || 7;
    case 'doy':
      return dayOfYear(days);
    default:
      return undefined;
  }
}

/** A field of a time of day (or an interval's): seconds with six digits, milliseconds with three. */
function clockField(unit: Unit, hours: number, minutes: number, secondMicros: number): Numeric | undefined {
  switch (unit) {
    case 'hour':
      return numericOfInteger(hours);
    case 'minute':
      return numericOfInteger(minutes);
    case 'second':
      return numericOfScaled(secondMicros, 6);
    case 'millisecond':
      return numericOfScaled(secondMicros, 3);
    case 'microsecond':
      return numericOfInteger(secondMicros);
    default:
      return undefined;
  }
}

function timeField(unit: Unit, micros: number): Numeric | undefined {
  return clockField(
    unit,
    Math.floor(micros / MICROS_PER_HOUR),
    Math.floor((micros % MICROS_PER_HOUR) / MICROS_PER_MINUTE),
    micros % MICROS_PER_MINUTE,
  );
}

/** `offset` is the seconds EAST of Greenwich. */
function zoneField(unit: Unit, offset: number): Numeric | undefined {
  if (unit === 'timezone') return numericOfInteger(offset);
  if (unit === 'timezone_hour') return numericOfInteger(Math.trunc(offset / 3600) || 0);
  return unit === 'timezone_minute' ? numericOfInteger(Math.trunc(offset / 60) % 60 || 0) : undefined;
}

function ofInfinity(unit: Unit, isPositive: boolean): Numeric | null {
  if (!MONOTONIC.has(unit)) return null;
  return isPositive ? NUMERIC_INFINITY : NUMERIC_NEGATIVE_INFINITY;
}

function epochOf(value: Timestamp): Numeric {
  const micros = BigInt(value) - BigInt(UNIX_EPOCH_DAY) * 86_400_000_000n;
  return numericOfScaled(micros, 6);
}

/** Fields of a wall clock's time; undefined for those that need more. */
function localField(unit: Unit, local: Timestamp): Numeric | undefined {
  const day = dayOfTimestamp(local);
  if (unit === 'julian') {
    const fraction = numericDivide(numericOfInteger(timeOfTimestamp(local, day)), MICROS_PER_DAY_NUMERIC);
    return numericAdd(numericOfInteger(day + JULIAN_DAY_OF_2000), fraction);
  }
  const whole = dateField(unit, day);
  return whole === undefined ? timeField(unit, timeOfTimestamp(local, day)) : numericOfInteger(whole);
}

/** EXTRACT(unit FROM timestamp); null for what an infinite time hasn't. @throws SqlError 22023, 0A000 */
export function extractFromTimestamp(name: string, value: Timestamp): Numeric | null {
  const type = 'timestamp without time zone';
  const unit = unitOf(name, type);
  if (isInfinite(value)) return ofInfinity(unit, value > 0);
  if (unit === 'epoch') return epochOf(value);
  const field = localField(unit, value);
  if (field === undefined) throw unitError(name, type, true);
  return field;
}

/** EXTRACT(unit FROM timestamptz), in the session's zone. @throws SqlError 22023, 0A000 */
export function extractFromTimestampTz(name: string, value: Timestamp, cx: FormatContext): Numeric | null {
  const type = 'timestamp with time zone';
  const unit = unitOf(name, type);
  if (isInfinite(value)) return ofInfinity(unit, value > 0);
  if (unit === 'epoch') return epochOf(value);
  const offset = timeZoneOf(cx.timeZone).offsetAt(secondsOfTimestamp(value));
  const field = zoneField(unit, offset) ?? localField(unit, shiftTimestamp(value, offset));
  if (field === undefined) throw unitError(name, type, true);
  return field;
}

/** EXTRACT(unit FROM date). @throws SqlError 22023, 0A000 */
export function extractFromDate(name: string, days: number): Numeric | null {
  const unit = unitOf(name, 'date');
  if (!DATE_UNITS.has(unit)) throw unitError(name, 'date', true);
  if (!Number.isFinite(days)) return ofInfinity(unit, days > 0);
  if (unit === 'epoch') return numericOfInteger((days - UNIX_EPOCH_DAY) * 86_400);
  if (unit === 'julian') return numericOfInteger(days + JULIAN_DAY_OF_2000);
  return numericOfInteger(dateField(unit, days) ?? 0);
}

/** EXTRACT(unit FROM time). @throws SqlError 22023, 0A000 */
export function extractFromTime(name: string, micros: number): Numeric {
  const type = 'time without time zone';
  const unit = unitOf(name, type);
  const field = unit === 'epoch' ? numericOfScaled(micros, 6) : timeField(unit, micros);
  if (field === undefined) throw unitError(name, type, true);
  return field;
}

/** EXTRACT(unit FROM timetz). @throws SqlError 22023, 0A000 */
export function extractFromTimeTz(name: string, value: TimeTz): Numeric {
  const type = 'time with time zone';
  const unit = unitOf(name, type);
  const epoch = unit === 'epoch' ? numericOfScaled(value.micros + value.zone * MICROS_PER_SECOND, 6) : undefined;
  const field = epoch ?? zoneField(unit, -value.zone || 0) ?? timeField(unit, value.micros);
  if (field === undefined) throw unitError(name, type, true);
  return field;
}

const YEAR_UNITS: ReadonlyMap<Unit, number> = new Map<Unit, number>([
  ['year', 1],
  ['decade', 10],
  ['century', 100],
  ['millennium', 1000],
]);
/** A year of 365.25 days, a month of 30, in seconds. */
const SECONDS_PER_YEAR = 31_557_600n;
const SECONDS_PER_MONTH = 2_592_000n;

/** EXTRACT(unit FROM interval). @throws SqlError 22023, 0A000 */
export function extractFromInterval(name: string, value: Interval): Numeric {
  const unit = unitOf(name, 'interval');
  const years = Math.trunc(value.months / 12);
  const months = value.months % 12;
  const span = YEAR_UNITS.get(unit);
  if (span !== undefined) return numericOfInteger(Math.trunc(years / span) || 0);
  if (unit === 'month') return numericOfInteger(months || 0);
  if (unit === 'quarter') return numericOfInteger(Math.trunc(months / 3) + 1);
  if (unit === 'day') return numericOfInteger(value.days);
  if (unit === 'epoch') {
    const seconds = BigInt(years) * SECONDS_PER_YEAR + BigInt(months) * SECONDS_PER_MONTH + BigInt(value.days) * 86_400n;
    return numericOfScaled(seconds * 1_000_000n + BigInt(value.micros), 6);
  }
  if (!CLOCK_UNITS.has(unit)) throw unitError(name, 'interval', true);
  const clock = clockParts(value.micros);
  const field = clockField(unit, clock.hours, clock.minutes, clock.seconds * MICROS_PER_SECOND + clock.micros);
  if (field === undefined) throw unitError(name, 'interval', true);
  return field;
}

/** date_part() is extract() as a float8. */
export function asDatePart(field: Numeric | null): number | null {
  return field === null ? null : numericToFloat8(field);
}
