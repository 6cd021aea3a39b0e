/** The proleptic Gregorian calendar in days since 2000-01-01. Years are astronomical: 0 is 1 BC, -1 is 2 BC. */

/** Days of four centuries, the calendar's period. */
const DAYS_PER_400_YEARS = 146_097;
/** Days from 0000-03-01, the epoch of the arithmetic below, to 2000-01-01. */
const DAYS_TO_2000 = 730_425;

/** Adds the day of the Julian period: 4714-11-24 BC is its day 0. */
export const JULIAN_DAY_OF_2000 = 2_451_545;
/** What PostgreSQL calls a valid Julian date: from November 4714 BC to 3 June 5874898. */
export const MIN_DATE = -JULIAN_DAY_OF_2000;
export const END_DATE = 2_147_483_494 - JULIAN_DAY_OF_2000;

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (MONTH_DAYS[month - 1] ?? 31);
}

/** Months beyond 1 … 12 and days beyond the month's carry over. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const months = year * 12 + (month - 1);
  const y = Math.floor(months / 12);
  const m = months - y * 12 + 1;
  // Years that begin in March put the leap day at the end.
  const marchYear = m <= 2 ? y - 1 : y;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_PER_400_YEARS + dayOfEra - DAYS_TO_2000;
}

/** A date in one number, so that none is allocated: read it with the three functions below. */
export function civilFromDays(days: number): number {
  const shifted = days + DAYS_TO_2000;
  const era = Math.floor(shifted / DAYS_PER_400_YEARS);
  const dayOfEra = shifted - era * DAYS_PER_400_YEARS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth + (marchMonth < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return year * 512 + month * 32 + day;
}

export const yearOf = (civil: number): number => Math.floor(civil / 512);
export const monthOf = (civil: number): number => (civil >> 5) & 15;
export const dayOf = (civil: number): number => civil & 31;

/** 0 Sunday … 6 Saturday. */
export function dayOfWeek(days: number): number {
  const weekday = (days + 6) % 7;
  return weekday < 0 ? weekday + 7 : weekday;
}

/** 1 … 366. */
export function dayOfYear(days: number): number {
  return days - daysFromCivil(yearOf(civilFromDays(days)), 1, 1) + 1;
}

/** The Monday of ISO week 1: the week with 4 January in it. */
export function firstIsoMonday(isoYear: number): number {
  const fourth = daysFromCivil(isoYear, 1, 4);
  return fourth - ((dayOfWeek(fourth) + 6) % 7);
}

/** The year that the day's ISO week belongs to (astronomical). */
export function isoYearOf(days: number): number {
  const year = yearOf(civilFromDays(days));
  if (days >= firstIsoMonday(year + 1)) return year + 1;
  return days < firstIsoMonday(year) ? year - 1 : year;
}

/** 1 … 53. */
export function isoWeekOf(days: number): number {
  return Math.floor((days - firstIsoMonday(isoYearOf(days))) / 7) + 1;
}
