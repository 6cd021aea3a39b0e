import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import {
  civilFromDays,
  dayOf,
  daysFromCivil,
  daysInMonth,
  END_DATE,
  firstIsoMonday,
  JULIAN_DAY_OF_2000,
  MIN_DATE,
  monthOf,
  yearOf,
} from '../../../types/datetime/calendar.js';
import type { ReadFields } from './datetime-input.js';
import { invalidFormat } from './datetime-reader.js';

export interface AssembledTime {
  /** Days since 2000-01-01. */
  readonly days: number;
  /** Since midnight. */
  readonly micros: number;
  /** Seconds east of Greenwich, when the text gave a zone. */
  readonly offset: number | undefined;
  /** Digits of the seconds' fraction; 0: not limited. */
  readonly fraction: number;
}

/** Year, month and day while they are put together, and which of them are known. */
class DateParts {
  year = 0;
  month = 1;
  day = 1;
  hasYear = false;
  hasMonth = false;
  hasDay = false;

  setDays(days: number): void {
    const civil = civilFromDays(days);
    this.year = yearOf(civil);
    this.month = monthOf(civil);
    this.day = dayOf(civil);
    this.hasYear = this.hasMonth = this.hasDay = true;
  }
}

function fieldOverflow(text: string): SqlError {
  return new SqlError(SqlState.datetimeFieldOverflow, `date/time field value out of range: "${text}"`);
}

function secondsOf(fields: ReadFields): number {
  let { hour, minute, second } = fields;
  const { secondsOfDay } = fields;
  if (secondsOfDay !== 0) {
    if (hour === 0) hour = Math.trunc(secondsOfDay / 3600);
    if (minute === 0) minute = Math.trunc((secondsOfDay % 3600) / 60);
    if (second === 0) second = secondsOfDay % 60;
  }
  if (fields.isHalfDay) {
    if (hour < 1 || hour > 12) {
      throw invalidFormat(`hour "${hour}" is invalid for the 12-hour clock`, {
        hint: 'Use the 24-hour clock, or give an hour between 1 and 12.',
      });
    }
    if (fields.pm === 1 && hour < 12) hour += 12;
    else if (fields.pm === 0 && hour === 12) hour = 0;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return Number.NaN;
  return hour * 3600 + minute * 60 + second;
}

/** A year of two digits with its century: the 21st is 2001 … 2100, the 6th BC 600 … 501 BC. */
function setYear(fields: ReadFields, date: DateParts): void {
  const century = fields.bc === 1 ? -fields.century : fields.century;
  if (fields.year !== 0) {
    if (fields.century !== 0 && fields.yearDigits <= 2) {
      const short = fields.year % 100;
      if (short === 0) date.year = century * 100 + (century >= 0 ? 0 : 1);
      else date.year = century >= 0 ? short + (century - 1) * 100 : (century + 1) * 100 - short + 1;
    } else {
      const year = fields.bc === 1 ? -fields.year : fields.year;
      date.year = year < 0 ? year + 1 : year;
    }
    date.hasYear = true;
  } else if (fields.century !== 0) {
    date.year = century >= 0 ? (century - 1) * 100 + 1 : century * 100 + 1;
    date.hasYear = true;
  }
}

/** The day that a week, a day of the year or a Julian day names. */
function setDate(fields: ReadFields, date: DateParts): void {
  let { dayOfYear, day } = fields;
  if (fields.julianDay !== 0) date.setDays(fields.julianDay - JULIAN_DAY_OF_2000);
  if (fields.week !== 0) {
    if (fields.isIso) {
      const monday = firstIsoMonday(date.year) + (fields.week - 1) * 7;
      // Without a weekday, the week's Monday.
      const weekday = fields.weekday === 0 ? 0 : fields.weekday > 1 ? fields.weekday - 2 : 6;
      date.setDays(monday + weekday);
    } else {
      dayOfYear = (fields.week - 1) * 7 + 1;
    }
  }
  if (fields.weekOfMonth !== 0) day = (fields.weekOfMonth - 1) * 7 + 1;
  if (day !== 0) {
    date.day = day;
    date.hasDay = true;
  }
  if (fields.month !== 0) {
    date.month = fields.month;
    date.hasMonth = true;
  }
  if (dayOfYear !== 0 && (date.month <= 1 || date.day <= 1)) setDayOfYear(fields, dayOfYear, date);
}

function setDayOfYear(fields: ReadFields, dayOfYear: number, date: DateParts): void {
  if (date.year === 0 && fields.bc === 0) throw invalidFormat('cannot calculate day of year without year information');
  if (fields.isIso) {
    date.setDays(firstIsoMonday(date.year) + dayOfYear - 1);
    return;
  }
  let month = 1;
  let left = dayOfYear;
  while (month < 12 && left > daysInMonth(date.year, month)) {
    left -= daysInMonth(date.year, month);
    month++;
  }
  if (date.month <= 1) date.month = month;
  if (date.day <= 1) date.day = left;
  date.hasMonth = date.hasDay = true;
}

function isValid(date: DateParts): boolean {
  if (date.hasMonth && (date.month < 1 || date.month > 12)) return false;
  if (date.hasDay && (date.day < 1 || date.day > 31)) return false;
  return !(date.hasYear && date.hasMonth && date.hasDay) || date.day <= daysInMonth(date.year, date.month);
}

function offsetOf(fields: ReadFields): number | undefined {
  if (fields.zoneSign === 0) return undefined;
  const { zoneSign, zoneHour, zoneMinute } = fields;
  return zoneHour < 0 || zoneHour > 15 || zoneMinute < 0 || zoneMinute > 59 ? Number.NaN : zoneSign * (zoneHour * 3600 + zoneMinute * 60);
}

/** @throws SqlError 22007, 22008 */
export function assembleDatetime(fields: ReadFields, text: string): AssembledTime {
  const seconds = secondsOf(fields);
  const date = new DateParts();
  setYear(fields, date);
  setDate(fields, date);
  const fraction = fields.millis * 1000 + fields.micros;
  const offset = offsetOf(fields);
  if (!isValid(date) || Number.isNaN(seconds) || fraction < 0 || fraction >= 1_000_000 || Number.isNaN(offset)) {
    throw fieldOverflow(text);
  }
  return {
    days: daysFromCivil(date.year, date.month, date.day),
    micros: seconds * 1_000_000 + fraction,
    offset,
    fraction: fields.fraction,
  };
}

/** @throws SqlError 22008 */
export function checkDate(days: number, text: string): number {
  if (days < MIN_DATE || days >= END_DATE) throw new SqlError(SqlState.datetimeFieldOverflow, `date out of range: "${text}"`);
  return days;
}
