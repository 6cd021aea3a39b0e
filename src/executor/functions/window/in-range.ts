import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import {
  dateToTimestamp,
  timestampAdd,
  timestampSubtractInterval,
  timestampTzAdd,
  timestampTzSubtractInterval,
  timeTzAdd,
  timeTzSubtractInterval,
} from '../../../types/datetime/arithmetic.js';
import { intervalAdd, intervalSubtract } from '../../../types/datetime/interval-arithmetic.js';
import { compareIntervals, compareTimeTz } from '../../../types/datetime/order.js';
import type { Timestamp } from '../../../types/datetime/timestamp.js';
import type { Int8 } from '../../../types/integer.js';
import { numericAdd, numericSubtract } from '../../../types/numeric/arithmetic.js';
import { compareNumeric, NUMERIC_ZERO } from '../../../types/numeric/numeric.js';
import { Interval, type Numeric, type TimeTz } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** in_range(value, base, offset, subtract, less): is value <= (less) or >= base ± offset? For RANGE frames; sums beyond a type's ends are just far away. */

function invalidSize(): SqlError {
  return new SqlError(SqlState.invalidPrecedingOrFollowingSize, 'invalid preceding or following size in window function');
}

function integers(value: Int8, base: Int8, offset: Int8, subtract: boolean, less: boolean): boolean {
  if (offset < 0) throw invalidSize();
  const delta = subtract ? -BigInt(offset) : BigInt(offset);
  const bound = BigInt(base) + delta;
  return less ? BigInt(value) <= bound : BigInt(value) >= bound;
}

/** Safe numbers need no bigint. */
function numbers(value: Int8, base: Int8, offset: Int8, subtract: boolean, less: boolean): boolean {
  if (typeof value !== 'number' || typeof base !== 'number' || typeof offset !== 'number') {
    return integers(value, base, offset, subtract, less);
  }
  if (offset < 0) throw invalidSize();
  const bound = subtract ? base - offset : base + offset;
  if (!Number.isSafeInteger(bound)) return integers(value, base, offset, subtract, less);
  return less ? value <= bound : value >= bound;
}

/** NaN is above all others and equal to itself; infinities are reached from infinities alone. */
function floats(value: number, base: number, offset: number, subtract: boolean, less: boolean): boolean {
  if (Number.isNaN(offset) || offset < 0) throw invalidSize();
  if (Number.isNaN(value)) return Number.isNaN(base) ? true : !less;
  if (Number.isNaN(base)) return less;
  if (!Number.isFinite(offset) && !Number.isFinite(base) && (subtract ? base > 0 : base < 0)) return true;
  const bound = subtract ? base - offset : base + offset;
  return less ? value <= bound : value >= bound;
}

function numerics(value: Numeric, base: Numeric, offset: Numeric, subtract: boolean, less: boolean): boolean {
  if (offset.decimal.isNaN() || compareNumeric(offset, NUMERIC_ZERO) < 0) throw invalidSize();
  if (value.decimal.isNaN()) return base.decimal.isNaN() ? true : !less;
  if (base.decimal.isNaN()) return less;
  const isUnbounded = !offset.decimal.isFinite() && !base.decimal.isFinite();
  if (isUnbounded && (subtract ? base.decimal.isPositive() : base.decimal.isNegative())) return true;
  const bound = subtract ? numericSubtract(base, offset) : numericAdd(base, offset);
  const order = compareNumeric(value, bound);
  return less ? order <= 0 : order >= 0;
}

const ZERO = new Interval(0, 0, 0);

function refuseNegative(offset: Interval): void {
  if (compareIntervals(offset, ZERO) < 0) throw invalidSize();
}

type Shift<T> = (base: T, offset: Interval, cx: FunctionContext) => T;

function times<T>(add: Shift<T>, subtract: Shift<T>, compare: (a: T, b: T) => number) {
  return (value: T, base: T, offset: Interval, subtracts: boolean, less: boolean, cx: FunctionContext): boolean => {
    refuseNegative(offset);
    const order = compare(value, (subtracts ? subtract : add)(base, offset, cx));
    return less ? order <= 0 : order >= 0;
  };
}

const byValue = (a: Timestamp, b: Timestamp): number => (a < b ? -1 : a > b ? 1 : 0);

const timestamps = times<Timestamp>(timestampAdd, timestampSubtractInterval, byValue);
const dates = (value: number, base: number, offset: Interval, subtract: boolean, less: boolean, cx: FunctionContext): boolean =>
  timestamps(dateToTimestamp(value), dateToTimestamp(base), offset, subtract, less, cx);

/** Unlike adding to a time, going over midnight goes beyond all times. */
function timesOfDay(value: number, base: number, offset: Interval, subtract: boolean, less: boolean): boolean {
  const micros = BigInt(offset.micros);
  if (micros < 0n) throw invalidSize();
  const bound = subtract ? BigInt(base) - micros : BigInt(base) + micros;
  return less ? BigInt(value) <= bound : BigInt(value) >= bound;
}

export const inRangeFunctions: FunctionTable = {
  scalar: {
    in_range_int2_int2: numbers,
    in_range_int2_int4: numbers,
    in_range_int2_int8: numbers,
    in_range_int4_int2: numbers,
    in_range_int4_int4: numbers,
    in_range_int4_int8: numbers,
    in_range_int8_int8: numbers,
    in_range_float4_float8: floats,
    in_range_float8_float8: floats,
    in_range_numeric_numeric: numerics,
    in_range_date_interval: dates,
    in_range_timestamp_interval: timestamps,
    in_range_timestamptz_interval: times<Timestamp>(
      (base, offset, cx) => timestampTzAdd(base, offset, cx.format),
      (base, offset, cx) => timestampTzSubtractInterval(base, offset, cx.format),
      byValue,
    ),
    in_range_interval_interval: times<Interval>(intervalAdd, intervalSubtract, compareIntervals),
    in_range_time_interval: timesOfDay,
    in_range_timetz_interval: times<TimeTz>(timeTzAdd, timeTzSubtractInterval, compareTimeTz),
  },
};
