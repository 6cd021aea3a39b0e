import type { IndexCounters } from '../../commons/activity-counters.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { columnsOf, hasSubquery } from '../../planner/optimize/expressions.js';
import type { PlanIndexScan } from '../../planner/optimize/physical.js';
import { compileKeyEncoder, type KeyEncoder, type KeyRangeEncoder } from '../../store/key-codec.js';
import type { Scan } from '../../store/store.js';
import { compileFilteredReader, compileIndexRange, type FilteredReader, indexKeyColumns, partitionOf } from '../access/index.js';
import { isDeleted } from '../access/stored-row.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, ExecutionContext, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { wait } from '../waiting.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { filtered } from './filter.js';
import { type BoundsEvaluator, compileBounds } from './index-bounds.js';
import { breathe, SteppedOperator, type Steps } from './stepped-operator.js';

interface IndexScanShape {
  readonly plan: PlanIndexScan;
  readonly read: FilteredReader;
  readonly bounds: BoundsEvaluator;
  readonly range: KeyRangeEncoder;
  readonly encode: KeyEncoder;
}

export function compileIndexScan(plan: PlanIndexScan, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  if (plan.filter !== undefined && hasSubquery(plan.filter)) {
    const { filter, ...unfiltered } = plan;
    return filtered(compileIndexScan(unfiltered, scope, compiler), filter, scope, compiler);
  }
  const output = plan.columns.map((column) => column.id);
  const columns = indexKeyColumns(plan.table, plan.index);
  const shape: IndexScanShape = {
    plan,
    read: compileFilteredReader(
      plan.table,
      plan.columns,
      plan.filter === undefined ? undefined : new Layout(output, scope, compiler).predicate(plan.filter),
      plan.filter === undefined ? new Set() : columnsOf(plan.filter),
    ),
    bounds: compileBounds(plan, scope, compiler),
    range: compileIndexRange(plan.table, plan.index),
    encode: compileKeyEncoder(columns),
  };
  const { equal } = plan.bounds;
  const isPoint = plan.index.clustered && equal.length === columns.length && equal.every((bound) => bound.kind === 'value');
  return isPoint
    ? { output, open: (frame) => new PointOperator(shape, frame) }
    : { output, open: (frame) => new IndexScanOperator(shape, frame) };
}

const countersOf = ({ table, index }: PlanIndexScan, cx: ExecutionContext): IndexCounters =>
  cx.session.counters.table(table.oid).index(index.oid);

/** At most one row, by its key: the look-up that most statements are. */
class PointOperator implements Operator {
  readonly #shape: IndexScanShape;
  readonly #frame: Frame;
  #done = false;

  constructor(shape: IndexScanShape, frame: Frame) {
    this.#shape = shape;
    this.#frame = frame;
  }

  next(): MaybePromise<Batch | null> {
    if (this.#done) return null;
    this.#done = true;
    const { bounds, encode, plan } = this.#shape;
    const { cx } = this.#frame;
    const condition = bounds(this.#frame)[0];
    if (condition === undefined) return null;
    const counters = countersOf(plan, cx);
    counters.scans++;
    const user = partitionOf(plan.table, cx.actingUser);
    const key = encode(condition.equal, user);
    const value = cx.view.get(cx.access.tableSpace(plan.table, user), key);
    if (value instanceof Promise) return value.then((late) => this.#read(key, late, counters));
    return this.#read(key, value, counters);
  }

  #read(key: Uint8Array, value: Uint8Array | undefined, counters: IndexCounters): Batch | null {
    if (value === undefined || isDeleted(value)) return null;
    counters.read++;
    counters.fetched++;
    const row = this.#shape.read(key, value, this.#frame);
    return row === undefined ? null : [row];
  }

  close(): void {}
}

class IndexScanOperator extends SteppedOperator {
  readonly #shape: IndexScanShape;
  #scan: Scan | undefined;

  constructor(shape: IndexScanShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { plan, read, bounds, range } = this.#shape;
    const { frame } = this;
    const { cx } = frame;
    const { view } = cx;
    const { clustered } = plan.index;
    const user = partitionOf(plan.table, cx.actingUser);
    const rows = cx.access.tableSpace(plan.table, user);
    const counters = countersOf(plan, cx);
    const space = clustered ? rows : cx.access.indexSpace(plan.table, plan.index, user);
    let size = FIRST_BATCH;
    let batch: Batch = [];
    let visited = 0;
    try {
      for (const condition of bounds(frame)) {
        counters.scans++;
        const keys = range(condition, user);
        const scan = view.scan(space, plan.reverse ? { ...keys, reverse: true } : keys);
        this.#scan = scan;
        for (;;) {
          let more = scan.next();
          if (more instanceof Promise) more = yield* wait(more);
          if (!more) break;
          let { key, value } = scan;
          if (!clustered) {
            // An entry's value is its row's key; it must outlive the look-up.
            key = value.slice();
            let stored = view.get(rows, key);
            if (stored instanceof Promise) stored = yield* wait(stored);
            if (stored === undefined) continue;
            value = stored;
          }
          if (!isDeleted(value)) {
            counters.read++;
            counters.fetched++;
          }
          const row = read(key, value, frame);
          if (row !== undefined) {
            batch.push(row);
            if (batch.length === size) {
              yield batch;
              batch = [];
              size = grown(size);
            }
          }
          if (++visited % CHECK_EVERY === 0) yield* breathe(frame);
        }
        scan.close();
      }
    } catch (error) {
      // The filter fails at a row: those before it are had first, as in a projection.
      if (batch.length > 0) yield batch;
      throw error;
    }
    if (batch.length > 0) yield batch;
  }

  protected free(): void {
    this.#scan?.close();
  }
}
