import type { PlanSort } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type SortShape, sortedBatches, sortShape, withKeys } from './row-order.js';
import { inTurns, RowSorter } from './row-sorter.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

export function compileSort(plan: PlanSort, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const shape = sortShape(plan.keys, new Layout(input.output, scope, compiler));
  return { output: plan.output, open: (frame) => new SortOperator(input.open(frame), shape, frame) };
}

class SortOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: SortShape;
  #sorter: RowSorter | undefined;

  constructor(input: Operator, shape: SortShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const shape = this.#shape;
    const sorter = new RowSorter(shape.compare, frame.cx.workMemBytes, frame.cx.spills);
    this.#sorter = sorter;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) if (!sorter.add(withKeys(row, shape, frame))) yield* inTurns(sorter.spill(), frame);
      yield* breathe(frame);
    }
    this.#input.close();
    yield* sortedBatches(yield* inTurns(sorter.finish(), frame), shape, 0, frame);
  }

  protected free(): void {
    this.#input.close();
    this.#sorter?.close();
  }
}
