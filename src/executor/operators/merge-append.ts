import type { PlanMergeAppend } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { type CompiledInputs, compileInputs, type MappedInput } from './append.js';
import { FIRST_BATCH, grown } from './batches.js';
import { type RowOrder, rowOrder } from './row-order.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface MergeAppendShape {
  readonly inputs: CompiledInputs;
  readonly order: RowOrder;
}

export function compileMergeAppend(plan: PlanMergeAppend, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const shape: MergeAppendShape = {
    inputs: compileInputs(plan, scope, compiler),
    order: rowOrder(plan.keys, new Layout(plan.output, scope, compiler)),
  };
  return { output: plan.output, open: (frame) => new MergeAppendOperator(shape, frame) };
}

/** An input with rows that are left. */
interface Source {
  readonly operator: Operator;
  readonly map: MappedInput['map'];
  batch: Batch;
  at: number;
  row: Row;
}

/** Takes the least of the inputs' first rows, again and again: the inputs are a heap by them. */
class MergeAppendOperator extends SteppedOperator {
  readonly #shape: MergeAppendShape;
  #opened: Operator[] = [];

  constructor(shape: MergeAppendShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { inputs } = this.#shape;
    const heap: Source[] = [];
    for (const { plan, map } of inputs.open(frame)) {
      const operator = plan.open(frame);
      this.#opened.push(operator);
      const source: Source = { operator, map, batch: [], at: 0, row: [] };
      if (yield* advance(source)) {
        heap.push(source);
        this.#up(heap, heap.length - 1);
      }
    }
    let size = FIRST_BATCH;
    let batch: Batch = [];
    for (let least = heap[0]; least !== undefined; least = heap[0]) {
      batch.push(least.row);
      if (!(yield* advance(least))) {
        const last = heap.pop();
        if (last !== undefined && last !== least) heap[0] = last;
      }
      this.#down(heap);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      size = grown(size);
      yield* breathe(frame);
    }
    if (batch.length > 0) yield batch;
  }

  #isLess(a: Source | undefined, b: Source | undefined): boolean {
    return a !== undefined && b !== undefined && this.#shape.order.compare(a.row, b.row, this.frame) < 0;
  }

  #up(heap: Source[], from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isLess(heap[at], heap[parent])) return;
      swap(heap, at, parent);
      at = parent;
    }
  }

  #down(heap: Source[]): void {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (this.#isLess(heap[child], heap[least])) least = child;
      if (least === at) return;
      swap(heap, at, least);
      at = least;
    }
  }

  protected free(): void {
    for (const operator of this.#opened) operator.close();
  }
}

function* advance(source: Source): Waiting<boolean> {
  if (source.at >= source.batch.length) {
    const next = yield* pull(source.operator);
    if (next === null) return false;
    source.batch = next;
    source.at = 0;
  }
  const row = source.batch[source.at++];
  if (row === undefined) return false;
  source.row = source.map === undefined ? row : source.map(row);
  return true;
}

function swap(heap: Source[], a: number, b: number): void {
  const one = heap[a];
  const other = heap[b];
  if (one === undefined || other === undefined) return;
  heap[a] = other;
  heap[b] = one;
}
