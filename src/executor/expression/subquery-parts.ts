import type { BoundSubquery } from '../../planner/bind/expression.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Frame } from '../frame.js';
import { drainSync } from '../operators/drain.js';
import type { Layout } from '../scope.js';
import type { Evaluator } from './evaluator.js';

/** A sub-query as its expression's evaluator needs it: its plan, and how to bind what it reads from outside. */
export interface SubqueryParts {
  readonly expr: BoundSubquery;
  readonly plan: CompiledPlan;
  /** Puts the columns from outside into the slots that the plan (and `compare`) reads. */
  readonly bind: Evaluator;
  /** Layout of the sub-query's rows, with outer columns in slots: for `compare`. */
  readonly inner: Layout;
  readonly outer: Layout;
  /** Its number in the frame. */
  readonly number: number;
  readonly correlated: boolean;
}

/** The rows of an uncorrelated sub-query, read when first asked for. */
export function rowsOnce(plan: CompiledPlan, number: number, frame: Frame): readonly Row[] {
  const state = frame.subqueries[number];
  if (state?.rows !== undefined) return state.rows;
  const rows: Row[] = [];
  drainSync(plan.open(frame), frame, (row) => {
    rows.push(row);
    return true;
  });
  frame.subqueries[number] = { results: new Map(), rows };
  return rows;
}
