import { roundHalfEven } from '../rounding.js';
import { ALL_SECONDS_MASK, DATE_MASK, type DateOrder, fractionMicros, leadingInteger, Mask, TIME_MASK, type TimeFields } from './fields.js';
import { isDigit, isLetter } from './lexer.js';
import type { ParseErrors } from './parse-errors.js';
import { MICROS_PER_SECOND } from './timestamp.js';
import { dateTokenOf } from './tokens.js';

/**
 * Each of these reads one field into `into` and returns the mask of what it set. `seen` is the mask of what is there already.
 * A number's meaning follows from its length, from what came before, and from DateStyle's order.
 */

/** hh:mm, hh:mm:ss, hh:mm:ss.f, and mm:ss.f. @throws SqlError 22007, 22008 */
export function decodeTime(text: string, into: TimeFields, errors: ParseErrors): number {
  const hour = leadingInteger(text, 0, errors);
  if (text[hour.end] !== ':') throw errors.badFormat();
  const minute = leadingInteger(text, hour.end + 1, errors);
  into.hour = hour.value;
  into.minute = minute.value;
  into.second = 0;
  into.micros = 0;
  const next = text[minute.end];
  if (next === '.') {
    into.micros = fractionMicros(text, minute.end, errors);
    into.second = minute.value;
    into.minute = hour.value;
    into.hour = 0;
  } else if (next === ':') {
    const second = leadingInteger(text, minute.end + 1, errors);
    into.second = second.value;
    if (text[second.end] === '.') into.micros = fractionMicros(text, second.end, errors);
    else if (second.end < text.length) throw errors.badFormat();
  } else if (next !== undefined) {
    throw errors.badFormat();
  }
  if (into.hour < 0 || into.minute < 0 || into.minute > 59 || into.second < 0 || into.second > 60) throw errors.fieldOverflow();
  return TIME_MASK;
}

/** Digits run together: yyyymmdd, yymmdd, hhmmss, hhmm, hhmmss.f. @throws SqlError 22007 */
export function decodeRunTogether(text: string, seen: number, into: TimeFields, errors: ParseErrors): number {
  const point = text.indexOf('.');
  const digits = point < 0 ? text : text.slice(0, point);
  if (point >= 0) {
    into.micros = roundHalfEven(Number(`0${text.slice(point)}`) * MICROS_PER_SECOND) || 0;
  } else if ((seen & DATE_MASK) !== DATE_MASK && digits.length >= 6) {
    const length = digits.length;
    into.day = Number(digits.slice(length - 2));
    into.month = Number(digits.slice(length - 4, length - 2));
    const year = Number(digits.slice(0, length - 4));
    if (year > 0x7fffffff) throw errors.fieldOverflow();
    into.year = year;
    if (length - 4 === 2) into.isShortYear = true;
    return DATE_MASK;
  }
  if ((seen & TIME_MASK) !== TIME_MASK && (digits.length === 6 || digits.length === 4)) {
    into.hour = Number(digits.slice(0, 2));
    into.minute = Number(digits.slice(2, 4));
    into.second = digits.length === 6 ? Number(digits.slice(4)) : 0;
    return TIME_MASK;
  }
  throw errors.badFormat();
}

/** A number on its own: part of a date, by order, or a time run together. @throws SqlError 22007, 22008 */
export function decodeNumber(
  text: string,
  hasTextMonth: boolean,
  seen: number,
  order: DateOrder,
  into: TimeFields,
  errors: ParseErrors,
): number {
  const { value, end } = leadingInteger(text, 0, errors);
  if (end === 0) throw errors.badFormat();
  if (text[end] === '.') {
    if (end > 2) return decodeRunTogether(text, seen | DATE_MASK, into, errors);
    into.micros = fractionMicros(text, end, errors);
  } else if (end < text.length) {
    throw errors.badFormat();
  }
  const { length } = text;
  if (length === 3 && (seen & DATE_MASK) === Mask.year && value >= 1 && value <= 366) {
    into.dayOfYear = value;
    return Mask.dayOfYear | Mask.month | Mask.day;
  }
  switch (seen & DATE_MASK) {
    case 0:
      if (length >= 3 || order === 'YMD') return setYear(into, value, length);
      return order === 'DMY' ? setDay(into, value) : setMonth(into, value);
    case Mask.year:
    case Mask.day:
      return setMonth(into, value);
    case Mask.month:
      if (hasTextMonth && (length >= 3 || order === 'YMD')) return setYear(into, value, length);
      return setDay(into, value);
    case Mask.year | Mask.month:
      if (hasTextMonth && length >= 3 && into.isShortYear) {
        // What was taken for the year was the day: '08-jan-1999' in YMD order.
        into.day = into.year;
        into.year = value;
        into.isShortYear = false;
        return Mask.day;
      }
      return setDay(into, value);
    case Mask.month | Mask.day:
      return setYear(into, value, length);
    case DATE_MASK:
      return decodeRunTogether(text, seen, into, errors);
    default:
      throw errors.badFormat();
  }
}

