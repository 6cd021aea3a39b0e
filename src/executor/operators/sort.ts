import type { PlanSort } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { inBatches, MAX_BATCH } from './batches.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { type SortShape, sortShape, withKeys, withoutKeys } from './row-order.js';
import { type RunFile, SpillFiles } from './spill-file.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

export function compileSort(plan: PlanSort, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const shape = sortShape(plan.keys, new Layout(input.output, scope, compiler));
  return { output: plan.output, open: (frame) => new SortOperator(input.open(frame), shape, frame) };
}

/** Sorts in memory; above work_mem, sorted runs go to files and are merged. Stable. */
class SortOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: SortShape;
  #files: SpillFiles | undefined;

  constructor(input: Operator, shape: SortShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const shape = this.#shape;
    const budget = new MemoryBudget(frame.cx.workMemBytes);
    const runs: RunFile[] = [];
    let rows: Row[] = [];
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      let fits = true;
      for (const row of batch) {
        const keyed = withKeys(row, shape, frame);
        rows.push(keyed);
        fits = budget.add(rowBytes(keyed));
      }
      if (!fits) {
        this.#files ??= new SpillFiles();
        runs.push(this.#files.write(rows.sort(shape.compare)));
        rows = [];
        budget.reset();
      }
      yield* breathe(frame);
    }
    this.#input.close();
    rows.sort(shape.compare);
    if (runs.length === 0) {
      if (shape.appended.length > 0) rows = rows.map((row) => withoutKeys(row, shape));
      yield* inBatches(rows);
      return;
    }
    yield* this.#merge(runs, rows);
  }

  /** Picks the smallest head of all runs, the earlier run's first among equals. */
  *#merge(runs: readonly RunFile[], last: readonly Row[]): Steps {
    const shape = this.#shape;
    const sources: Iterator<Row>[] = [...runs.map((run) => run.read()), last[Symbol.iterator]()];
    const heads = sources.map((source) => nextOf(source));
    let batch: Row[] = [];
    for (;;) {
      let best = -1;
      let smallest: Row | undefined;
      for (let i = 0; i < heads.length; i++) {
        const head = heads[i];
        if (head !== undefined && (smallest === undefined || shape.compare(head, smallest) < 0)) {
          smallest = head;
          best = i;
        }
      }
      const source = sources[best];
      if (smallest === undefined || source === undefined) break;
      batch.push(withoutKeys(smallest, shape));
      heads[best] = nextOf(source);
      if (batch.length === MAX_BATCH) {
        yield batch;
        batch = [];
        yield* breathe(this.frame);
      }
    }
    if (batch.length > 0) yield batch;
  }

  protected free(): void {
    this.#input.close();
    this.#files?.remove();
  }
}

function nextOf(source: Iterator<Row>): Row | undefined {
  const step = source.next();
  return step.done === true ? undefined : step.value;
}
