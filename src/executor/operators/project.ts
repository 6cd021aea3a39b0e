import type { MaybePromise } from '../../commons/maybe-promise.js';
import { hasSubquery } from '../../planner/optimize/expressions.js';
import type { PlanProject } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { patiently } from './patient-rows.js';
import { pull, SteppedOperator, type Steps } from './stepped-operator.js';

export function compileProject(plan: PlanProject, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const columns = plan.columns.map((column) => layout.evaluator(column.expr));
  if (plan.columns.some((column) => hasSubquery(column.expr))) {
    return { output: plan.output, open: (frame) => new PatientProject(input.open(frame), columns, frame) };
  }
  return { output: plan.output, open: (frame) => new ProjectOperator(input.open(frame), columns, frame) };
}

/** A row that fails is told of when it is its turn: those before it go out, and who wants no more never hears of it. */
class ProjectOperator implements Operator {
  readonly #input: Operator;
  readonly #columns: readonly Evaluator[];
  readonly #frame: Frame;
  #failure: { readonly error: unknown } | undefined;

  constructor(input: Operator, columns: readonly Evaluator[], frame: Frame) {
    this.#input = input;
    this.#columns = columns;
    this.#frame = frame;
  }

  next(): MaybePromise<Batch | null> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const batch = this.#input.next();
    return batch instanceof Promise ? batch.then((late) => this.#project(late)) : this.#project(batch);
  }

  #project(batch: Batch | null): Batch | null {
    if (batch === null) return null;
    const columns = this.#columns;
    const frame = this.#frame;
    const projected: Batch = [];
    try {
      for (const row of batch) {
        const result: Row = [];
        for (const column of columns) result.push(column(row, frame));
        projected.push(result);
      }
    } catch (error) {
      if (projected.length === 0) throw error;
      this.#failure = { error };
    }
    return projected;
  }

  close(): void {
    this.#input.close();
  }
}

/** A projection with sub-queries. */
class PatientProject extends SteppedOperator {
  readonly #input: Operator;
  readonly #columns: readonly Evaluator[];

  constructor(input: Operator, columns: readonly Evaluator[], frame: Frame) {
    super(frame);
    this.#input = input;
    this.#columns = columns;
  }

  protected *run(): Steps {
    const { frame } = this;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const projected: Batch = [];
      yield* patiently(batch, frame, (row) => {
        const result: Row = [];
        for (const column of this.#columns) result.push(column(row, frame));
        projected.push(result);
      });
      yield projected;
    }
  }

  protected free(): void {
    this.#input.close();
  }
}
