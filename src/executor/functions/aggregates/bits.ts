import type { Int8 } from '../../../types/integer.js';
import type { SqlValue } from '../../../types/value.js';
import { int8And, int8Or, int8Xor } from '../arithmetic/integers.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

interface Folded {
  value: SqlValue;
}

function fold(combine: (a: SqlValue, b: SqlValue) => SqlValue): AggregateFunction<Folded> {
  return {
    strict: true,
    init: () => ({ value: null }),
    step: (state, args) => {
      const value = args[0] ?? null;
      state.value = state.value === null ? value : combine(state.value, value);
      return state;
    },
    final: (state) => state.value,
  };
}

const all = fold((a, b) => a === true && b === true);
const some = fold((a, b) => a === true || b === true);
const and = fold((a, b) => int8And(a as Int8, b as Int8));
const or = fold((a, b) => int8Or(a as Int8, b as Int8));
const xor = fold((a, b) => int8Xor(a as Int8, b as Int8));

export const bitAggregates: FunctionTable = {
  aggregate: {
    'bool_and(16)': all,
    'every(16)': all,
    'bool_or(16)': some,
    'bit_and(21)': and,
    'bit_and(23)': and,
    'bit_and(20)': and,
    'bit_or(21)': or,
    'bit_or(23)': or,
    'bit_or(20)': or,
    'bit_xor(21)': xor,
    'bit_xor(23)': xor,
    'bit_xor(20)': xor,
  },
};
