import { overlaps, timeAdd, timestampAdd, timestampTzAdd } from '../../../types/datetime/arithmetic.js';
import { justifyDays, justifyHours, justifyInterval, makeInterval } from '../../../types/datetime/interval-arithmetic.js';
import { makeDate, makeTime, makeTimestamp, makeTimestampTz, timestampTzOfEpoch } from '../../../types/datetime/make.js';
import { compareTimeTz } from '../../../types/datetime/order.js';
import { timeZoneOf } from '../../../types/datetime/time-zone.js';
import { compareTimestamps, isInfinite, type Timestamp } from '../../../types/datetime/timestamp.js';
import { timestampInZone, timestampTzInZone, timeTzInZone, zoneOfInterval, zoneOfText } from '../../../types/datetime/zone-conversion.js';
import type { Interval, TimeTz } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

type Add<T> = (value: T, interval: Interval, cx: FunctionContext) => T;

/** OVERLAPS with a length instead of an end: on the left, on the right, or both. */
function overlapsByLength<T>(
  add: Add<T>,
  compare: (a: T, b: T) => number,
): { readonly left: ScalarFunction; readonly right: ScalarFunction; readonly both: ScalarFunction } {
  const end = (start: T | null, length: Interval | null, cx: FunctionContext): T | null =>
    start === null || length === null ? null : add(start, length, cx);
  return {
    left: (a: T | null, length: Interval | null, b: T | null, bEnd: T | null, cx: FunctionContext) =>
      overlaps(a, end(a, length, cx), b, bEnd, compare),
    right: (a: T | null, aEnd: T | null, b: T | null, length: Interval | null, cx: FunctionContext) =>
      overlaps(a, aEnd, b, end(b, length, cx), compare),
    both: (a: T | null, aLength: Interval | null, b: T | null, bLength: Interval | null, cx: FunctionContext) =>
      overlaps(a, end(a, aLength, cx), b, end(b, bLength, cx), compare),
  };
}

const compareTimes = (a: number, b: number): number => a - b;
const times = overlapsByLength<number>(timeAdd, compareTimes);
const timestamps = overlapsByLength<Timestamp>(timestampAdd, compareTimestamps);
const timestampsTz = overlapsByLength<Timestamp>((value, interval, cx) => timestampTzAdd(value, interval, cx.format), compareTimestamps);

type Nullable<T> = T | null;

export const makeFunctions: FunctionTable = {
  scalar: {
    make_date: makeDate,
    make_time: makeTime,
    make_timestamp: makeTimestamp,
    make_timestamptz: (y: number, mo: number, d: number, h: number, mi: number, s: number, cx: FunctionContext) =>
      makeTimestampTz(y, mo, d, h, mi, s, timeZoneOf(cx.format.timeZone)),
    make_timestamptz_at_timezone: (y: number, mo: number, d: number, h: number, mi: number, s: number, zone: string) =>
      makeTimestampTz(y, mo, d, h, mi, s, zoneOfText(zone)),
    make_interval: makeInterval,
    float8_timestamptz: timestampTzOfEpoch,

    timestamp_zone: (zone: string, value: Timestamp) => (isInfinite(value) ? value : timestampInZone(value, zoneOfText(zone))),
    timestamp_izone: (zone: Interval, value: Timestamp, cx: FunctionContext) =>
      isInfinite(value) ? value : timestampInZone(value, zoneOfInterval(zone, cx.format)),
    timestamptz_zone: (zone: string, value: Timestamp) => (isInfinite(value) ? value : timestampTzInZone(value, zoneOfText(zone))),
    timestamptz_izone: (zone: Interval, value: Timestamp, cx: FunctionContext) =>
      isInfinite(value) ? value : timestampTzInZone(value, zoneOfInterval(zone, cx.format)),
    timetz_zone: (zone: string, value: TimeTz, cx: FunctionContext) => timeTzInZone(value, zoneOfText(zone), cx.format),
    timetz_izone: (zone: Interval, value: TimeTz, cx: FunctionContext) => timeTzInZone(value, zoneOfInterval(zone, cx.format), cx.format),

    interval_justify_hours: justifyHours,
    interval_justify_days: justifyDays,
    interval_justify_interval: justifyInterval,

    overlaps_time: (a: Nullable<number>, b: Nullable<number>, c: Nullable<number>, d: Nullable<number>) =>
      overlaps(a, b, c, d, compareTimes),
    overlaps_timetz: (a: Nullable<TimeTz>, b: Nullable<TimeTz>, c: Nullable<TimeTz>, d: Nullable<TimeTz>) =>
      overlaps(a, b, c, d, compareTimeTz),
    overlaps_timestamp: (a: Nullable<Timestamp>, b: Nullable<Timestamp>, c: Nullable<Timestamp>, d: Nullable<Timestamp>) =>
      overlaps(a, b, c, d, compareTimestamps),
    'overlaps(time,interval,time,time)': times.left,
    'overlaps(time,time,time,interval)': times.right,
    'overlaps(time,interval,time,interval)': times.both,
    'overlaps(timestamp,interval,timestamp,timestamp)': timestamps.left,
    'overlaps(timestamp,timestamp,timestamp,interval)': timestamps.right,
    'overlaps(timestamp,interval,timestamp,interval)': timestamps.both,
    'overlaps(timestamptz,interval,timestamptz,timestamptz)': timestampsTz.left,
    'overlaps(timestamptz,timestamptz,timestamptz,interval)': timestampsTz.right,
    'overlaps(timestamptz,interval,timestamptz,interval)': timestampsTz.both,
  },
};
