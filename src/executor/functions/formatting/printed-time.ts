import {
  civilFromDays,
  dayOf,
  dayOfWeek,
  dayOfYear,
  firstIsoMonday,
  isoWeekOf,
  isoYearOf,
  JULIAN_DAY_OF_2000,
  monthOf,
  yearOf,
} from '../../../types/datetime/calendar.js';
import { clockParts } from '../../../types/datetime/format.js';
import { timeZoneOf } from '../../../types/datetime/time-zone.js';
import {
  dayOfTimestamp,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  secondsOfTimestamp,
  shiftTimestamp,
  type Timestamp,
  timeOfTimestamp,
} from '../../../types/datetime/timestamp.js';
import type { Interval } from '../../../types/value.js';
import type { PrintedTime } from './datetime-output.js';

/** A finite local timestamp in parts. */
export function partsOfTimestamp(value: Timestamp): PrintedTime {
  const days = dayOfTimestamp(value);
  const micros = timeOfTimestamp(value, days);
  const civil = civilFromDays(days);
  const isoYear = isoYearOf(days);
  return {
    isInterval: false,
    year: yearOf(civil),
    month: monthOf(civil),
    day: dayOf(civil),
    hour: Math.floor(micros / MICROS_PER_HOUR),
    minute: Math.floor((micros % MICROS_PER_HOUR) / MICROS_PER_MINUTE),
    second: Math.floor((micros % MICROS_PER_MINUTE) / MICROS_PER_SECOND),
    micros: micros % MICROS_PER_SECOND,
    weekday: dayOfWeek(days),
    dayOfYear: dayOfYear(days),
    isoYear,
    isoWeek: isoWeekOf(days),
    isoDayOfYear: days - firstIsoMonday(isoYear) + 1,
    julianDay: days + JULIAN_DAY_OF_2000,
  };
}

export function partsOfTimestampTz(value: Timestamp, zoneName: string): PrintedTime {
  const segment = timeZoneOf(zoneName).segmentAt(secondsOfTimestamp(value));
  return { ...partsOfTimestamp(shiftTimestamp(value, segment.offset)), offset: segment.offset, zone: segment.abbreviation };
}

/** PostgreSQL's stand-ins where an interval has no such thing: a year of 12 months of 30 days, counted from the parts. */
export function partsOfInterval(interval: Interval): PrintedTime {
  const clock = clockParts(interval.micros);
  const year = Math.trunc(interval.months / 12);
  const month = interval.months % 12;
  const span = (year * 12 + month) * 30 + interval.days;
  return {
    isInterval: true,
    year,
    month,
    day: interval.days,
    hour: clock.hours,
    minute: clock.minutes,
    second: clock.seconds,
    micros: clock.micros,
    weekday: 0,
    dayOfYear: span,
    isoYear: year,
    isoWeek: Math.trunc((span - 1) / 7) + 1,
    isoDayOfYear: span,
    julianDay: 0,
  };
}
