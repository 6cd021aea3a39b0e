import type { PlanValues } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { MAX_BATCH } from './batches.js';

export function compileValues(plan: PlanValues, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const layout = new Layout([], scope, compiler);
  const rows = plan.rows.map((row) => row.map((expr) => layout.evaluator(expr)));
  const [only = []] = rows;
  if (plan.isRepeated === true) return { output: plan.output, open: (frame) => new RepeatedValuesOperator(only, frame) };
  return { output: plan.output, open: (frame) => new ValuesOperator(rows, frame) };
}

const NO_ROW: Row = [];

class ValuesOperator implements Operator {
  readonly #rows: readonly (readonly Evaluator[])[];
  readonly #frame: Frame;
  #at = 0;

  constructor(rows: readonly (readonly Evaluator[])[], frame: Frame) {
    this.#rows = rows;
    this.#frame = frame;
  }

  next(): Batch | null {
    if (this.#at >= this.#rows.length) return null;
    const batch: Batch = [];
    const end = Math.min(this.#at + MAX_BATCH, this.#rows.length);
    for (; this.#at < end; this.#at++) {
      const row: Row = [];
      for (const expr of this.#rows[this.#at] ?? []) row.push(expr(NO_ROW, this.#frame));
      batch.push(row);
    }
    return batch;
  }

  close(): void {}
}

/** One row of expressions over each row of lifted literals. */
class RepeatedValuesOperator implements Operator {
  readonly #exprs: readonly Evaluator[];
  readonly #frame: Frame;
  #at = 0;

  constructor(exprs: readonly Evaluator[], frame: Frame) {
    this.#exprs = exprs;
    this.#frame = frame;
  }

  next(): Batch | null {
    const frame = this.#frame;
    const { cx } = frame;
    const rows = cx.literalRows ?? [];
    if (this.#at >= rows.length) return null;
    const batch: Batch = [];
    const end = Math.min(this.#at + MAX_BATCH, rows.length);
    for (; this.#at < end; this.#at++) {
      cx.lifted = rows[this.#at] ?? NO_ROW;
      const row: Row = [];
      for (const expr of this.#exprs) row.push(expr(NO_ROW, frame));
      batch.push(row);
    }
    return batch;
  }

  close(): void {}
}
