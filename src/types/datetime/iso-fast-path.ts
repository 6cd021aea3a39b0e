import { daysFromCivil, daysInMonth } from './calendar.js';
import { joinTimestamp, MICROS_PER_SECOND, type Timestamp } from './timestamp.js';

/** No date or time: the text isn't of the plain ISO form, and the full decoder must read it. */
export const NOT_PLAIN = Number.NaN;

/** Two digits as a number; NaN when they aren't digits. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** The days of 'yyyy-mm-dd' at the text's start. */
export function plainIsoDate(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NOT_PLAIN;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return NOT_PLAIN;
  return daysFromCivil(year, month, day);
}

/** Where the time of plainIsoTime ended. Kept beside the time so that reading one allocates nothing. */
export function plainIsoTimeEnd(text: string, from: number): number {
  let at = from + 8;
  if (text.charCodeAt(at) !== 46) return at;
  at++;
  while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
  return at;
}

/** The microseconds of 'hh:mm:ss' or 'hh:mm:ss.ffffff' at an offset. */
export function plainIsoTime(text: string, from: number, end: number): number {
  if (text.charCodeAt(from + 2) !== 58 || text.charCodeAt(from + 5) !== 58) return NOT_PLAIN;
  const hour = two(text, from);
  const minute = two(text, from + 3);
  const second = two(text, from + 6);
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return NOT_PLAIN;
  let micros = 0;
  const digits = end - from - 9;
  if (digits > 6) return NOT_PLAIN;
  for (let i = 0; i < 6; i++) micros = micros * 10 + (i < digits ? text.charCodeAt(from + 9 + i) - 48 : 0);
  return (hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND + micros;
}

/** The seconds EAST of 'Z', '+hh', '+hhmm' or '+hh:mm' from an offset to the text's end. */
export function plainIsoZone(text: string, from: number): number {
  const sign = text.charCodeAt(from);
  const length = text.length - from;
  if (length === 1 && (sign === 90 || sign === 122)) return 0;
  if (sign !== 43 && sign !== 45) return NOT_PLAIN;
  const hasColon = text.charCodeAt(from + 3) === 58;
  if (length !== 3 && length !== (hasColon ? 6 : 5)) return NOT_PLAIN;
  const minutes = length === 3 ? 0 : two(text, from + (hasColon ? 4 : 3));
  const hours = two(text, from + 1);
  if (!(hours <= 15 && minutes <= 59)) return NOT_PLAIN;
  const size = hours * 3600 + minutes * 60;
  return sign === 43 ? size : -size;
}

/** 'yyyy-mm-dd hh:mm:ss[.f]', also with a T, and nothing behind it but (when `end` is given) a zone. */
export function plainIsoTimestamp(text: string, end: number): Timestamp {
  const separator = text.charCodeAt(10);
  if (separator !== 32 && separator !== 84) return NOT_PLAIN;
  const days = plainIsoDate(text);
  const micros = plainIsoTime(text, 11, end);
  if (Number.isNaN(days) || Number.isNaN(micros)) return NOT_PLAIN;
  return joinTimestamp(days, micros);
}
