import type { ColumnId } from '../../planner/bind/expression.js';
import type { PlanNestedLoop } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, Scope } from '../scope.js';
import { type Waiting, wait } from '../waiting.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { compileJoinRows, type JoinRows } from './join-rows.js';
import { RowStore } from './row-store.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface NestedLoopShape {
  readonly type: PlanNestedLoop['type'];
  readonly inner: CompiledPlan;
  readonly rows: JoinRows;
  /** Where the inner finds columns of the outer: position in the outer's row → slot. Empty: the inner runs once. */
  readonly bindings: readonly { readonly position: number; readonly slot: number }[];
}

export function compileNestedLoop(plan: PlanNestedLoop, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const outer = compiler.compilePlan(plan.outer, scope);
  const outerLayout = new Layout(outer.output, scope, compiler);
  const slots = new Map<ColumnId, number>();
  const bindings = plan.correlation.map((id) => {
    const slot = compiler.newSlot();
    slots.set(id, slot);
    return { position: outerLayout.positionOf(id), slot };
  });
  const inner = compiler.compilePlan(plan.inner, slots.size === 0 ? scope : new Scope(slots, scope));
  const rows = compileJoinRows(
    { outer: outer.output, inner: inner.output, output: plan.output, condition: plan.condition },
    scope,
    compiler,
  );
  const shape: NestedLoopShape = { type: plan.type, inner, rows, bindings };
  return { output: plan.output, open: (frame) => new NestedLoopOperator(outer.open(frame), shape, frame) };
}

class NestedLoopOperator extends SteppedOperator {
  readonly #outer: Operator;
  readonly #shape: NestedLoopShape;
  #inner: Operator | undefined;
  #kept: RowStore | undefined;

  constructor(outer: Operator, shape: NestedLoopShape, frame: Frame) {
    super(frame);
    this.#outer = outer;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { type, bindings, rows } = this.#shape;
    const { frame } = this;
    const isCorrelated = bindings.length > 0;
    const single = type === 'semi' || type === 'anti';
    let size = FIRST_BATCH;
    let out: Batch = [];
    let compared = 0;
    for (let batch = yield* pull(this.#outer); batch !== null; batch = yield* pull(this.#outer)) {
      for (const outer of batch) {
        let matched = false;
        if (++compared % CHECK_EVERY === 0) yield* breathe(frame);
        let kept: Iterator<Batch> | undefined;
        if (isCorrelated) this.#reopen(outer);
        else kept = (this.#kept ?? (yield* this.#keep())).batches();
        for (;;) {
          const innerBatch: Batch | null = kept === undefined ? yield* this.#nextInner() : nextKept(kept);
          if (innerBatch === null) break;
          for (const row of innerBatch) {
            if (++compared % CHECK_EVERY === 0) yield* breathe(frame);
            if (rows.matches !== undefined && !rows.matches(outer, row, frame)) continue;
            matched = true;
            if (single) break;
            out.push(rows.combine(outer, row));
            if (out.length >= size) {
              yield out;
              out = [];
              size = grown(size);
            }
          }
          if (single && matched) break;
        }
        if (isCorrelated) this.#inner?.close();
        if (type === 'semi' ? matched : type !== 'inner' && !matched) {
          out.push(rows.combine(outer, undefined));
          if (out.length >= size) {
            yield out;
            out = [];
            size = grown(size);
          }
        }
      }
    }
    if (out.length > 0) yield out;
  }

  #reopen(outer: Row): void {
    const { frame } = this;
    for (const { position, slot } of this.#shape.bindings) frame.slots[slot] = outer[position] ?? null;
    this.#inner = this.#shape.inner.open(frame);
  }

  *#nextInner(): Waiting<Batch | null> {
    const batch = this.#inner?.next() ?? null;
    return batch instanceof Promise ? yield* wait(batch) : batch;
  }

  /** An inner that does not depend on the outer is run once. */
  *#keep(): Waiting<RowStore> {
    const { frame } = this;
    const kept = new RowStore(frame.cx.workMemBytes, frame.cx.spills);
    this.#kept = kept;
    const inner = this.#shape.inner.open(frame);
    this.#inner = inner;
    for (let batch = yield* pull(inner); batch !== null; batch = yield* pull(inner)) {
      for (const row of batch) kept.add(row);
      yield* breathe(frame);
    }
    inner.close();
    return kept;
  }

  protected free(): void {
    this.#outer.close();
    this.#inner?.close();
    this.#kept?.close();
  }
}

function nextKept(batches: Iterator<Batch>): Batch | null {
  const step = batches.next();
  return step.done === true ? null : step.value;
}
