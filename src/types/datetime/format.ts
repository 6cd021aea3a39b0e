import type { FormatContext } from '../format-context.js';
import type { Interval, TimeTz } from '../value.js';
import { civilFromDays, dayOf, dayOfWeek, monthOf, yearOf } from './calendar.js';
import { timeZoneOf } from './time-zone.js';
import {
  dayOfTimestamp,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  secondsOfTimestamp,
  shiftTimestamp,
  type Timestamp,
  timeOfTimestamp,
} from './timestamp.js';

const TWO_DIGITS = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(2, '0'));
export const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export const twoDigits = (n: number): string => TWO_DIGITS[n] ?? `${n}`;

/** Years of the text: 1 BC is year 0 inside. */
function fourDigits(year: number): string {
  const shown = year > 0 ? year : 1 - year;
  return shown >= 1000 ? `${shown}` : `${shown}`.padStart(4, '0');
}

/** '.5' without trailing zeros; '' for none. */
export function fractionText(micros: number): string {
  if (micros === 0) return '';
  let digits = `${micros}`.padStart(6, '0');
  let end = 6;
  while (digits.charCodeAt(end - 1) === 48) end--;
  if (end < 6) digits = digits.slice(0, end);
  return `.${digits}`;
}

/** hh:mm:ss[.f] */
export function formatTimeOfDay(micros: number): string {
  const hour = Math.floor(micros / MICROS_PER_HOUR);
  const afterHour = micros - hour * MICROS_PER_HOUR;
  const minute = Math.floor(afterHour / MICROS_PER_MINUTE);
  const afterMinute = afterHour - minute * MICROS_PER_MINUTE;
  const second = Math.floor(afterMinute / MICROS_PER_SECOND);
  return `${TWO_DIGITS[hour]}:${TWO_DIGITS[minute]}:${TWO_DIGITS[second]}${fractionText(afterMinute - second * MICROS_PER_SECOND)}`;
}

/** '+02', '-03:30', '+00:53:28': an offset in seconds EAST of Greenwich. */
export function formatOffset(offset: number): string {
  const size = Math.abs(offset);
  const hours = Math.floor(size / 3600);
  const minutes = Math.floor(size / 60) % 60;
  const seconds = size % 60;
  const tail = seconds !== 0 ? `:${twoDigits(minutes)}:${twoDigits(seconds)}` : minutes !== 0 ? `:${twoDigits(minutes)}` : '';
  return `${offset >= 0 ? '+' : '-'}${twoDigits(hours)}${tail}`;
}

function infinityText(value: Timestamp): string {
  return value > 0 ? 'infinity' : '-infinity';
}

/** The date part in a style; the 'Postgres' style only for dates without a time. */
function dateText(civil: number, cx: FormatContext): string {
  const year = fourDigits(yearOf(civil));
  const month = twoDigits(monthOf(civil));
  const day = twoDigits(dayOf(civil));
  switch (cx.dateStyle) {
    case 'ISO':
      return `${year}-${month}-${day}`;
    case 'SQL':
      return cx.dateOrder === 'DMY' ? `${day}/${month}/${year}` : `${month}/${day}/${year}`;
    case 'German':
      return `${day}.${month}.${year}`;
    case 'Postgres':
      return cx.dateOrder === 'DMY' ? `${day}-${month}-${year}` : `${month}-${day}-${year}`;
  }
}

/** date_out: days since 2000-01-01. */
export function formatDate(days: number, cx: FormatContext): string {
  if (!Number.isFinite(days)) return infinityText(days);
  const civil = civilFromDays(days);
  const text = dateText(civil, cx);
  return yearOf(civil) > 0 ? text : `${text} BC`;
}

/** A local time with what stands behind it: an offset or a zone's letters. */
function formatLocal(local: Timestamp, cx: FormatContext, zone: string): string {
  const days = dayOfTimestamp(local);
  const civil = civilFromDays(days);
  const time = formatTimeOfDay(timeOfTimestamp(local, days));
  const era = civil > 511 ? '' : ' BC';
  if (cx.dateStyle === 'Postgres') {
    const day = twoDigits(dayOf(civil));
    const month = MONTH_NAMES[monthOf(civil) - 1] ?? '';
    const date = cx.dateOrder === 'DMY' ? `${day} ${month}` : `${month} ${day}`;
    return `${DAY_NAMES[dayOfWeek(days)]} ${date} ${time} ${fourDigits(yearOf(civil))}${zone}${era}`;
  }
  return `${dateText(civil, cx)} ${time}${zone}${era}`;
}

/** timestamp_out. */
export function formatTimestamp(value: Timestamp, cx: FormatContext): string {
  if (value === Infinity || value === -Infinity) return infinityText(value);
  return formatLocal(value, cx, '');
}

const MAX_ZONE_LETTERS = 10;

/** timestamptz_out: ISO shows the offset, the other styles the zone's letters. */
export function formatTimestampTz(value: Timestamp, cx: FormatContext): string {
  if (value === Infinity || value === -Infinity) return infinityText(value);
  const segment = timeZoneOf(cx.timeZone).segmentAt(secondsOfTimestamp(value));
  const zone = cx.dateStyle === 'ISO' ? formatOffset(segment.offset) : ` ${segment.abbreviation.slice(0, MAX_ZONE_LETTERS)}`;
  return formatLocal(shiftTimestamp(value, segment.offset), cx, zone);
}

export function formatTimeTz(value: TimeTz): string {
  return formatTimeOfDay(value.micros) + formatOffset(-value.zone);
}

/** An interval's microseconds as hours, minutes, seconds and fraction, each with the interval's sign. */
interface ClockParts {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly micros: number;
}

