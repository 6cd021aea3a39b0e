import type { PhysicalPlan } from '../../planner/optimize/physical.js';
import { planInputs } from '../../planner/optimize/plan-inputs.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { pull } from '../operators/stepped-operator.js';
import type { Waiting } from '../waiting.js';

/**
 * Sub-queries of expressions that may have to wait (FOR UPDATE, pg_sleep) and depend on nothing outside: they are run when the statement
 * starts, where waiting is possible, and the expressions then read what they gave.
 */
export function mayWait(plan: PhysicalPlan): boolean {
  if (plan.kind === 'lock rows' || plan.kind === 'async calls') return true;
  return planInputs(plan).some((input) => mayWait(input.plan));
}

/** What only exists while another part of the statement runs can't be read before that. */
export function readsOutside(plan: PhysicalPlan): boolean {
  if (plan.kind === 'work table') return true;
  const own = new Set<number>();
  if (plan.kind === 'with') for (const { cte } of plan.ctes) own.add(cte);
  return ctesOf(plan).some((cte) => !own.has(cte));
}

function ctesOf(plan: PhysicalPlan): readonly number[] {
  if (plan.kind === 'cte scan') return [plan.cte];
  return planInputs(plan).flatMap((input) => ctesOf(input.plan));
}

/** Runs the plan and keeps its rows under the sub-query's number. @param limit only so many are wanted */
export function* runEagerly(plan: CompiledPlan, number: number, limit: number, frame: Frame): Waiting<void> {
  const rows: Row[] = [];
  const operator = plan.open(frame);
  try {
    for (let batch = yield* pull(operator); batch !== null && rows.length < limit; batch = yield* pull(operator)) {
      for (const row of batch) rows.push(row);
      if (rows.length >= limit) break;
    }
  } finally {
    operator.close();
  }
  frame.subqueries[number] = { results: new Map(), rows };
}

/** A plan that gives the rows that were kept. */
export function keptRows(plan: CompiledPlan, number: number): CompiledPlan {
  return { output: plan.output, open: (frame) => new KeptOperator(frame.subqueries[number]?.rows ?? []) };
}

class KeptOperator implements Operator {
  #rows: readonly Row[] | undefined;

  constructor(rows: readonly Row[]) {
    this.#rows = rows;
  }

  next(): Batch | null {
    const rows = this.#rows;
    this.#rows = undefined;
    return rows === undefined || rows.length === 0 ? null : [...rows];
  }

  close(): void {}
}