function setYear(into: TimeFields, value: number, length: number): number {
  into.year = value;
  into.isShortYear = length <= 2;
  return Mask.year;
}

function setMonth(into: TimeFields, value: number): number {
  into.month = value;
  return Mask.month;
}

function setDay(into: TimeFields, value: number): number {
  into.day = value;
  return Mask.day;
}

/** Runs of digits and of letters, whatever stands between them. */
function splitDate(text: string): string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const accept = isDigit(code) ? isDigit : isLetter(code) ? isLetter : undefined;
    if (accept === undefined) {
      at++;
      continue;
    }
    const start = at;
    while (at < text.length && accept(text.charCodeAt(at))) at++;
    parts.push(text.slice(start, at));
    // The character behind a part separates, whatever it is.
    if (at < text.length && !isDigit(text.charCodeAt(at)) && !isLetter(text.charCodeAt(at))) at++;
  }
  return parts;
}

/** '1999-01-08', '8-jan-99', '1999.008': a whole date in one field. @throws SqlError 22007, 22008 */
export function decodeDate(text: string, seen: number, order: DateOrder, into: TimeFields, errors: ParseErrors): number {
  let mask = seen;
  let set = 0;
  let hasTextMonth = false;
  const add = (bits: number): void => {
    if (mask & bits) throw errors.badFormat();
    mask |= bits;
    set |= bits;
  };
  // One separator at the end is let pass, two are not.
  if (/[^a-z0-9]{2}$/.test(text)) throw errors.badFormat();
  const parts = splitDate(text);
  for (const part of parts) {
    if (!isLetter(part.charCodeAt(0))) continue;
    const token = dateTokenOf(part);
    if (token?.kind === 'ignored') continue;
    if (token?.kind !== 'month') throw errors.badFormat();
    into.month = token.value;
    hasTextMonth = true;
    add(Mask.month);
  }
  for (const part of parts) {
    if (isDigit(part.charCodeAt(0))) add(decodeNumber(part, hasTextMonth, mask, order, into, errors));
  }
  if ((mask & ~(Mask.dayOfYear | Mask.zone)) !== DATE_MASK) throw errors.badFormat();
  return set;
}

/** A number that a unit before it labels. @throws SqlError 22007, 22008 */
export function decodeLabelled(text: string, unit: string, seen: number, into: TimeFields, errors: ParseErrors): number {
  const { value, end } = leadingInteger(text, 0, errors);
  const hasFraction = text[end] === '.';
  if (hasFraction ? unit !== 'second' && unit !== 'julian' : end < text.length) throw errors.badFormat();
  switch (unit) {
    case 'year':
      into.year = value;
      return Mask.year;
    case 'month':
      // After a month and an hour, "m" means minutes.
      if (seen & Mask.month && seen & Mask.hour) {
        into.minute = value;
        return Mask.minute;
      }
      into.month = value;
      return Mask.month;
    case 'day':
      into.day = value;
      return Mask.day;
    case 'hour':
      into.hour = value;
      return Mask.hour;
    case 'minute':
      into.minute = value;
      return Mask.minute;
    case 'second':
      into.second = value;
      if (!hasFraction) return Mask.second;
      into.micros = fractionMicros(text, end, errors);
      return ALL_SECONDS_MASK;
    case 'julian':
      if (value < 0) throw errors.fieldOverflow();
      into.setJulianDay(value);
      if (!hasFraction) return DATE_MASK;
      into.setTime(roundHalfEven(Number(`0${text.slice(end)}`) * 86_400 * MICROS_PER_SECOND));
      return DATE_MASK | TIME_MASK;
    default:
      throw errors.badFormat();
  }
}
