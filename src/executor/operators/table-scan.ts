import type { TableCounters } from '../../commons/activity-counters.js';
import { userId } from '../../commons/ids.js';
import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import { columnsOf, hasSubquery } from '../../planner/optimize/expressions.js';
import type { PlanTableScan } from '../../planner/optimize/physical.js';
import { prefixRange, userPrefix } from '../../store/key-codec.js';
import type { KeyRange, Space } from '../../store/store.js';
import { type BatchReader, compileBatchReader, compileFilteredReader, type FilteredReader, isPartitioned } from '../access/index.js';
import { isDeleted, readUserPrefix } from '../access/stored-row.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { wait } from '../waiting.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { filtered } from './filter.js';
import { KeyedScanOperator, scanKeyOf } from './keyed-scan.js';
import { breathe, SteppedOperator, type Steps } from './stepped-operator.js';

/** Rows looked at between two looks at the clock. */
const MAX_PIECE = 512;
const LEAST_PIECE = 16;

interface TableScanShape {
  readonly plan: PlanTableScan;
  readonly read: FilteredReader;
  readonly currentOf: Evaluator | undefined;
  /** Absent: entries are read one by one. */
  readonly batches: BatchReader | undefined;
}

export function compileTableScan(plan: PlanTableScan, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const key = scanKeyOf(plan, scope, compiler);
  if (key === undefined && plan.filter !== undefined && hasSubquery(plan.filter)) {
    const { filter, ...unfiltered } = plan;
    return filtered(compileTableScan(unfiltered, scope, compiler), filter, scope, compiler);
  }
  const output = plan.columns.map((column) => column.id);
  const filter = plan.filter === undefined ? undefined : new Layout(output, scope, compiler).predicate(plan.filter);
  const shape: TableScanShape = {
    plan,
    read: compileFilteredReader(plan.table, plan.columns, filter, columnsIn(plan.filter)),
    currentOf: plan.currentOf === undefined ? undefined : new Layout([], scope, compiler).evaluator(plan.currentOf),
    batches: plan.reverse ? undefined : compileBatchReader(plan.table, plan.columns, filter, columnsIn(plan.filter)),
  };
  const open = (frame: Frame): Operator => new TableScanOperator(shape, frame);
  if (key === undefined) return { output, open };
  const whole: TableScanShape = {
    ...shape,
    read: compileFilteredReader(plan.table, plan.columns, undefined, new Set()),
    batches: plan.reverse ? undefined : compileBatchReader(plan.table, plan.columns, undefined, new Set()),
  };
  const openAll = (frame: Frame): Operator => new TableScanOperator(whole, frame);
  return { output, open: (frame) => new KeyedScanOperator(key, open, openAll, frame) };
}

function columnsIn(filter: BoundExpr | undefined): ReadonlySet<ColumnId> {
  return filter === undefined ? new Set() : columnsOf(filter);
}

class TableScanOperator extends SteppedOperator {
  readonly #shape: TableScanShape;
  #scan: { close(): void } | undefined;

  constructor(shape: TableScanShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { batches } = this.#shape;
    const { frame } = this;
    const { view } = frame.cx;
    const counters = frame.cx.session.counters.table(this.#shape.plan.table.oid);
    counters.seqScans++;
    let batch: Batch = [];
    let piece = MAX_PIECE;
    let size = FIRST_BATCH;
    for (const { space, range } of this.#ranges()) {
      const scan = batches && view.scanBatches(space, range);
      if (batches === undefined || scan === undefined) {
        yield* this.#oneByOne(space, range, counters);
        continue;
      }
      this.#scan = scan;
      for (let entries = scan.next(); entries !== undefined; entries = scan.next()) {
        for (let from = 0; from < entries.count; ) {
          const to = Math.min(from + piece, entries.count);
          try {
            counters.seqRead += batches.collect(entries, from, to, frame, batch);
          } catch (error) {
            // The filter fails at a row: those before it are had first, as in a projection.
            if (batch.length > 0) yield batch;
            throw error;
          }
          from = to;
          if (batch.length >= size) {
            yield batch;
            batch = [];
            size = grown(size);
          }
          // A filter may be so costly that few rows are much work.
          if (frame.cx.interrupt.shouldYield()) piece = Math.max(piece >> 1, LEAST_PIECE);
          yield* breathe(frame);
        }
      }
    }
    if (batch.length > 0) yield batch;
  }

  *#oneByOne(space: Space, range: KeyRange, counters: TableCounters): Steps {
    const { plan, read } = this.#shape;
    const { frame } = this;
    const { cx } = frame;
    let size = FIRST_BATCH;
    let batch: Batch = [];
    let visited = 0;
    const scan = cx.view.scan(space, plan.reverse ? { ...range, reverse: true } : range);
    this.#scan = scan;
    try {
      for (;;) {
        let more = scan.next();
        if (more instanceof Promise) more = yield* wait(more);
        if (!more) break;
        if (!isDeleted(scan.value)) counters.seqRead++;
        const row = read(scan.key, scan.value, frame);
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
    } catch (error) {
      // The filter fails at a row: those before it are had first, as in a projection.
      if (batch.length > 0) yield batch;
      throw error;
    }
    scan.close();
    if (batch.length > 0) yield batch;
  }

  /** The acting user's partition, or every space from end to end. */
  #ranges(): readonly { readonly space: Space; readonly range: KeyRange }[] {
    const { table, allUsers, reverse } = this.#shape.plan;
    const { access, actingUser } = this.frame.cx;
    if (this.#shape.currentOf !== undefined) return this.#current(this.#shape.currentOf);
    if (isPartitioned(table) && !allUsers) {
      return [{ space: access.tableSpace(table, actingUser), range: prefixRange(userPrefix(actingUser)) }];
    }
    const ranges = access.tableSpaces(table).map((space) => ({ space, range: {} }));
    return reverse ? ranges.reverse() : ranges;
  }

  /** The row that a cursor is on. A user's row is nobody else's, whatever role the cursor was opened by. */
  #current(cursor: Evaluator): readonly { readonly space: Space; readonly range: KeyRange }[] {
    const { table, allUsers } = this.#shape.plan;
    const { cx } = this.frame;
    const name = cursor([], this.frame);
    const key = typeof name === 'string' ? cx.session.cursorRow(name, table) : undefined;
    if (key === undefined) return [];
    const partitioned = isPartitioned(table);
    const user = partitioned ? userId(readUserPrefix(key)) : undefined;
    if (partitioned && !allUsers && user !== cx.actingUser) return [];
    return [{ space: cx.access.tableSpace(table, user), range: { gte: key, lt: Buffer.concat([key, Buffer.of(0)]) } }];
  }

  protected free(): void {
    this.#scan?.close();
  }
}
