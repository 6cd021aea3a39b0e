import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../format-context.js';
import { Interval, TimeTz } from '../value.js';
import { dateToTimestamp, fromLocal, toLocal } from './arithmetic.js';
import { formatInterval } from './format.js';
import { nameOfOffset, type TimeZone, timeZoneOf } from './time-zone.js';
import {
  dayOfTimestamp,
  isInfinite,
  isValidTimestamp,
  joinTimestamp,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  SECONDS_PER_DAY,
  secondsOfTimestamp,
  type Timestamp,
  timeOfTimestamp,
} from './timestamp.js';
import { ZONE_ABBREVIATIONS } from './zone-abbreviations.js';

/** The zone that AT TIME ZONE names: an abbreviation first, then a full or POSIX name. @throws SqlError 22023 */
export function zoneOfText(name: string): TimeZone {
  const abbreviation = ZONE_ABBREVIATIONS.get(name.toLowerCase());
  return timeZoneOf(abbreviation === undefined ? name : nameOfOffset(abbreviation.offset));
}

/** AT TIME ZONE interval '…'. @throws SqlError 22023 when it has months or days */
export function zoneOfInterval(interval: Interval, cx: FormatContext): TimeZone {
  if (interval.months !== 0 || interval.days !== 0) {
    throw new SqlError(
      SqlState.invalidParameterValue,
      `interval time zone "${formatInterval(interval, { ...cx, intervalStyle: 'postgres' })}" must not include months or days`,
    );
  }
  return timeZoneOf(nameOfOffset(Math.trunc(Number(interval.micros) / MICROS_PER_SECOND)));
}

/** timestamp AT TIME ZONE: the instant of that wall clock; also the cast to timestamptz with the session's zone. */
export function timestampInZone(local: Timestamp, zone: TimeZone): Timestamp {
  return isInfinite(local) ? local : fromLocal(local, zone);
}

/** timestamptz AT TIME ZONE: the wall clock there; also the cast to timestamp with the session's zone. */
export function timestampTzInZone(value: Timestamp, zone: TimeZone): Timestamp {
  return isInfinite(value) ? value : toLocal(value, zone);
}

/** timetz AT TIME ZONE; a zone with summer time has the offset of the transaction's start. */
export function timeTzInZone(value: TimeTz, zone: TimeZone, cx: FormatContext): TimeTz {
  const west = -zone.offsetAt(secondsOfTimestamp(cx.transactionStartMicros)) || 0;
  const micros = (value.micros + (value.zone - west) * MICROS_PER_SECOND) % MICROS_PER_DAY;
  return new TimeTz(micros < 0 ? micros + MICROS_PER_DAY : micros, west);
}

export function timestampToTimestampTz(local: Timestamp, cx: FormatContext): Timestamp {
  return timestampInZone(local, timeZoneOf(cx.timeZone));
}

export function timestampTzToTimestamp(value: Timestamp, cx: FormatContext): Timestamp {
  return timestampTzInZone(value, timeZoneOf(cx.timeZone));
}

/** Midnight in the session's zone. @throws SqlError 22008 */
export function dateToTimestampTz(date: number, cx: FormatContext): Timestamp {
  if (!Number.isFinite(date)) return date;
  const local = dateToTimestamp(date);
  const offset = timeZoneOf(cx.timeZone).offsetOfLocal(date * SECONDS_PER_DAY);
  const value = joinTimestamp(dayOfTimestamp(local), -offset * MICROS_PER_SECOND);
  if (!isValidTimestamp(value)) throw new SqlError(SqlState.datetimeFieldOverflow, 'date out of range for timestamp');
  return value;
}

export function timestampToDate(value: Timestamp): number {
  return isInfinite(value) ? Number(value) : dayOfTimestamp(value);
}

export function timestampTzToDate(value: Timestamp, cx: FormatContext): number {
  return timestampToDate(timestampTzToTimestamp(value, cx));
}

/** Null for the infinities. */
export function timestampToTime(value: Timestamp): number | null {
  return isInfinite(value) ? null : timeOfTimestamp(value, dayOfTimestamp(value));
}

export function timestampTzToTime(value: Timestamp, cx: FormatContext): number | null {
  return timestampToTime(timestampTzToTimestamp(value, cx));
}

export function timestampTzToTimeTz(value: Timestamp, cx: FormatContext): TimeTz | null {
  if (isInfinite(value)) return null;
  const offset = timeZoneOf(cx.timeZone).offsetAt(secondsOfTimestamp(value));
  const local = timestampTzToTimestamp(value, cx);
  return new TimeTz(timeOfTimestamp(local, dayOfTimestamp(local)), -offset || 0);
}

/** The session's zone as it is at that time of the transaction's day. */
export function timeToTimeTz(time: number, cx: FormatContext): TimeTz {
  const zone = timeZoneOf(cx.timeZone);
  const today = dayOfTimestamp(toLocal(cx.transactionStartMicros, zone));
  const offset = zone.offsetOfLocal(today * SECONDS_PER_DAY + Math.floor(time / MICROS_PER_SECOND));
  return new TimeTz(time, -offset || 0);
}

/** interval → time: the time part around the clock. */
export function intervalToTime(interval: Interval): number {
  const rest = Number(BigInt(interval.micros) % BigInt(MICROS_PER_DAY));
  return rest < 0 ? rest + MICROS_PER_DAY : rest;
}

export function timeToInterval(time: number): Interval {
  return new Interval(0, 0, time);
}
