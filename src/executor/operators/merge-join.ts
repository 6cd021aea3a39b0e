import type { PlanMergeJoin } from '../../planner/optimize/physical.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { type Comparator, comparatorOf } from '../expression/comparators.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { compileJoinRows, type JoinRows } from './join-rows.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface MergeJoinShape {
  readonly type: PlanMergeJoin['type'];
  readonly outer: CompiledPlan;
  readonly inner: CompiledPlan;
  readonly outerKeys: readonly Evaluator[];
  readonly innerKeys: readonly Evaluator[];
  readonly compare: readonly Comparator[];
  readonly rows: JoinRows;
}

export function compileMergeJoin(plan: PlanMergeJoin, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const outer = compiler.compilePlan(plan.outer, scope);
  const inner = compiler.compilePlan(plan.inner, scope);
  const outerLayout = new Layout(outer.output, scope, compiler);
  const innerLayout = new Layout(inner.output, scope, compiler);
  const shape: MergeJoinShape = {
    type: plan.type,
    outer,
    inner,
    outerKeys: plan.outerKeys.map((key) => outerLayout.evaluator(key)),
    innerKeys: plan.innerKeys.map((key) => innerLayout.evaluator(key)),
    compare: plan.outerKeys.map((key) => comparatorOf(key.type, key.collation)),
    rows: compileJoinRows({ outer: outer.output, inner: inner.output, output: plan.output, condition: plan.condition }, scope, compiler),
  };
  return { output: plan.output, open: (frame) => new MergeJoinOperator(shape, frame) };
}

/** Rows of a sorted input, one at a time, with their keys. */
class SortedRows {
  readonly input: Operator;
  readonly #keys: readonly Evaluator[];
  readonly #frame: Frame;
  #batch: Batch = [];
  #at = 0;
  row: Row | undefined;
  key: SqlValue[] = [];

  constructor(input: Operator, keys: readonly Evaluator[], frame: Frame) {
    this.input = input;
    this.#keys = keys;
    this.#frame = frame;
  }

  get isDry(): boolean {
    return this.#at >= this.#batch.length;
  }

  *advance(): Waiting<void> {
    if (this.#at >= this.#batch.length) {
      yield* breathe(this.#frame);
      const batch = yield* pull(this.input);
      if (batch === null) {
        this.#batch = [];
        this.#at = 0;
        this.row = undefined;
        return;
      }
      this.#batch = batch;
      this.#at = 0;
    }
    this.step();
  }

  /** Only where the batch has a row left. */
  step(): void {
    const row = this.#batch[this.#at++] ?? [];
    this.row = row;
    this.key = this.#keys.map((key) => key(row, this.#frame));
  }
}

/** Inputs sorted ascending with NULLs last. A NULL key matches nothing. Equal rows of the inner are kept while equal rows of the outer last. */
class MergeJoinOperator extends SteppedOperator {
  readonly #shape: MergeJoinShape;
  readonly #outer: SortedRows;
  readonly #inner: SortedRows;

  constructor(shape: MergeJoinShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
    this.#outer = new SortedRows(shape.outer.open(frame), shape.outerKeys, frame);
    this.#inner = new SortedRows(shape.inner.open(frame), shape.innerKeys, frame);
  }

  protected *run(): Steps {
    const { type, rows } = this.#shape;
    const { frame } = this;
    const outer = this.#outer;
    const inner = this.#inner;
    const keepsOuter = type === 'left' || type === 'full' || type === 'anti';
    const keepsInner = type === 'right' || type === 'full';
    const budget = new MemoryBudget(frame.cx.workMemBytes);
    let size = FIRST_BATCH;
    let out: Batch = [];
    let compared = 0;
    yield* outer.advance();
    yield* inner.advance();
    while (outer.row !== undefined || inner.row !== undefined) {
      if (out.length >= size) {
        yield out;
        out = [];
        size = grown(size);
      }
      const order = this.#order();
      if (order < 0) {
        if (inner.row === undefined && !keepsOuter) break;
        if (keepsOuter) out.push(rows.combine(outer.row, undefined));
        if (outer.isDry) yield* outer.advance();
        else outer.step();
      } else if (order > 0) {
        if (outer.row === undefined && !keepsInner) break;
        if (keepsInner) out.push(rows.combine(undefined, inner.row));
        if (inner.isDry) yield* inner.advance();
        else inner.step();
      } else {
        const { key } = inner;
        const group: { readonly row: Row; matched: boolean }[] = [];
        budget.reset();
        while (inner.row !== undefined && this.#compareKeys(inner.key, key) === 0) {
          group.push({ row: inner.row, matched: false });
          if (!budget.add(rowBytes(inner.row))) throw outOfWorkMemory('A merge join');
          yield* inner.advance();
        }
        while (outer.row !== undefined && this.#compareKeys(outer.key, key) === 0) {
          const left = outer.row;
          let matched = false;
          for (const member of group) {
            if (++compared % CHECK_EVERY === 0) yield* breathe(frame);
            if (rows.matches !== undefined && !rows.matches(left, member.row, frame)) continue;
            matched = true;
            if (type === 'semi' || type === 'anti') break;
            member.matched = true;
            out.push(rows.combine(left, member.row));
            if (out.length >= size) {
              yield out;
              out = [];
              size = grown(size);
            }
          }
          if (type === 'semi' ? matched : keepsOuter && !matched) out.push(rows.combine(left, undefined));
          if (out.length >= size) {
            yield out;
            out = [];
            size = grown(size);
          }
          yield* outer.advance();
        }
        if (keepsInner) for (const member of group) if (!member.matched) out.push(rows.combine(undefined, member.row));
      }
    }
    if (out.length > 0) yield out;
  }

  /** Which head comes first; 0 only for equal keys without NULLs. */
  #order(): number {
    const outer = this.#outer;
    const inner = this.#inner;
    if (outer.row === undefined) return 1;
    if (inner.row === undefined || outer.key.includes(null)) return -1;
    if (inner.key.includes(null)) return 1;
    return this.#compareKeys(outer.key, inner.key);
  }

  #compareKeys(a: readonly SqlValue[], b: readonly SqlValue[]): number {
    const { compare } = this.#shape;
    for (let i = 0; i < compare.length; i++) {
      const left = a[i] ?? null;
      const right = b[i] ?? null;
      if (left === null || right === null) {
        if (left === right) continue;
        return left === null ? 1 : -1;
      }
      const order = compare[i]?.(left, right) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  }

  protected free(): void {
    this.#outer.input.close();
    this.#inner.input.close();
  }
}
