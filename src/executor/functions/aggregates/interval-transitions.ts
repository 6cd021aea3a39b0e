import { assert } from '../../../commons/assert.js';
import { intervalAdd, intervalDivide, intervalSubtract } from '../../../types/datetime/interval-arithmetic.js';
import { Interval, SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

/** The state of avg(interval) as users' aggregates may have it: the sum and, as microseconds, how many. */
function partsOf(state: SqlArray): readonly [sum: Interval, count: number] {
  const [sum, counter] = state.elements;
  assert(sum instanceof Interval && counter instanceof Interval, 'a state of intervals');
  return [sum, Number(counter.micros)];
}

function stateOf(sum: Interval, count: number): SqlArray {
  return new SqlArray([sum, new Interval(0, 0, count)]);
}

function average(state: SqlArray): SqlValue {
  const [sum, count] = partsOf(state);
  return count === 0 ? null : intervalDivide(sum, count);
}

export const intervalTransitions: FunctionTable = {
  scalar: {
    interval_accum: (state: SqlArray, value: Interval) => {
      const [sum, count] = partsOf(state);
      return stateOf(intervalAdd(sum, value), count + 1);
    },
    interval_accum_inv: (state: SqlArray, value: Interval) => {
      const [sum, count] = partsOf(state);
      return stateOf(intervalSubtract(sum, value), count - 1);
    },
    interval_combine: (a: SqlArray, b: SqlArray) => {
      const [sumA, countA] = partsOf(a);
      const [sumB, countB] = partsOf(b);
      return stateOf(intervalAdd(sumA, sumB), countA + countB);
    },
    interval_avg: average,
  },
};
