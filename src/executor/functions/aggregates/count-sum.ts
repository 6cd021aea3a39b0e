import { float4Add, float8Add } from '../../../types/float.js';
import { type Int8, int8OfBigInt } from '../../../types/integer.js';
import { numericAdd, numericDivide, numericSubtract } from '../../../types/numeric/arithmetic.js';
import { numericOfInteger } from '../../../types/numeric/numeric.js';
import type { Numeric, SqlValue } from '../../../types/value.js';
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
  sum: Numeric | undefined;
  /** The largest display scale among the inputs, and how many have it: without them the sum would show fewer digits. */
  scale: number;
  scaleCount: number;
}

function numericAggregate(final: (sum: Numeric, count: number) => SqlValue): AggregateFunction<NumericSum> {
  return {
    strict: true,
    init: () => ({ count: 0, sum: undefined, scale: 0, scaleCount: 0 }),
    step: (state, args) => {
      const value = args[0] as Numeric;
      state.sum = state.sum === undefined ? value : numericAdd(state.sum, value);
      state.count++;
      if (value.scale > state.scale) {
        state.scale = value.scale;
        state.scaleCount = 0;
      }
      if (value.scale === state.scale) state.scaleCount++;
      return state;
    },
    inverse: (state, args) => {
      const value = args[0] as Numeric;
      if (state.sum === undefined || state.count === 1 || !state.sum.decimal.isFinite()) return false;
      if (value.scale === state.scale && --state.scaleCount === 0) return false;
      state.sum = numericSubtract(state.sum, value);
      state.count--;
      return true;
    },
    final: ({ sum, count }) => (sum === undefined ? null : final(sum, count)),
  };
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
