import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { PhysicalPlan } from '../../planner/optimize/physical.js';
import { planInputs } from '../../planner/optimize/plan-inputs.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { pull } from '../operators/stepped-operator.js';
import type { Waiting } from '../waiting.js';
import { keepRow, keptRowsBudget } from './subquery-parts.js';

/**
 * Sub-queries of expressions that may have to wait (FOR UPDATE, pg_sleep) or may take long, and depend on nothing outside: they are run when the
 * statement starts, where waiting and letting others have their turn are possible, and the expressions then read what they gave.
 */
export function runsFirst(plan: PhysicalPlan): boolean {
  return mayWait(plan) || mayTakeLong(plan);
}

function mayWait(plan: PhysicalPlan): boolean {
  if (plan.kind === 'lock rows' || plan.kind === 'async calls') return true;
  return planInputs(plan).some((input) => mayWait(input.plan));
}

/** An index scan of at most so many rows is done before anybody notices. */
const FEW_ROWS = 1000;

/** By the kind of plan, since estimates may be far off where no statistics are: a function's rows, a join's. */
function mayTakeLong(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'table scan':
    case 'function scan':
    case 'project set':
    case 'recursive':
    case 'nested loop':
    case 'hash join':
    case 'merge join':
      return true;
    case 'index scan':
    case 'inverted scan':
      return plan.cost.rows > FEW_ROWS;
    default:
      return planInputs(plan).some((input) => mayTakeLong(input.plan));
  }
}

/**
 * Runs the plan and keeps its rows under the sub-query's number. Its error is kept too: an expression that never asks must not hear of it.
 *
 * @param limit only so many are wanted
 */
export function* runEagerly(plan: CompiledPlan, number: number, limit: number, frame: Frame): Waiting<void> {
  const rows: Row[] = [];
  const operator = plan.open(frame);
  const budget = keptRowsBudget(frame);
  try {
    for (let batch = yield* pull(operator); batch !== null; batch = yield* pull(operator)) {
      for (const row of batch) keepRow(row, rows, budget);
      if (rows.length >= limit) break;
    }
  } catch (error) {
    if (!(error instanceof SqlError) || isInterruption(error)) throw error;
    frame.subqueries[number] = { results: new Map(), failure: error };
    return;
  } finally {
    operator.close();
  }
  frame.subqueries[number] = { results: new Map(), rows };
}

/** Cancelled, out of time, shut down: whoever was running, it is the statement that ends. */
function isInterruption({ code, severity }: SqlError): boolean {
  return severity !== 'ERROR' || code === SqlState.queryCanceled;
}

/** A plan that gives the rows that were kept. */
export function keptRows(plan: CompiledPlan, number: number): CompiledPlan {
  return {
    output: plan.output,
    open: (frame) => {
      const state = frame.subqueries[number];
      if (state?.failure !== undefined) throw state.failure;
      return new KeptOperator(state?.rows ?? []);
    },
  };
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
