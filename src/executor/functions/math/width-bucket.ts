import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { outOfRange } from '../../../types/input-errors.js';
import { numericDivide, numericMultiply, numericSubtract } from '../../../types/numeric/arithmetic.js';
import { compareNumeric, numericOfInteger } from '../../../types/numeric/numeric.js';
import { numericFloor } from '../../../types/numeric/rounding.js';
import type { Numeric, SqlArray, SqlValue } from '../../../types/value.js';
import { compareOf, elementTypeOf } from '../codecs.js';
import { argType, type FunctionTable } from '../table.js';

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidArgumentForWidthBucket, message);
}

function checkCount(count: number): void {
  if (count <= 0) throw invalid('count must be greater than zero');
}

/** The bucket above the last. @throws SqlError 22003 */
function overflowBucket(count: number): number {
  if (count === 0x7fffffff) throw outOfRange('integer');
  return count + 1;
}

function bucketOfFloat(operand: number, low: number, high: number, count: number): number {
  checkCount(count);
  if (Number.isNaN(operand) || Number.isNaN(low) || Number.isNaN(high)) {
    throw invalid('operand, lower bound, and upper bound cannot be NaN');
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw invalid('lower and upper bounds must be finite');
  if (low === high) throw invalid('lower bound cannot equal upper bound');
  const ascending = low < high;
  if (ascending ? operand < low : operand > low) return 0;
  if (ascending ? operand >= high : operand <= high) return overflowBucket(count);
  // Halved where the span itself would overflow.
  const span = high - low;
  const part = Number.isFinite(span) ? (operand - low) / span : (operand / 2 - low / 2) / (high / 2 - low / 2);
  return Math.min(count, Math.floor(count * part) + 1);
}

function bucketOfNumeric(operand: Numeric, low: Numeric, high: Numeric, count: number): number {
  checkCount(count);
  if (operand.decimal.isNaN() || low.decimal.isNaN() || high.decimal.isNaN()) {
    throw invalid('operand, lower bound, and upper bound cannot be NaN');
  }
  if (!low.decimal.isFinite() || !high.decimal.isFinite()) throw invalid('lower and upper bounds must be finite');
  const direction = compareNumeric(low, high);
  if (direction === 0) throw invalid('lower bound cannot equal upper bound');
  const below = compareNumeric(operand, low) * -direction;
  if (below < 0) return 0;
  if (compareNumeric(operand, high) * -direction >= 0) return overflowBucket(count);
  const part = numericDivide(numericMultiply(numericSubtract(operand, low), numericOfInteger(count)), numericSubtract(high, low));
  return Math.min(count, numericFloor(part).decimal.toNumber() + 1);
}

/** Which of the sorted thresholds' intervals the operand lies in: how many are not above it. */
function bucketOfArray(operand: SqlValue, thresholds: SqlArray, compare: (a: SqlValue, b: SqlValue) => number): number {
  if (thresholds.dimensions.length > 1) throw new SqlError(SqlState.arraySubscriptError, 'thresholds must be one-dimensional array');
  if (thresholds.elements.includes(null)) throw new SqlError(SqlState.nullValueNotAllowed, 'thresholds array must not contain NULLs');
  let low = 0;
  let high = thresholds.elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(operand, thresholds.elements[middle] ?? null) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const widthBucketFunctions: FunctionTable = {
  scalar: {
    width_bucket_float8: bucketOfFloat,
    width_bucket_numeric: bucketOfNumeric,
  },
  typed: {
    width_bucket_array: (types) => {
      const compare = compareOf(elementTypeOf(argType(types, 1)));
      return (operand: SqlValue, thresholds: SqlArray) => bucketOfArray(operand, thresholds, compare);
    },
  },
};
