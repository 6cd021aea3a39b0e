import { arrayContains, arrayOverlaps } from '../../../types/array/operations.js';
import { compareArrays } from '../../../types/array/order.js';
import type { SqlArray } from '../../../types/value.js';
import { compareOf, elementTypeOf, equalityOf } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';

function ordered(decide: (order: number) => boolean): (types: CallTypes) => ScalarFunction {
  return (types) => {
    const compare = compareOf(elementTypeOf(argType(types, 0)));
    return (a: SqlArray, b: SqlArray) => decide(compareArrays(a, b, compare));
  };
}

function equal(expected: boolean): (types: CallTypes) => ScalarFunction {
  return (types) => {
    const compare = equalityOf(elementTypeOf(argType(types, 0)));
    return (a: SqlArray, b: SqlArray) => (a.elements.length === b.elements.length && compareArrays(a, b, compare) === 0) === expected;
  };
}

function chosen(keepsFirst: (order: number) => boolean): (types: CallTypes) => ScalarFunction {
  return (types) => {
    const compare = compareOf(elementTypeOf(argType(types, 0)));
    return (a: SqlArray, b: SqlArray) => (keepsFirst(compareArrays(a, b, compare)) ? a : b);
  };
}

const less = ordered((order) => order < 0);
const lessOrEqual = ordered((order) => order <= 0);
const greater = ordered((order) => order > 0);
const greaterOrEqual = ordered((order) => order >= 0);
const equals = equal(true);
const differs = equal(false);

export const arrayComparisons: FunctionTable = {
  typed: {
    array_eq: equals,
    array_ne: differs,
    array_lt: less,
    array_le: lessOrEqual,
    array_gt: greater,
    array_ge: greaterOrEqual,
    btarraycmp: (types) => {
      const compare = compareOf(elementTypeOf(argType(types, 0)));
      return (a: SqlArray, b: SqlArray) => Math.sign(compareArrays(a, b, compare));
    },
    array_larger: chosen((order) => order > 0),
    array_smaller: chosen((order) => order < 0),
    oidvectoreq: equals,
    oidvectorne: differs,
    oidvectorlt: less,
    oidvectorle: lessOrEqual,
    oidvectorgt: greater,
    oidvectorge: greaterOrEqual,
    arraycontains: (types) => {
      const compare = equalityOf(elementTypeOf(argType(types, 0)));
      return (a: SqlArray, b: SqlArray) => arrayContains(a, b, compare);
    },
    arraycontained: (types) => {
      const compare = equalityOf(elementTypeOf(argType(types, 0)));
      return (a: SqlArray, b: SqlArray) => arrayContains(b, a, compare);
    },
    arrayoverlap: (types) => {
      const compare = equalityOf(elementTypeOf(argType(types, 0)));
      return (a: SqlArray, b: SqlArray) => arrayOverlaps(a, b, compare);
    },
  },
};