export function clockParts(micros: number | bigint): ClockParts {
  if (typeof micros === 'bigint') {
    const hours = micros / 3_600_000_000n;
    return { ...clockParts(Number(micros - hours * 3_600_000_000n)), hours: Number(hours) };
  }
  const hours = Math.trunc(micros / MICROS_PER_HOUR) || 0;
  const afterHours = micros - hours * MICROS_PER_HOUR;
  const minutes = Math.trunc(afterHours / MICROS_PER_MINUTE) || 0;
  const afterMinutes = afterHours - minutes * MICROS_PER_MINUTE;
  const seconds = Math.trunc(afterMinutes / MICROS_PER_SECOND) || 0;
  return { hours, minutes, seconds, micros: afterMinutes - seconds * MICROS_PER_SECOND || 0 };
}

/** interval_out in the session's IntervalStyle. */
export function formatInterval(value: Interval, cx: FormatContext): string {
  switch (cx.intervalStyle) {
    case 'postgres':
      return postgresInterval(value);
    case 'postgres_verbose':
      return verboseInterval(value);
    case 'sql_standard':
      return sqlInterval(value);
    case 'iso_8601':
      return isoInterval(value);
  }
}

const yearsOf = (value: Interval): number => Math.trunc(value.months / 12) || 0;
const monthsOf = (value: Interval): number => value.months % 12 || 0;

function clockText(clock: ClockParts, hoursWidth: number): string {
  const hours = `${Math.abs(clock.hours)}`.padStart(hoursWidth, '0');
  return `${hours}:${twoDigits(Math.abs(clock.minutes))}:${twoDigits(Math.abs(clock.seconds))}${fractionText(Math.abs(clock.micros))}`;
}

/** '1 year 2 mons -3 days +04:05:06': a plus marks what follows something negative. */
function postgresInterval(value: Interval): string {
  let text = '';
  let afterNegative = false;
  const add = (count: number, unit: string): void => {
    if (count === 0) return;
    text += `${text === '' ? '' : ' '}${afterNegative && count > 0 ? '+' : ''}${count} ${unit}${count === 1 ? '' : 's'}`;
    afterNegative = count < 0;
  };
  add(yearsOf(value), 'year');
  add(monthsOf(value), 'mon');
  add(value.days, 'day');
  if (text !== '' && value.micros === 0) return text;
  const sign = value.micros < 0 ? '-' : afterNegative ? '+' : '';
  return `${text}${text === '' ? '' : ' '}${sign}${clockText(clockParts(value.micros), 2)}`;
}

/** '@ 1 year 2 mons ago': the first part's sign goes to the end. */
function verboseInterval(value: Interval): string {
  const clock = clockParts(value.micros);
  let text = '@';
  let isAgo = false;
  let isFirst = true;
  const add = (count: number, unit: string): void => {
    if (count === 0) return;
    if (isFirst) isAgo = count < 0;
    const shown = isAgo ? -count : count;
    text += ` ${shown} ${unit}${shown === 1 ? '' : 's'}`;
    isFirst = false;
  };
  add(yearsOf(value), 'year');
  add(monthsOf(value), 'mon');
  add(value.days, 'day');
  add(clock.hours, 'hour');
  add(clock.minutes, 'min');
  if (clock.seconds !== 0 || clock.micros !== 0) {
    const isNegative = clock.seconds < 0 || clock.micros < 0;
    let sign = '';
    if (isNegative && isFirst) isAgo = true;
    else if (isNegative !== isAgo) sign = '-';
    const seconds = Math.abs(clock.seconds);
    text += ` ${sign}${seconds}${fractionText(Math.abs(clock.micros))} sec${seconds !== 1 || clock.micros !== 0 ? 's' : ''}`;
    isFirst = false;
  }
  return `${text}${isFirst ? ' 0' : ''}${isAgo ? ' ago' : ''}`;
}

/** The SQL standard's forms where they fit ('1-2', '3 4:05:06'), else all parts with their signs. */
function sqlInterval(value: Interval): string {
  const { months, days, micros } = value;
  const isNegative = months < 0 || days < 0 || micros < 0;
  const isPositive = months > 0 || days > 0 || micros > 0;
  if (!isNegative && !isPositive) return '0';
  const hasDayTime = days !== 0 || micros !== 0;
  const clock = clockParts(micros);
  const years = Math.abs(yearsOf(value));
  const restMonths = Math.abs(monthsOf(value));
  if ((isNegative && isPositive) || (months !== 0 && hasDayTime)) {
    const sign = (n: number | bigint): string => (n < 0 ? '-' : '+');
    return `${sign(months)}${years}-${restMonths} ${sign(days)}${Math.abs(days)} ${sign(micros)}${clockText(clock, 1)}`;
  }
  const sign = isNegative ? '-' : '';
  if (months !== 0) return `${sign}${years}-${restMonths}`;
  return `${sign}${days === 0 ? '' : `${Math.abs(days)} `}${clockText(clock, 1)}`;
}

/** ISO 8601, with designators: 'P1Y2M3DT4H5M6.7S'. */
function isoInterval(value: Interval): string {
  if (value.months === 0 && value.days === 0 && value.micros === 0) return 'PT0S';
  const part = (count: number, unit: string): string => (count === 0 ? '' : `${count}${unit}`);
  const clock = clockParts(value.micros);
  let text = `P${part(yearsOf(value), 'Y')}${part(monthsOf(value), 'M')}${part(value.days, 'D')}`;
  if (value.micros !== 0) {
    text += `T${part(clock.hours, 'H')}${part(clock.minutes, 'M')}`;
    if (clock.seconds !== 0 || clock.micros !== 0) {
      const sign = clock.seconds < 0 || clock.micros < 0 ? '-' : '';
      text += `${sign}${Math.abs(clock.seconds)}${fractionText(Math.abs(clock.micros))}S`;
    }
  }
  return text;
}
