import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../format-context.js';
import { TimeTz } from '../value.js';
import { END_DATE, MIN_DATE } from './calendar.js';
import { decodeDateTime } from './decode-datetime.js';
import { decodeTimeOnly } from './decode-time-only.js';
import { plainIsoDate, plainIsoTime, plainIsoTimeEnd, plainIsoTimestamp, plainIsoZone } from './iso-fast-path.js';
import { timeZoneOf } from './time-zone.js';
import {
  isValidTimestamp,
  joinTimestamp,
  MICROS_PER_SECOND,
  secondsOfTimestamp,
  shiftTimestamp,
  type Timestamp,
  timestampOutOfRange,
  UNIX_EPOCH_DAY,
} from './timestamp.js';

/** 1970-01-01 in microseconds since 2000. */
const UNIX_EPOCH: Timestamp = joinTimestamp(UNIX_EPOCH_DAY, 0);

/** date_in: days since 2000-01-01. @throws SqlError 22007, 22008 */
export function parseDate(text: string, cx: FormatContext): number {
  if (text.length === 10) {
    const plain = plainIsoDate(text);
    if (!Number.isNaN(plain)) return plain;
  }
  const { meaning, fields } = decodeDateTime(text, 'date', cx);
  if (meaning === 'epoch') return UNIX_EPOCH_DAY;
  if (meaning !== 'fields') return meaning === 'infinity' ? Infinity : -Infinity;
  const { days } = fields;
  if (days < MIN_DATE || days >= END_DATE) throw new SqlError(SqlState.datetimeFieldOverflow, `date out of range: "${text}"`);
  return days;
}

/** timestamp_in; a zone in the text is read and ignored. @throws SqlError 22007, 22008 */
export function parseTimestamp(text: string, cx: FormatContext): Timestamp {
  if (text.length >= 19) {
    const end = plainIsoTimeEnd(text, 11);
    if (end === text.length) {
      const plain = plainIsoTimestamp(text, end);
      if (!Number.isNaN(plain)) return plain;
    }
  }
  const { meaning, fields } = decodeDateTime(text, 'timestamp', cx);
  if (meaning === 'epoch') return UNIX_EPOCH;
  if (meaning !== 'fields') return meaning === 'infinity' ? Infinity : -Infinity;
  const value = joinTimestamp(fields.days, fields.timeMicros);
  if (!isValidTimestamp(value)) throw timestampOutOfRange(text);
  return value;
}

/** timestamptz_in; without a zone in the text the session's counts. @throws SqlError 22007, 22008, 22009, 22023 */
export function parseTimestampTz(text: string, cx: FormatContext): Timestamp {
  if (text.length >= 19) {
    const end = plainIsoTimeEnd(text, 11);
    const local = plainIsoTimestamp(text, end);
    if (!Number.isNaN(local)) {
      const offset = end === text.length ? timeZoneOf(cx.timeZone).offsetOfLocal(secondsOfTimestamp(local)) : plainIsoZone(text, end);
      if (!Number.isNaN(offset)) return shiftTimestamp(local, -offset);
    }
  }
  const { meaning, fields } = decodeDateTime(text, 'timestamp with time zone', cx);
  if (meaning === 'epoch') return UNIX_EPOCH;
  if (meaning !== 'fields') return meaning === 'infinity' ? Infinity : -Infinity;
  const value = joinTimestamp(fields.days, fields.timeMicros + fields.zone * MICROS_PER_SECOND);
  if (!isValidTimestamp(value)) throw timestampOutOfRange(text);
  return value;
}

/** time_in: microseconds since midnight. @throws SqlError 22007, 22008 */
export function parseTime(text: string, cx: FormatContext): number {
  if (text.length >= 8) {
    const end = plainIsoTimeEnd(text, 0);
    if (end === text.length) {
      const plain = plainIsoTime(text, 0, end);
      if (!Number.isNaN(plain)) return plain;
    }
  }
  return decodeTimeOnly(text, 'time', cx).fields.timeMicros;
}

/** timetz_in. @throws SqlError 22007, 22008, 22009 */
export function parseTimeTz(text: string, cx: FormatContext): TimeTz {
  const { fields } = decodeTimeOnly(text, 'time with time zone', cx);
  return new TimeTz(fields.timeMicros, fields.zone);
}
