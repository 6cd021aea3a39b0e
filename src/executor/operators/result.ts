import type { PlanResult } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';

/** One row without columns, or nothing. */
export function compileResult(plan: PlanResult): CompiledPlan {
  const rows = plan.never === true ? 0 : 1;
  return { output: plan.output, open: () => new ResultOperator(rows) };
}

class ResultOperator implements Operator {
  #rows: number;

  constructor(rows: number) {
    this.#rows = rows;
  }

  next(): Batch | null {
    if (this.#rows === 0) return null;
    this.#rows = 0;
    return [[]];
  }

  close(): void {}
}
