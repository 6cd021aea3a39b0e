import type { PlanTopN } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { compileCounts, type RowCounts } from './limit.js';
import { type SortShape, sortedBatches, sortShape, withKeys } from './row-order.js';
import { inTurns, RowSorter } from './row-sorter.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

export function compileTopN(plan: PlanTopN, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const shape = sortShape(plan.keys, new Layout(input.output, scope, compiler));
  const counts = compileCounts(plan.limit, plan.offset, scope, compiler);
  return { output: plan.output, open: (frame) => new TopNOperator(input.open(frame), shape, counts, frame) };
}

/** Sorts with a bound, so that rows behind the last wanted one are not even kept. */
class TopNOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: SortShape;
  readonly #counts: RowCounts;
  #sorter: RowSorter | undefined;

  constructor(input: Operator, shape: SortShape, counts: RowCounts, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
    this.#counts = counts;
  }

  protected *run(): Steps {
    const { frame } = this;
    const shape = this.#shape;
    const offset = this.#counts.offset(frame);
    const wanted = this.#counts.limit(frame) + offset;
    if (wanted === offset) return;
    const sorter = new RowSorter(shape.compare, frame.cx.workMemBytes, frame.cx.spills, wanted);
    this.#sorter = sorter;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) if (!sorter.add(withKeys(row, shape, frame))) yield* inTurns(sorter.spill(), frame);
      yield* breathe(frame);
    }
    this.#input.close();
    yield* sortedBatches(yield* inTurns(sorter.finish(), frame), shape, offset, frame, wanted);
  }

  protected free(): void {
    this.#input.close();
    this.#sorter?.close();
  }
}
