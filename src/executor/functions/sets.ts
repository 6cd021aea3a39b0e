import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { timestampAdd, timestampTzAdd } from '../../types/datetime/arithmetic.js';
import { compareIntervals } from '../../types/datetime/order.js';
import { isInfinite, type Timestamp } from '../../types/datetime/timestamp.js';
import type { Int8 } from '../../types/integer.js';
import { canonicalInt8 } from '../../types/integer.js';
import { compareNumeric, NUMERIC_ONE } from '../../types/numeric/numeric.js';
import { Interval, Numeric, type Row, SqlArray, type SqlValue } from '../../types/value.js';
import type { FunctionContext } from '../context.js';
import type { FunctionTable } from './table.js';

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message);
}

const zeroStep = (): SqlError => invalid('step size cannot equal zero');

function* integers(start: Int8, stop: Int8, step: Int8): Generator<SqlValue> {
  if (step === 0) throw zeroStep();
  if (typeof start === 'number' && typeof stop === 'number' && typeof step === 'number' && isSafe(start, stop, step)) {
    if (step > 0) for (let value = start; value <= stop; value += step) yield value;
    else for (let value = start; value >= stop; value += step) yield value;
    return;
  }
  const end = BigInt(stop);
  const stride = BigInt(step);
  for (let value = BigInt(start); stride > 0n ? value <= end : value >= end; value += stride) {
    yield canonicalInt8(value);
  }
}

function isSafe(start: number, stop: number, step: number): boolean {
  return Number.isSafeInteger(start + step) && Number.isSafeInteger(stop + step);
}

function integerSeries(args: readonly SqlValue[]): Generator<SqlValue> {
  const [start, stop, step = 1] = args as readonly Int8[];
  return integers(start ?? 0, stop ?? 0, step);
}

function checkFinite(value: Numeric, what: string): void {
  if (value.decimal.isNaN()) throw invalid(`${what} cannot be NaN`);
  if (!value.decimal.isFinite()) throw invalid(`${what} cannot be infinity`);
}

function* numericSeries(args: readonly SqlValue[]): Generator<SqlValue> {
  const [start, stop, step = NUMERIC_ONE] = args;
  if (!(start instanceof Numeric && stop instanceof Numeric && step instanceof Numeric)) return;
  checkFinite(start, 'start value');
  checkFinite(stop, 'stop value');
  checkFinite(step, 'step size');
  if (step.decimal.isZero()) throw zeroStep();
  const ascending = step.decimal.isPositive();
  for (let value = start; ascending ? compareNumeric(value, stop) <= 0 : compareNumeric(value, stop) >= 0; ) {
    yield value;
    // What is beyond numeric's range is beyond the last value too, so it is no error.
    value = new Numeric(value.decimal.plus(step.decimal), Math.max(value.scale, step.scale));
  }
}

const NO_TIME = new Interval(0, 0, 0);

function* timestampSeries(
  args: readonly SqlValue[],
  cx: FunctionContext,
  add: (value: Timestamp, step: Interval, cx: FunctionContext) => Timestamp,
): Generator<SqlValue> {
  const [start, stop, step] = args;
  if (!isTimestamp(start) || !isTimestamp(stop) || !(step instanceof Interval)) return;
  const direction = compareIntervals(step, NO_TIME);
  if (direction === 0) throw zeroStep();
  let value = start;
  while (direction > 0 ? value <= stop : value >= stop) {
    yield value;
    if (isInfinite(value)) return;
    value = add(value, step, cx);
  }
}

function isTimestamp(value: SqlValue | undefined): value is Timestamp {
  return typeof value === 'number' || typeof value === 'bigint';
}

function* subscripts(array: SqlValue, dimension: SqlValue, reverse: SqlValue): Generator<SqlValue> {
  if (!(array instanceof SqlArray) || typeof dimension !== 'number') return;
  const size = array.dimensions[dimension - 1];
  const lower = array.lowerBounds[dimension - 1];
  if (size === undefined || lower === undefined) return;
  if (reverse === true) for (let i = lower + size - 1; i >= lower; i--) yield i;
  else for (let i = lower; i < lower + size; i++) yield i;
}

function elements(array: SqlValue): Iterable<SqlValue> {
  return array instanceof SqlArray ? array.elements : [];
}

export const setFunctions: FunctionTable = {
  set: {
    generate_series_int4: integerSeries,
    generate_series_step_int4: integerSeries,
    generate_series_int8: integerSeries,
    generate_series_step_int8: integerSeries,
    generate_series_numeric: numericSeries,
    generate_series_step_numeric: numericSeries,
    generate_series_timestamp: (args, cx) => timestampSeries(args, cx, timestampAdd),
    generate_series_timestamptz: (args, cx) => timestampSeries(args, cx, (value, step) => timestampTzAdd(value, step, cx.format)),
    generate_subscripts: (args) => subscripts(args[0] ?? null, args[1] ?? null, args[2] ?? null),
    generate_subscripts_nodir: (args) => subscripts(args[0] ?? null, args[1] ?? null, false),
    array_unnest: (args) => elements(args[0] ?? null),
    '_pg_expandarray(anyarray)': (args) => expanded(args[0] ?? null),
  },
};

/** information_schema._pg_expandarray: (element, its place from 1). */
function* expanded(array: SqlValue): Generator<Row> {
  if (!(array instanceof SqlArray)) return;
  let place = 1;
  for (const element of array.elements) yield [element, place++];
}
