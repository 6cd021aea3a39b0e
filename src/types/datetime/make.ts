import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { formatGeneral } from '../float.js';
import { canonicalInt8 } from '../integer.js';
import { roundHalfEven } from '../rounding.js';
import { fromLocal } from './arithmetic.js';
import { daysFromCivil, daysInMonth, END_DATE, MIN_DATE } from './calendar.js';
import type { TimeZone } from './time-zone.js';
import { isValidTimestamp, joinTimestamp, MICROS_PER_DAY, MICROS_PER_SECOND, type Timestamp, UNIX_EPOCH_SECONDS } from './timestamp.js';

function overflow(message: string): SqlError {
  return new SqlError(SqlState.datetimeFieldOverflow, message);
}

const two = (n: number): string => (n < 0 ? `${n}` : `${n}`.padStart(2, '0'));

/** Days of a year as it is written: negative for BC. */
function checkedDays(year: number, month: number, day: number): number {
  const astronomical = year < 0 ? year + 1 : year;
  if (year === 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(astronomical, month)) {
    throw overflow(`date field value out of range: ${astronomical}-${two(month)}-${two(day)}`);
  }
  return daysFromCivil(astronomical, month, day);
}

/** make_date. @throws SqlError 22008 */
export function makeDate(year: number, month: number, day: number): number {
  const days = checkedDays(year, month, day);
  if (days < MIN_DATE || days >= END_DATE) throw overflow(`date out of range: ${year}-${two(month)}-${two(day)}`);
  return days;
}

/** C's %02g: six significant digits. */
function shortSeconds(seconds: number): string {
  if (Number.isNaN(seconds)) return 'nan';
  if (!Number.isFinite(seconds)) return seconds > 0 ? 'inf' : '-inf';
  return formatGeneral(seconds, 6).padStart(2, '0');
}

/** make_time: microseconds since midnight. @throws SqlError 22008 */
export function makeTime(hour: number, minute: number, seconds: number): number {
  const micros = roundHalfEven(seconds * MICROS_PER_SECOND);
  const total = (hour * 3600 + minute * 60) * MICROS_PER_SECOND + micros;
  if (!(hour >= 0 && minute >= 0 && minute < 60 && micros >= 0 && micros <= 60 * MICROS_PER_SECOND && total <= MICROS_PER_DAY)) {
    throw overflow(`time field value out of range: ${hour}:${two(minute)}:${shortSeconds(seconds)}`);
  }
  return total;
}

/** make_timestamp. @throws SqlError 22008 */
export function makeTimestamp(year: number, month: number, day: number, hour: number, minute: number, seconds: number): Timestamp {
  const days = checkedDays(year, month, day);
  const value = joinTimestamp(days, makeTime(hour, minute, seconds));
  if (!isValidTimestamp(value)) {
    throw overflow(`timestamp out of range: ${year}-${two(month)}-${two(day)} ${hour}:${two(minute)}:${shortSeconds(seconds)}`);
  }
  return value;
}

/** make_timestamptz: a wall clock's time in a zone. @throws SqlError 22008 */
export function makeTimestampTz(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  seconds: number,
  zone: TimeZone,
): Timestamp {
  return fromLocal(makeTimestamp(year, month, day, hour, minute, seconds), zone);
}

/** to_timestamp(float8): seconds since 1970. @throws SqlError 22008 */
export function timestampTzOfEpoch(seconds: number): Timestamp {
  if (Number.isNaN(seconds)) throw overflow('timestamp cannot be NaN');
  if (!Number.isFinite(seconds)) return seconds;
  const micros = roundHalfEven((seconds + UNIX_EPOCH_SECONDS) * MICROS_PER_SECOND);
  const value = Math.abs(micros) > 1e19 ? micros : canonicalInt8(BigInt(micros));
  if (!isValidTimestamp(value)) throw overflow(`timestamp out of range: "${formatGeneral(seconds, 6)}"`);
  return value;
}
