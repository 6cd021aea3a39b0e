import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import { hasSubquery } from '../../planner/optimize/expressions.js';
import type { PlanFilter } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { patiently } from './patient-rows.js';
import { pull, SteppedOperator, type Steps } from './stepped-operator.js';

export function compileFilter(plan: PlanFilter, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  return filtered(input, plan.condition, scope, compiler);
}

/** The rows of a plan that pass a condition. */
export function filtered(input: CompiledPlan, condition: BoundExpr, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const predicate = new Layout(input.output, scope, compiler).predicate(condition);
  const { output } = input;
  if (hasSubquery(condition)) return { output, open: (frame) => new PatientFilter(input.open(frame), predicate, frame) };
  return { output, open: (frame) => new FilterOperator(input.open(frame), predicate, frame) };
}

/** A filter with sub-queries. */
class PatientFilter extends SteppedOperator {
  readonly #input: Operator;
  readonly #condition: Predicate;

  constructor(input: Operator, condition: Predicate, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#condition = condition;
  }

  protected *run(): Steps {
    const { frame } = this;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const passed: Batch = [];
      yield* patiently(batch, frame, (row) => {
        if (this.#condition(row, frame)) passed.push(row);
      });
      if (passed.length > 0) yield passed;
    }
  }

  protected free(): void {
    this.#input.close();
  }
}

/** A row that fails is told of when it is its turn, as in a projection. */
class FilterOperator implements Operator {
  readonly #input: Operator;
  readonly #condition: Predicate;
  readonly #frame: Frame;
  #failure: { readonly error: unknown } | undefined;

  constructor(input: Operator, condition: Predicate, frame: Frame) {
    this.#input = input;
    this.#condition = condition;
    this.#frame = frame;
  }

  next(): MaybePromise<Batch | null> {
    if (this.#failure !== undefined) throw this.#failure.error;
    for (;;) {
      const batch = this.#input.next();
      if (batch instanceof Promise) return batch.then((late) => this.#passLate(late));
      const passed = this.#pass(batch);
      if (passed !== undefined) return passed;
    }
  }

  /** @returns undefined when nothing of the batch passed */
  #pass(batch: Batch | null): Batch | null | undefined {
    if (batch === null) return null;
    this.#frame.cx.interrupt.check();
    const passed: Batch = [];
    try {
      for (const row of batch) if (this.#condition(row, this.#frame)) passed.push(row);
    } catch (error) {
      if (passed.length === 0) throw error;
      this.#failure = { error };
    }
    return passed.length === 0 ? undefined : passed;
  }

  #passLate(batch: Batch | null): MaybePromise<Batch | null> {
    const passed = this.#pass(batch);
    return passed === undefined ? this.next() : passed;
  }

  close(): void {
    this.#input.close();
  }
}
