import type { PlanTopN } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { inBatches } from './batches.js';
import { compileCounts, type RowCounts } from './limit.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
import { type SortShape, sortShape, withKeys, withoutKeys } from './row-order.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

export function compileTopN(plan: PlanTopN, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const shape = sortShape(plan.keys, new Layout(input.output, scope, compiler));
  const counts = compileCounts(plan.limit, plan.offset, scope, compiler);
  return { output: plan.output, open: (frame) => new TopNOperator(input.open(frame), shape, counts, frame) };
}

/** Least number of rows kept before they are sorted and cut. */
const LEAST_KEPT = 64;

/** Keeps up to twice the wanted rows, then sorts and cuts; rows behind the last wanted one are not even kept. */
class TopNOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: SortShape;
  readonly #counts: RowCounts;

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
    const capacity = Math.max(wanted * 2, LEAST_KEPT);
    const budget = new MemoryBudget(frame.cx.workMemBytes);
    let kept: Row[] = [];
    let bar: Row | undefined;
    const cut = (): void => {
      kept.sort(shape.compare);
      if (kept.length <= wanted) return;
      kept = kept.slice(0, wanted);
      bar = kept[wanted - 1];
    };
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) {
        const keyed = withKeys(row, shape, frame);
        if (bar !== undefined && shape.compare(keyed, bar) >= 0) continue;
        kept.push(keyed);
        if (kept.length >= capacity) {
          cut();
          budget.reset();
          for (const each of kept) budget.add(rowBytes(each));
        }
        if (!budget.add(rowBytes(keyed)) && kept.length > LEAST_KEPT) throw outOfWorkMemory('A sort with a limit');
      }
      yield* breathe(frame);
    }
    this.#input.close();
    cut();
    const rows = offset === 0 ? kept : kept.slice(offset);
    yield* inBatches(shape.appended.length === 0 ? rows : rows.map((row) => withoutKeys(row, shape)));
  }

  protected free(): void {
    this.#input.close();
  }
}
