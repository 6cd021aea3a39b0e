import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { type EnumLabel, underlyingType } from '../../types/user-types.js';
import { SqlArray, type SqlValue } from '../../types/value.js';
import type { FunctionContext } from '../context.js';
import type { CallTypes, ScalarFunction } from './implementation.js';
import { argType, type FunctionTable } from './table.js';

/** Enum values are numbers, their labels' places in the order: comparing needs no type, listing does. */

type Comparison = (a: number, b: number) => boolean;

function labelsOf(type: number, cx: FunctionContext): readonly EnumLabel[] {
  return cx.format.userTypes?.find(underlyingType(type, cx.format))?.labels ?? [];
}

function endOf(pick: (labels: readonly EnumLabel[]) => EnumLabel | undefined): (types: CallTypes) => ScalarFunction {
  return (types) => {
    const type = argType(types, 0);
    return (_value: SqlValue, cx: FunctionContext) => {
      const label = pick(labelsOf(type, cx));
      if (label === undefined)
        throw new SqlError(SqlState.objectNotInPrerequisiteState, `enum ${cx.format.userTypes?.find(type)?.name ?? ''} contains no values`);
      cx.format.userTypes?.find(underlyingType(type, cx.format))?.refuseNew?.(label.order);
      return label.order;
    };
  };
}

function range(type: number, from: number | null, to: number | null, cx: FunctionContext): SqlArray {
  const labels = labelsOf(type, cx).filter(({ order }) => (from === null || order >= from) && (to === null || order <= to));
  const made = cx.format.userTypes?.find(underlyingType(type, cx.format));
  if (made?.refuseNew !== undefined) for (const { order } of labels) made.refuseNew(order);
  return new SqlArray(labels.map(({ order }) => order));
}

const equal: Comparison = (a, b) => a === b;
const different: Comparison = (a, b) => a !== b;
const less: Comparison = (a, b) => a < b;
const lessOrEqual: Comparison = (a, b) => a <= b;
const greater: Comparison = (a, b) => a > b;
const greaterOrEqual: Comparison = (a, b) => a >= b;

export const enumFunctions: FunctionTable = {
  scalar: {
    enum_eq: equal,
    enum_ne: different,
    enum_lt: less,
    enum_le: lessOrEqual,
    enum_gt: greater,
    enum_ge: greaterOrEqual,
    enum_cmp: (a: number, b: number) => Math.sign(a - b),
    enum_smaller: (a: number, b: number) => Math.min(a, b),
    enum_larger: (a: number, b: number) => Math.max(a, b),
  },
  typed: {
    enum_first: endOf((labels) => labels[0]),
    enum_last: endOf((labels) => labels.at(-1)),
    enum_range_all: (types) => (_value: SqlValue, cx: FunctionContext) => range(argType(types, 0), null, null, cx),
    enum_range_bounds: (types) => (from: number | null, to: number | null, cx: FunctionContext) => range(argType(types, 0), from, to, cx),
  },
};
