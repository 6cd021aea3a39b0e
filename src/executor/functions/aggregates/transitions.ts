import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { floatOverflow } from '../../../types/float.js';
import { type Int8, int8Add, int8Subtract } from '../../../types/integer.js';
import { numericDivide } from '../../../types/numeric/arithmetic.js';
import { numericOfInteger } from '../../../types/numeric/numeric.js';
import { type Numeric, SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

/**
 * PostgreSQL's transition, combine and final functions as functions of their own: built-in aggregates don't need them, those that users make of
 * them do.
 */

/** @throws SqlError 22023 for another state than such an aggregate has */
function numbersOf(state: SqlArray, length: number, name: string): number[] {
  if (state.elements.length !== length || state.dimensions.length !== 1) {
    throw new SqlError(SqlState.internalError, `${name}: expected ${length}-element float8 array`);
  }
  return state.elements.map(Number);
}

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;

/** N, Σx and Σ(x - mean)², by the method of Youngs and Cramer. */
function accumulate(state: SqlArray, value: number): SqlArray {
  const [n = 0, sum = 0, squares = 0] = numbersOf(state, 3, 'float8_accum');
  const count = n + 1;
  const total = sum + value;
  if (n === 0) return new SqlArray([count, total, Number.isFinite(value) ? squares : Number.NaN]);
  const deviation = value * count - total;
  const spread = squares + (deviation * deviation) / (count * n);
  if (!isInfinite(total) && !isInfinite(spread)) return new SqlArray([count, total, spread]);
  if (!isInfinite(sum) && !isInfinite(value)) throw floatOverflow();
  return new SqlArray([count, total, Number.NaN]);
}

/** Two sets' N, Σx and Σ(x - mean)² as one's. */
function merged(n1: number, sum1: number, spread1: number, n2: number, sum2: number, spread2: number): number[] {
  const difference = sum1 / n1 - sum2 / n2;
  const n = n1 + n2;
  const spread = spread1 + spread2 + (n1 * n2 * difference * difference) / n;
  if (isInfinite(spread) && !isInfinite(spread1) && !isInfinite(spread2)) throw floatOverflow();
  return [n, sum1 + sum2, spread];
}

function combine(a: SqlArray, b: SqlArray): SqlArray {
  const [n1 = 0, sum1 = 0, spread1 = 0] = numbersOf(a, 3, 'float8_combine');
  const [n2 = 0, sum2 = 0, spread2 = 0] = numbersOf(b, 3, 'float8_combine');
  if (n1 === 0) return b;
  if (n2 === 0) return a;
  return new SqlArray(merged(n1, sum1, spread1, n2, sum2, spread2));
}

/** N, Σx, Sxx, Σy, Syy, Sxy. */
function accumulatePair(state: SqlArray, y: number, x: number): SqlArray {
  const [n = 0, sumX = 0, xx = 0, sumY = 0, yy = 0, xy = 0] = numbersOf(state, 6, 'float8_regr_accum');
  const count = n + 1;
  const totalX = sumX + x;
  const totalY = sumY + y;
  if (n === 0) {
    const odd = (value: number): number => (Number.isFinite(value) ? 0 : Number.NaN);
    return new SqlArray([count, totalX, xx + odd(x), totalY, yy + odd(y), xy + odd(x) + odd(y)]);
  }
  const dx = x * count - totalX;
  const dy = y * count - totalY;
  const scale = 1 / (count * n);
  return new SqlArray([count, totalX, xx + dx * dx * scale, totalY, yy + dy * dy * scale, xy + dx * dy * scale]);
}

function combinePairs(a: SqlArray, b: SqlArray): SqlArray {
  const [n1 = 0, sumX1 = 0, xx1 = 0, sumY1 = 0, yy1 = 0, xy1 = 0] = numbersOf(a, 6, 'float8_regr_combine');
  const [n2 = 0, sumX2 = 0, xx2 = 0, sumY2 = 0, yy2 = 0, xy2 = 0] = numbersOf(b, 6, 'float8_regr_combine');
  if (n1 === 0) return b;
  if (n2 === 0) return a;
  const [n = 0, sumX = 0, xx = 0] = merged(n1, sumX1, xx1, n2, sumX2, xx2);
  const [, sumY = 0, yy = 0] = merged(n1, sumY1, yy1, n2, sumY2, yy2);
  const dx = sumX1 / n1 - sumX2 / n2;
  const dy = sumY1 / n1 - sumY2 / n2;
  return new SqlArray([n, sumX, xx, sumY, yy, xy1 + xy2 + (n1 * n2 * dx * dy) / n]);
}

function variance(state: SqlArray, isSample: boolean): number | null {
  const [n = 0, , squares = 0] = numbersOf(state, 3, 'float8_variance');
  if (n === 0 || (isSample && n <= 1)) return null;
  return squares / (isSample ? n - 1 : n);
}

const root = (value: number | null): number | null => (value === null ? null : Math.sqrt(value));

/** A count and a sum of integers. */
function pairOf(state: SqlArray): readonly [count: Int8, sum: Int8] {
  const [count, sum] = state.elements;
  if (state.elements.length !== 2 || !isInt8(count) || !isInt8(sum)) {
    throw new SqlError(SqlState.internalError, 'expected 2-element int8 array');
  }
  return [count, sum];
}

function isInt8(value: SqlValue | undefined): value is Int8 {
  return typeof value === 'number' || typeof value === 'bigint';
}

function counted(state: SqlArray, value: Int8): SqlArray {
  const [count, sum] = pairOf(state);
  return new SqlArray([int8Add(count, 1), int8Add(sum, value)]);
}

function uncounted(state: SqlArray, value: Int8): SqlArray {
  const [count, sum] = pairOf(state);
  return new SqlArray([int8Subtract(count, 1), int8Subtract(sum, value)]);
}

function average(state: SqlArray): Numeric | null {
  const [count, sum] = pairOf(state);
  return Number(count) === 0 ? null : numericDivide(numericOfInteger(sum), numericOfInteger(count));
}

/** The first value that is not NULL begins the sum. */
function summed(sum: Int8 | null, value: Int8 | null): Int8 | null {
  if (value === null) return sum;
  return sum === null ? value : int8Add(sum, value);
}

export const transitionFunctions: FunctionTable = {
  scalar: {
    float8_accum: accumulate,
    float4_accum: accumulate,
    float8_combine: combine,
    float8_regr_accum: accumulatePair,
    float8_regr_combine: combinePairs,
    float8_avg: (state: SqlArray) => {
      const [n = 0, sum = 0] = numbersOf(state, 3, 'float8_avg');
      return n === 0 ? null : sum / n;
    },
    float8_var_pop: (state: SqlArray) => variance(state, false),
    float8_var_samp: (state: SqlArray) => variance(state, true),
    float8_stddev_pop: (state: SqlArray) => root(variance(state, false)),
    float8_stddev_samp: (state: SqlArray) => root(variance(state, true)),
    int2_avg_accum: counted,
    int4_avg_accum: counted,
    int2_avg_accum_inv: uncounted,
    int4_avg_accum_inv: uncounted,
    int4_avg_combine: (a: SqlArray, b: SqlArray) => {
      const [count1, sum1] = pairOf(a);
      const [count2, sum2] = pairOf(b);
      return new SqlArray([int8Add(count1, count2), int8Add(sum1, sum2)]);
    },
    int8_avg: average,
    int2int4_sum: (state: SqlArray) => {
      const [count, sum] = pairOf(state);
      return Number(count) === 0 ? null : sum;
    },
    int2_sum: summed,
    int4_sum: summed,
    int8inc_any: (value: Int8) => int8Add(value, 1),
    int8dec_any: (value: Int8) => int8Subtract(value, 1),
    int8inc_float8_float8: (value: Int8) => int8Add(value, 1),
    booland_statefunc: (a: boolean, b: boolean) => a && b,
    boolor_statefunc: (a: boolean, b: boolean) => a || b,
  },
};
