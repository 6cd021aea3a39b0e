import type { IndexBound, PlanIndexScan } from '../../planner/optimize/physical.js';
import type { KeyColumn, KeyCondition } from '../../store/key-codec.js';
import { TypeOid } from '../../types/oids.js';
import { type Row, SqlArray, type SqlValue } from '../../types/value.js';
import { indexKeyColumns } from '../access/index.js';
import { comparatorOf, hasherOf } from '../expression/comparators.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';

/** The key conditions of an index scan, in index order; several where a column is looked up by an array. Empty: nothing can match. */
export type BoundsEvaluator = (frame: Frame) => readonly KeyCondition[];

const NO_ROW: Row = [];
const NOTHING: readonly KeyCondition[] = [];

const INTEGER_RANGES: Readonly<Record<number, { readonly min: number | bigint; readonly max: number | bigint }>> = {
  [TypeOid.int2]: { min: -0x8000, max: 0x7fff },
  [TypeOid.int4]: { min: -0x80000000, max: 0x7fffffff },
  [TypeOid.int8]: { min: -(1n << 63n), max: (1n << 63n) - 1n },
};

export function compileBounds(plan: PlanIndexScan, scope: Scope, compiler: QueryCompiler): BoundsEvaluator {
  const layout = new Layout([], scope, compiler);
  const columns = indexKeyColumns(plan.table, plan.index);
  const equal = plan.bounds.equal.map((bound, i) => compileEqual(bound, i, plan, columns, layout));
  const range = compileRange(plan, layout);
  const simple = plan.bounds.equal.every((bound) => bound.kind === 'value');
  return (frame) => {
    const limits = range?.(frame);
    if (limits === null) return NOTHING;
    if (simple) {
      const values: SqlValue[] = [];
      for (const bound of equal) {
        const value = bound.one(frame);
        if (value === null) return NOTHING;
        values.push(value);
      }
      return [limits === undefined ? { equal: values } : { equal: values, ...limits }];
    }
    let prefixes: readonly (readonly SqlValue[])[] = [[]];
    for (const bound of equal) {
      const choices = bound.all(frame);
      prefixes = prefixes.flatMap((prefix) => choices.map((choice) => [...prefix, choice]));
    }
    return prefixes.map((values) => ({ equal: values, ...limits }));
  };
}

interface EqualBound {
  /** NULL: nothing matches. For bounds of kind 'value'. */
  one(frame: Frame): SqlValue;
  /** Distinct, in index order. */
  all(frame: Frame): readonly SqlValue[];
}

function compileEqual(bound: IndexBound, position: number, plan: PlanIndexScan, columns: readonly KeyColumn[], layout: Layout): EqualBound {
  const type = columnType(plan, position);
  switch (bound.kind) {
    case 'null':
      // A column of the row key is never NULL.
      return { one: () => null, all: columns[position]?.notNull === true ? () => [] : () => [null] };
    case 'value': {
      const evaluate = layout.evaluator(bound.expr);
      const one = isInteger(type) && bound.expr.type !== type ? fitting(evaluate, type) : (frame: Frame) => evaluate(NO_ROW, frame);
      return {
        one,
        all: (frame) => {
          const value = one(frame);
          return value === null ? [] : [value];
        },
      };
    }
    case 'any': {
      const evaluate = layout.evaluator(bound.array);
      const compare = comparatorOf(type);
      const hash = hasherOf(type);
      const sign = (columns[position]?.desc === true) !== plan.reverse ? -1 : 1;
      return {
        one: () => null,
        all: (frame) => {
          const array = evaluate(NO_ROW, frame);
          if (!(array instanceof SqlArray)) return [];
          const distinct = new Map<unknown, SqlValue>();
          for (const value of array.elements) {
            if (value !== null && (!isInteger(type) || fits(value, type))) distinct.set(hash(value), value);
          }
          return [...distinct.values()].sort((a, b) => compare(a, b) * sign);
        },
      };
    }
  }
}

/** @returns undefined without bounds; the evaluator gives null where nothing can match */
function compileRange(plan: PlanIndexScan, layout: Layout) {
  const { lower, upper, equal } = plan.bounds;
  if (lower === undefined && upper === undefined) return undefined;
  const type = columnType(plan, equal.length);
  const low = lower === undefined ? undefined : layout.evaluator(lower.bound);
  const high = upper === undefined ? undefined : layout.evaluator(upper.bound);
  return (frame: Frame): Omit<KeyCondition, 'equal'> | null => {
    let from: KeyCondition['lower'];
    let to: KeyCondition['upper'];
    if (low !== undefined && lower !== undefined) {
      const value = low(NO_ROW, frame);
      if (value === null) return null;
      if (!isInteger(type) || fits(value, type)) from = { value, inclusive: lower.inclusive };
      else if (isAbove(value, type)) return null;
    }
    if (high !== undefined && upper !== undefined) {
      const value = high(NO_ROW, frame);
      if (value === null) return null;
      if (!isInteger(type) || fits(value, type)) to = { value, inclusive: upper.inclusive };
      else if (!isAbove(value, type)) return null;
    }
    // A bound beyond the type's range bounds nothing, but still leaves out NULLs.
    return { lower: from, upper: to, notNull: true };
  };
}

function columnType(plan: PlanIndexScan, position: number): number {
  return plan.index.columns[position]?.type ?? 0;
}

function isInteger(type: number): boolean {
  return INTEGER_RANGES[type] !== undefined;
}

/** An int8 value may be compared with an int4 column: what doesn't fit matches nothing. */
function fitting(evaluate: Evaluator, type: number): (frame: Frame) => SqlValue {
  return (frame) => {
    const value = evaluate(NO_ROW, frame);
    return value === null || fits(value, type) ? value : null;
  };
}

function fits(value: SqlValue, type: number): boolean {
  const range = INTEGER_RANGES[type];
  if (range === undefined || (typeof value !== 'number' && typeof value !== 'bigint')) return true;
  return value >= range.min && value <= range.max;
}

function isAbove(value: SqlValue, type: number): boolean {
  const range = INTEGER_RANGES[type];
  return range !== undefined && (typeof value === 'number' || typeof value === 'bigint') && value > range.max;
}
