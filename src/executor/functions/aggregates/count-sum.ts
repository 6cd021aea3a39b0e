import { float4Add, float8Add } from '../../../types/float.js';
import { type Int8, int8OfBigInt } from '../../../types/integer.js';
import { numericAdd, numericDivide, numericSubtract } from '../../../types/numeric/arithmetic.js';
import {
  NUMERIC_INFINITY,
  NUMERIC_NAN,
  NUMERIC_NEGATIVE_INFINITY,
  NUMERIC_ZERO,
  numericOfInteger,
} from '../../../types/numeric/numeric.js';
import { Numeric, type SqlValue } from '../../../types/value.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { IntegerSum, integerOfBig } from './integer-sum.js';

interface Count {
  count: number;
}

/** count(*) and count(x); the strict one skips NULLs. */
function counting(strict: boolean): AggregateFunction<Count> {
  return {
    strict,
    init: () => ({ count: 0 }),
    step: (state) => {
      state.count++;
      return state;
    },
    inverse: (state) => {
      state.count--;
      return true;
    },
    final: (state) => state.count,
    packed: { add: 'nothing', final: (count) => count },
  };
}

function integerAggregate(final: (total: bigint, count: number) => SqlValue): AggregateFunction<IntegerSum> {
  return {
    strict: true,
    init: () => new IntegerSum(),
    step: (state, args) => {
      state.add(args[0] as Int8);
      return state;
    },
    inverse: (state, args) => {
      state.remove(args[0] as Int8);
      return true;
    },
    final: (state) => (state.count === 0 ? null : final(state.total(), state.count)),
    packed: { add: 'integers', final: (count, sum) => (count === 0 ? null : final(BigInt(sum), count)) },
  };
}

/** sum(int2) and sum(int4) are int8. @throws SqlError 22003 */
const sumToInt8 = integerAggregate((total) => int8OfBigInt(total));
const sumToNumeric = integerAggregate((total) => integerOfBig(total));
const averageOfIntegers = integerAggregate((total, count) => numericDivide(integerOfBig(total), numericOfInteger(count)));

interface NumericSum {
  count: number;
  /** Of those that are finite. */
  sum: Numeric;
  /** How many have each display scale: the largest one is the sum's. */
  readonly scales: number[];
  /** Those that are not: NaN, infinities. */
  special: { nan: number; positive: number; negative: number } | undefined;
}

/** Rows can be taken out again in any order, since nothing is lost: scales are counted, and what is not finite is kept apart. */
function numericAggregate(final: (sum: Numeric, count: number) => SqlValue): AggregateFunction<NumericSum> {
  const count = (state: NumericSum, { decimal, scale }: Numeric, by: 1 | -1): boolean => {
    state.count += by;
    if (decimal.isFinite()) {
      state.scales[scale] = (state.scales[scale] ?? 0) + by;
      return true;
    }
    state.special ??= { nan: 0, positive: 0, negative: 0 };
    state.special[decimal.isNaN() ? 'nan' : decimal.isNegative() ? 'negative' : 'positive'] += by;
    return false;
  };
  return {
    strict: true,
    init: () => ({ count: 0, sum: NUMERIC_ZERO, scales: [], special: undefined }),
    step: (state, args) => {
      const value = args[0] as Numeric;
      if (count(state, value, 1)) state.sum = numericAdd(state.sum, value);
      return state;
    },
    inverse: (state, args) => {
      const value = args[0] as Numeric;
      if (count(state, value, -1)) state.sum = numericSubtract(state.sum, value);
      return true;
    },
    final: (state) => (state.count === 0 ? null : final(numericTotal(state), state.count)),
  };
}

function numericTotal({ sum, scales, special }: NumericSum): Numeric {
  if (special !== undefined) {
    const { nan, positive, negative } = special;
    if (nan > 0 || (positive > 0 && negative > 0)) return NUMERIC_NAN;
    if (positive > 0) return NUMERIC_INFINITY;
    if (negative > 0) return NUMERIC_NEGATIVE_INFINITY;
  }
  let scale = scales.length - 1;
  while (scale > 0 && (scales[scale] ?? 0) === 0) scale--;
  return sum.scale === Math.max(scale, 0) ? sum : new Numeric(sum.decimal, Math.max(scale, 0));
}

interface FloatSum {
  count: number;
  sum: number;
}

function floatSum(add: (a: number, b: number) => number): AggregateFunction<FloatSum> {
  return {
    strict: true,
    init: () => ({ count: 0, sum: 0 }),
    step: (state, args) => {
      const value = args[0] as number;
      state.sum = state.count === 0 ? value : add(state.sum, value);
      state.count++;
      return state;
    },
    final: ({ sum, count }) => (count === 0 ? null : sum),
    packed: { add, final: (count, sum) => (count === 0 ? null : Number(sum)) },
  };
}

export const countAndSumAggregates: FunctionTable = {
  aggregate: {
    'count()': counting(false),
    'count(2276)': counting(true),
    'sum(21)': sumToInt8,
    'sum(23)': sumToInt8,
    'sum(20)': sumToNumeric,
    'sum(1700)': numericAggregate((sum) => sum),
    'sum(700)': floatSum(float4Add),
    'sum(701)': floatSum(float8Add),
    'avg(21)': averageOfIntegers,
    'avg(23)': averageOfIntegers,
    'avg(20)': averageOfIntegers,
    'avg(1700)': numericAggregate((sum, count) => numericDivide(sum, numericOfInteger(count))),
  },
};
