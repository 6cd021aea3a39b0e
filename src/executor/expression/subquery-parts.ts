import type { BoundSubquery } from '../../planner/bind/expression.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Frame } from '../frame.js';
import { drainSync } from '../operators/drain.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from '../operators/memory.js';
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

/** What a sub-query's rows may take, in terms of work_mem: they are kept for the whole statement and can't go to disk. */
const KEPT_ROWS_WORK_MEMORIES = 16;

export function keptRowsBudget(frame: Frame): MemoryBudget {
  return new MemoryBudget(frame.cx.workMemBytes * KEPT_ROWS_WORK_MEMORIES);
}

/** @throws SqlError 53200 */
export function keepRow(row: Row, rows: Row[], budget: MemoryBudget): void {
  if (!budget.add(rowBytes(row))) throw outOfWorkMemory('A sub-query');
  rows.push(row);
}

/** The rows of an uncorrelated sub-query, read when first asked for. */
export function rowsOnce(plan: CompiledPlan, number: number, frame: Frame): readonly Row[] {
  const state = frame.subqueries[number];
  if (state?.rows !== undefined) return state.rows;
  if (state?.failure !== undefined) throw state.failure;
  const rows: Row[] = [];
  const budget = keptRowsBudget(frame);
  drainSync(plan.open(frame), frame, (row) => {
    keepRow(row, rows, budget);
    return true;
  });
  frame.subqueries[number] = { results: new Map(), rows };
  return rows;
}
