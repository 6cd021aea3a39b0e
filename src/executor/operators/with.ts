import { assert } from '../../commons/assert.js';
import type { PlanCteScan, PlanWith } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { compileMapped, type MappedInput } from './append.js';
import { CteBuffer } from './cte-buffer.js';
import { pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface WithShape {
  readonly ctes: readonly { readonly cte: number; readonly input: MappedInput; readonly changes: boolean }[];
  readonly body: CompiledPlan;
  /** Sub-queries inside that remember results: in a correlated sub-query the CTEs change with each run, and what reads them with these. */
  readonly remembered: readonly number[];
}

export function compileWith(plan: PlanWith, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const first = compiler.newSubquery();
  const ctes = plan.ctes.map(({ cte, plan: source, outputs, changes }) => ({
    cte,
    input: compileMapped(compiler.compilePlan(source, scope), outputs, scope, compiler),
    changes,
  }));
  const body = compiler.compilePlan(plan.body, scope);
  for (const { cte } of plan.ctes) compiler.outsideReads.delete(cte);
  const last = compiler.newSubquery();
  const remembered: number[] = [];
  for (let number = first + 1; number < last; number++) if (!compiler.eagerSubqueries.has(number)) remembered.push(number);
  const shape: WithShape = { ctes, body, remembered };
  return { output: plan.output, open: (frame) => new WithOperator(shape, frame) };
}

/**
 * Readers pull a CTE's rows as they need them, but one that changes data runs to its end first: all parts of a statement see the same
 * snapshot, so the order shows in nothing but RETURNING, and a sub-query of an expression may read it without waiting.
 */
class WithOperator extends SteppedOperator {
  readonly #shape: WithShape;
  readonly #buffers: CteBuffer[] = [];
  #body: Operator | undefined;

  constructor(shape: WithShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    for (const number of this.#shape.remembered) frame.subqueries[number] = undefined;
    for (const { cte, input } of this.#shape.ctes) {
      const buffer = new CteBuffer(input.plan.open(frame), input.map, frame.cx.workMemBytes, frame.cx.spills);
      frame.ctes[cte] = buffer;
      this.#buffers.push(buffer);
    }
    for (let i = 0; i < this.#shape.ctes.length; i++) {
      if (this.#shape.ctes[i]?.changes === true) yield* (this.#buffers[i] ?? fail()).finish();
    }
    const body = this.#shape.body.open(frame);
    this.#body = body;
    for (let batch = yield* pull(body); batch !== null; batch = yield* pull(body)) yield batch;
  }

  protected free(): void {
    this.#body?.close();
    for (const buffer of this.#buffers) buffer.close();
  }
}

function fail(): never {
  assert(false, 'a CTE without its buffer');
}

export function compileCteScan(plan: PlanCteScan, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const filter = plan.filter === undefined ? undefined : new Layout(plan.output, scope, compiler).predicate(plan.filter);
  const { cte } = plan;
  compiler.outsideReads.add(cte);
  return { output: plan.output, open: (frame) => new CteScanOperator(cte, filter, frame) };
}

class CteScanOperator extends SteppedOperator {
  readonly #cte: number;
  readonly #filter: Predicate | undefined;

  constructor(cte: number, filter: Predicate | undefined, frame: Frame) {
    super(frame);
    this.#cte = cte;
    this.#filter = filter;
  }

  protected *run(): Steps {
    const { frame } = this;
    const buffer = frame.ctes[this.#cte];
    assert(buffer !== undefined, 'a CTE is read before it is there');
    const filter = this.#filter;
    let position = 0;
    for (;;) {
      const start = position;
      for (const batch of yield* buffer.from(position)) {
        position += batch.length;
        const passed = filter === undefined ? batch : batch.filter((row) => filter(row, frame));
        if (passed.length > 0) yield passed;
      }
      if (position === start) return;
    }
  }

  protected free(): void {}
}
