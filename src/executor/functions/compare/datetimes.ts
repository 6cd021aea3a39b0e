import { compareIntervals, compareTimeTz } from '../../../types/datetime/order.js';
import { timeZoneOf } from '../../../types/datetime/time-zone.js';
import {
  compareTimestamps,
  isInfinite,
  joinTimestamp,
  SECONDS_PER_DAY,
  shiftTimestamp,
  type Timestamp,
} from '../../../types/datetime/timestamp.js';
import { timestampToTimestampTz } from '../../../types/datetime/zone-conversion.js';
import type { Interval, SqlValue, TimeTz } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

/** Midnight without a check of its range: dates reach further than timestamps, and compare as if those went on. */
function midnight(date: number): Timestamp {
  return isInfinite(date) ? date : joinTimestamp(date, 0);
}

function midnightTz(date: number, cx: FunctionContext): Timestamp {
  if (isInfinite(date)) return date;
  return shiftTimestamp(joinTimestamp(date, 0), -timeZoneOf(cx.format.timeZone).offsetOfLocal(date * SECONDS_PER_DAY));
}

type CrossCompare<A, B> = (a: A, b: B, cx: FunctionContext) => number;
type Scalars = Record<string, ScalarFunction>;

/** The six comparisons of two types over their order, by names such as `date_%_timestamp`. */
function comparisons<A extends SqlValue, B extends SqlValue>(pattern: string, compare: CrossCompare<A, B>): Scalars {
  const named = (op: string): string => pattern.replace('%', op);
  return {
    [named('eq')]: (a: A, b: B, cx: FunctionContext) => compare(a, b, cx) === 0,
    [named('ne')]: (a: A, b: B, cx: FunctionContext) => compare(a, b, cx) !== 0,
    [named('lt')]: (a: A, b: B, cx: FunctionContext) => compare(a, b, cx) < 0,
    [named('le')]: (a: A, b: B, cx: FunctionContext) => compare(a, b, cx) <= 0,
    [named('gt')]: (a: A, b: B, cx: FunctionContext) => compare(a, b, cx) > 0,
    [named('ge')]: (a: A, b: B, cx: FunctionContext) => compare(a, b, cx) >= 0,
    [named('cmp')]: compare,
  };
}

const dateToTimestamp: CrossCompare<number, Timestamp> = (a, b) => compareTimestamps(midnight(a), b);
const dateToTimestampTz: CrossCompare<number, Timestamp> = (a, b, cx) => compareTimestamps(midnightTz(a, cx), b);
const timestampToTz: CrossCompare<Timestamp, Timestamp> = (a, b, cx) => compareTimestamps(timestampToTimestampTz(a, cx.format), b);

function turned<A, B>(compare: CrossCompare<A, B>): CrossCompare<B, A> {
  return (a, b, cx) => -compare(b, a, cx);
}

const compareNumbers = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

export const datetimeComparisons: FunctionTable = {
  scalar: {
    date_eq: (a: number, b: number) => a === b,
    date_ne: (a: number, b: number) => a !== b,
    date_lt: (a: number, b: number) => a < b,
    date_le: (a: number, b: number) => a <= b,
    date_gt: (a: number, b: number) => a > b,
    date_ge: (a: number, b: number) => a >= b,
    date_cmp: compareNumbers,
    time_eq: (a: number, b: number) => a === b,
    time_ne: (a: number, b: number) => a !== b,
    time_lt: (a: number, b: number) => a < b,
    time_le: (a: number, b: number) => a <= b,
    time_gt: (a: number, b: number) => a > b,
    time_ge: (a: number, b: number) => a >= b,
    time_cmp: compareNumbers,
    timestamp_eq: (a: Timestamp, b: Timestamp) => a === b,
    timestamp_ne: (a: Timestamp, b: Timestamp) => a !== b,
    timestamp_lt: (a: Timestamp, b: Timestamp) => a < b,
    timestamp_le: (a: Timestamp, b: Timestamp) => a <= b,
    timestamp_gt: (a: Timestamp, b: Timestamp) => a > b,
    timestamp_ge: (a: Timestamp, b: Timestamp) => a >= b,
    timestamp_cmp: compareTimestamps,
    ...comparisons<TimeTz, TimeTz>('timetz_%', compareTimeTz),
    ...comparisons<Interval, Interval>('interval_%', compareIntervals),
    ...comparisons('date_%_timestamp', dateToTimestamp),
    ...comparisons('date_%_timestamptz', dateToTimestampTz),
    ...comparisons('timestamp_%_date', turned(dateToTimestamp)),
    ...comparisons('timestamptz_%_date', turned(dateToTimestampTz)),
    ...comparisons('timestamp_%_timestamptz', timestampToTz),
    ...comparisons('timestamptz_%_timestamp', turned(timestampToTz)),

    date_larger: (a: number, b: number) => Math.max(a, b),
    date_smaller: (a: number, b: number) => Math.min(a, b),
    time_larger: (a: number, b: number) => Math.max(a, b),
    time_smaller: (a: number, b: number) => Math.min(a, b),
    timestamp_larger: (a: Timestamp, b: Timestamp) => (a > b ? a : b),
    timestamp_smaller: (a: Timestamp, b: Timestamp) => (a < b ? a : b),
    timetz_larger: (a: TimeTz, b: TimeTz) => (compareTimeTz(a, b) > 0 ? a : b),
    timetz_smaller: (a: TimeTz, b: TimeTz) => (compareTimeTz(a, b) < 0 ? a : b),
    interval_larger: (a: Interval, b: Interval) => (compareIntervals(a, b) > 0 ? a : b),
    interval_smaller: (a: Interval, b: Interval) => (compareIntervals(a, b) < 0 ? a : b),
  },
};
