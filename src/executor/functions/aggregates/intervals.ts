import { intervalAdd, intervalDivide } from '../../../types/datetime/interval-arithmetic.js';
import type { Interval, SqlValue } from '../../../types/value.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

interface IntervalSum {
  count: number;
  sum: Interval | undefined;
}

function summing(final: (sum: Interval, count: number) => SqlValue): AggregateFunction<IntervalSum> {
  return {
    strict: true,
    init: () => ({ count: 0, sum: undefined }),
    step: (state, args) => {
      const value = args[0] as Interval;
      state.sum = state.sum === undefined ? value : intervalAdd(state.sum, value);
      state.count++;
      return state;
    },
    final: ({ sum, count }) => (sum === undefined ? null : final(sum, count)),
  };
}

export const intervalAggregates: FunctionTable = {
  aggregate: {
    'sum(1186)': summing((sum) => sum),
    'avg(1186)': summing(intervalDivide),
  },
};
