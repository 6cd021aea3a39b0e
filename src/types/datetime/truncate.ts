import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { canonicalInt8, type Int8 } from '../integer.js';
import { Interval } from '../value.js';
import { fromLocal, toLocal } from './arithmetic.js';
import { civilFromDays, daysFromCivil, firstIsoMonday, isoYearOf, monthOf, yearOf } from './calendar.js';
import type { TimeZone } from './time-zone.js';
import {
  dayOfTimestamp,
  intervalOutOfRange,
  isInfinite,
  isValidTimestamp,
  joinTimestamp,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  secondsOfTimestamp,
  shiftTimestamp,
  type Timestamp,
  timeOfTimestamp,
  timestampOutOfRange,
} from './timestamp.js';
import { durationUnitOf, type Unit } from './tokens.js';

/** Units below the day, in microseconds. */
const TIME_UNITS: ReadonlyMap<Unit, number> = new Map<Unit, number>([
  ['microsecond', 1],
  ['millisecond', 1000],
  ['second', MICROS_PER_SECOND],
  ['minute', MICROS_PER_MINUTE],
  ['hour', MICROS_PER_HOUR],
]);

/** @throws SqlError 22023 for no unit at all, 0A000 for one that the type hasn't */
export function unitError(given: string, type: string, isKnown: boolean): SqlError {
  const unit = given.toLowerCase();
  return isKnown
    ? new SqlError(SqlState.featureNotSupported, `unit "${unit}" not supported for type ${type}`)
    : new SqlError(SqlState.invalidParameterValue, `unit "${unit}" not recognized for type ${type}`);
}

/** The first year of the decade, century or millennium; astronomical years. */
function firstYearOf(unit: Unit, year: number): number | undefined {
  switch (unit) {
    case 'year':
      return year;
    case 'decade':
      return year > 0 ? Math.trunc(year / 10) * 10 : -Math.trunc((8 - (year - 1)) / 10) * 10;
    case 'century':
      return year > 0 ? Math.trunc((year + 99) / 100) * 100 - 99 : -Math.trunc((99 - (year - 1)) / 100) * 100 + 1;
    case 'millennium':
      return year > 0 ? Math.trunc((year + 999) / 1000) * 1000 - 999 : -Math.trunc((999 - (year - 1)) / 1000) * 1000 + 1;
    default:
      return undefined;
  }
}

/** The first day of the unit that the day lies in; undefined when it is no unit of days or more. */
function firstDayOf(unit: Unit, days: number): number | undefined {
  const civil = civilFromDays(days);
  const year = yearOf(civil);
  switch (unit) {
    case 'day':
      return days;
    case 'week': {
      const monday = firstIsoMonday(isoYearOf(days));
      return monday + Math.floor((days - monday) / 7) * 7;
    }
    case 'month':
      return daysFromCivil(year, monthOf(civil), 1);
    case 'quarter':
      return daysFromCivil(year, Math.floor((monthOf(civil) - 1) / 3) * 3 + 1, 1);
    default: {
      const first = firstYearOf(unit, year);
      return first === undefined ? undefined : daysFromCivil(first, 1, 1);
    }
  }
}

function truncateLocal(unit: string, value: Timestamp, type: string): { local: Timestamp; isTime: boolean } {
  const known = durationUnitOf(unit.toLowerCase());
  if (known === undefined) throw unitError(unit, type, false);
  const day = dayOfTimestamp(value);
  const micros = TIME_UNITS.get(known);
  if (micros !== undefined) {
    const time = timeOfTimestamp(value, day);
    return { local: joinTimestamp(day, time - (time % micros)), isTime: true };
  }
  const first = firstDayOf(known, day);
  if (first === undefined) throw unitError(unit, type, true);
  return { local: joinTimestamp(first, 0), isTime: false };
}

/** date_trunc(unit, timestamp). @throws SqlError 22023, 0A000, 22008 */
export function timestampTruncate(unit: string, value: Timestamp): Timestamp {
  if (isInfinite(value)) return value;
  const { local } = truncateLocal(unit, value, 'timestamp without time zone');
  if (!isValidTimestamp(local)) throw timestampOutOfRange();
  return local;
}

/** date_trunc(unit, timestamptz[, zone]): on the zone's wall clock. @throws SqlError 22023, 0A000, 22008 */
export function timestampTzTruncate(unit: string, value: Timestamp, zone: TimeZone): Timestamp {
  if (isInfinite(value)) return value;
  const { local, isTime } = truncateLocal(unit, toLocal(value, zone), 'timestamp with time zone');
  // Within an hour the offset stays as it is, so that an hour that comes twice in autumn keeps apart.
  const result = isTime ? shiftTimestamp(local, -zone.offsetAt(secondsOfTimestamp(value))) : fromLocal(local, zone);
  if (!isValidTimestamp(result)) throw timestampOutOfRange();
  return result;
}

const YEARS: ReadonlyMap<Unit, number> = new Map<Unit, number>([
  ['year', 1],
  ['decade', 10],
  ['century', 100],
  ['millennium', 1000],
]);

function truncateMicros(micros: Int8, unit: number): Int8 {
  return typeof micros === 'number' ? micros - (micros % unit) || 0 : canonicalInt8(micros - (micros % BigInt(unit)));
}

/** date_trunc(unit, interval). @throws SqlError 22023, 0A000 */
export function intervalTruncate(unit: string, value: Interval): Interval {
  const known = durationUnitOf(unit.toLowerCase());
  if (known === undefined) throw unitError(unit, 'interval', false);
  const micros = TIME_UNITS.get(known);
  if (micros !== undefined) return new Interval(value.months, value.days, truncateMicros(value.micros, micros));
  const years = YEARS.get(known);
  if (years !== undefined) return new Interval(Math.trunc(value.months / (12 * years)) * 12 * years || 0, 0, 0);
  switch (known) {
    case 'day':
      return new Interval(value.months, value.days, 0);
    case 'month':
      return new Interval(value.months, 0, 0);
    case 'quarter':
      return new Interval(value.months - (value.months % 3) || 0, 0, 0);
    case 'week':
      throw new SqlError(SqlState.featureNotSupported, `unit "${unit}" not supported for type interval`, {
        detail: 'Months usually have fractional weeks.',
      });
    default:
      throw unitError(unit, 'interval', true);
  }
}

function outOfInt8(value: bigint): boolean {
  return BigInt.asIntN(64, value) !== value;
}

/** date_bin(stride, source, origin). @throws SqlError 0A000, 22008 */
export function timestampBin(stride: Interval, source: Timestamp, origin: Timestamp): Timestamp {
  if (isInfinite(source)) return source;
  if (isInfinite(origin)) throw new SqlError(SqlState.datetimeFieldOverflow, 'origin out of range');
  if (stride.months !== 0) {
    throw new SqlError(SqlState.featureNotSupported, 'timestamps cannot be binned into intervals containing months or years');
  }
  const width = BigInt(stride.days) * 86_400_000_000n + BigInt(stride.micros);
  if (width <= 0n) throw new SqlError(SqlState.datetimeFieldOverflow, 'stride must be greater than zero');
  const difference = BigInt(source) - BigInt(origin);
  const rest = difference % width;
  // A bin starts at or before its times, also where these lie before the origin.
  const offset = difference - rest - (rest < 0n ? width : 0n);
  if (outOfInt8(width) || outOfInt8(difference) || outOfInt8(offset)) throw intervalOutOfRange();
  const result = canonicalInt8(BigInt(origin) + offset);
  if (!isValidTimestamp(result)) throw timestampOutOfRange();
  return result;
}
