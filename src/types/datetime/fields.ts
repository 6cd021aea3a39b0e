import { roundHalfEven } from '../rounding.js';
import { civilFromDays, dayOf, daysFromCivil, daysInMonth, JULIAN_DAY_OF_2000, monthOf, yearOf } from './calendar.js';
import type { ParseErrors } from './parse-errors.js';
import {
  dayOfTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_HOUR,
  MICROS_PER_MINUTE,
  MICROS_PER_SECOND,
  type Timestamp,
  timeOfTimestamp,
} from './timestamp.js';

/** Which fields a text has given: bits of a mask, so that one given twice is noticed. */
export const Mask = {
  month: 1 << 1,
  year: 1 << 2,
  day: 1 << 3,
  zone: 1 << 5,
  halfDay: 1 << 9,
  hour: 1 << 10,
  minute: 1 << 11,
  second: 1 << 12,
  millisecond: 1 << 13,
  microsecond: 1 << 14,
  dayOfYear: 1 << 15,
  weekday: 1 << 16,
  era: 1 << 18,
  summerModifier: 1 << 28,
} as const;
const SECONDS = Mask.second | Mask.millisecond | Mask.microsecond;
export const DATE_MASK = Mask.year | Mask.month | Mask.day;
export const TIME_MASK = Mask.hour | Mask.minute | SECONDS;
export const ALL_SECONDS_MASK = SECONDS;

export type DateOrder = 'MDY' | 'DMY' | 'YMD';

/** A point in time in the parts that a text gives it in, while it is read. */
export class TimeFields {
  year = 0;
  month = 0;
  day = 0;
  dayOfYear = 0;
  hour = 0;
  minute = 0;
  second = 0;
  /** Of the second. */
  micros = 0;
  /** Seconds WEST of Greenwich. */
  zone = 0;
  /** The year had one or two digits. */
  isShortYear = false;

  setDays(days: number): void {
    const civil = civilFromDays(days);
    this.year = yearOf(civil);
    this.month = monthOf(civil);
    this.day = dayOf(civil);
  }

  setTime(micros: number): void {
    this.hour = Math.floor(micros / MICROS_PER_HOUR);
    this.minute = Math.floor((micros % MICROS_PER_HOUR) / MICROS_PER_MINUTE);
    this.second = Math.floor((micros % MICROS_PER_MINUTE) / MICROS_PER_SECOND);
    this.micros = micros % MICROS_PER_SECOND;
  }

  setTimestamp(local: Timestamp): void {
    const day = dayOfTimestamp(local);
    this.setDays(day);
    this.setTime(timeOfTimestamp(local, day));
  }

  /** Since 2000-01-01. */
  get days(): number {
    return daysFromCivil(this.year, this.month, this.day);
  }

  /** Microseconds since midnight. */
  get timeMicros(): number {
    return (this.hour * 3600 + this.minute * 60 + this.second) * MICROS_PER_SECOND + this.micros;
  }

  /** Not more than 24:00:00, minutes and seconds in their ranges (60 seconds are the next minute). */
  get isTimeInRange(): boolean {
    return this.hour <= 24 && this.minute < 60 && this.second <= 60 && this.timeMicros <= MICROS_PER_DAY;
  }

  /** Completes and checks year, month and day once all fields are known. @throws SqlError 22008 */
  validateDate(mask: number, isJulian: boolean, isBc: boolean, errors: ParseErrors): void {
    if (mask & Mask.year && !isJulian) {
      if (isBc) {
        if (this.year <= 0) throw errors.fieldOverflow();
        this.year = 1 - this.year;
      } else if (this.isShortYear) {
        if (this.year < 0) throw errors.fieldOverflow();
        this.year += this.year < 70 ? 2000 : 1900;
      } else if (this.year <= 0) {
        throw errors.fieldOverflow();
      }
    }
    if (mask & Mask.dayOfYear) this.setDays(daysFromCivil(this.year, 1, 1) + this.dayOfYear - 1);
    if (mask & Mask.month && (this.month < 1 || this.month > 12)) throw errors.monthOrDayOverflow();
    if (mask & Mask.day && (this.day < 1 || this.day > 31)) throw errors.monthOrDayOverflow();
    if ((mask & DATE_MASK) === DATE_MASK && this.day > daysInMonth(this.year, this.month)) throw errors.fieldOverflow();
  }

  setJulianDay(julianDay: number): void {
    this.setDays(julianDay - JULIAN_DAY_OF_2000);
  }

  /** 12 AM is midnight, 12 PM noon. @throws SqlError 22008 */
  applyHalfDay(isPm: boolean | undefined, errors: ParseErrors): void {
    if (isPm === undefined) return;
    if (this.hour > 12) throw errors.fieldOverflow();
    if (!isPm && this.hour === 12) this.hour = 0;
    else if (isPm && this.hour !== 12) this.hour += 12;
  }
}

/** A whole number of C's int at the text's start. */
export interface LeadingInteger {
  readonly value: number;
  /** Where it ends. */
  readonly end: number;
}

const INT4_MAX = 0x7fffffff;

/** As C's strtol into an int. @throws SqlError 22008 when it is too large (or what `overflow` makes) */
export function leadingInteger(text: string, from: number, errors: ParseErrors, overflow?: () => Error): LeadingInteger {
  let at = from;
  const negative = text.charCodeAt(at) === 45;
  if (negative || text.charCodeAt(at) === 43) at++;
  const start = at;
  let value = 0;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
  }
  if (value > INT4_MAX + (negative ? 1 : 0)) throw overflow?.() ?? errors.fieldOverflow();
  return at === start ? { value: 0, end: from } : { value: negative ? -value : value, end: at };
}

/** '.5' → 500000; rounds to microseconds. @throws SqlError 22007 when there is more than digits */
export function fractionMicros(text: string, from: number, errors: ParseErrors): number {
  const digits = text.slice(from + 1);
  if (digits === '') return 0;
  if (!/^\d*(?:e[+-]?\d+)?$/.test(digits)) throw errors.badFormat();
  return roundHalfEven(Number(`0.${digits}`) * MICROS_PER_SECOND);
}

/** '+05', '-3:30', '+0530', '+05:30:15' as seconds WEST of Greenwich. @throws SqlError 22009, 22007 */
export function decodeZoneOffset(text: string, errors: ParseErrors): number {
  const sign = text.charCodeAt(0);
  if (sign !== 43 && sign !== 45) throw errors.badFormat();
  const tooLarge = (): Error => errors.zoneOverflow();
  const hour = leadingInteger(text, 1, errors, tooLarge);
  let hours = hour.value;
  let minutes = 0;
  let seconds = 0;
  let end = hour.end;
  if (text[end] === ':') {
    const minute = leadingInteger(text, end + 1, errors, tooLarge);
    minutes = minute.value;
    end = minute.end;
    if (text[end] === ':') {
      const second = leadingInteger(text, end + 1, errors, tooLarge);
      seconds = second.value;
      end = second.end;
    }
  } else if (end === text.length && text.length > 3) {
    minutes = hours % 100;
    hours = Math.floor(hours / 100);
  }
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) throw errors.zoneOverflow();
  if (end !== text.length) throw errors.badFormat();
  const size = (hours * 60 + minutes) * 60 + seconds;
  return sign === 43 ? -size || 0 : size;
}
