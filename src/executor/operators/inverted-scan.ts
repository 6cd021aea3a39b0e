import { hasSubquery } from '../../planner/optimize/expressions.js';
import type { PlanInvertedScan } from '../../planner/optimize/physical.js';
import { prefixRange, userPrefix } from '../../store/key-codec.js';
import type { Scan } from '../../store/store.js';
import { compileRowReader, partitionOf, type RowReader } from '../access/index.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch } from '../context.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { compileInvertedEntries, type InvertedEntries } from '../inverted/inverted-entries.js';
import { expanded, intersection, openPostings, type PostingList, type PostingSource } from '../inverted/posting-list.js';
import { NONE, type TermQuery } from '../inverted/term-query.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type Waiting, wait } from '../waiting.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { filtered } from './filter.js';
import { breathe, SteppedOperator, type Steps } from './stepped-operator.js';

interface InvertedScanShape {
  readonly plan: PlanInvertedScan;
  readonly entries: InvertedEntries;
  readonly read: RowReader;
  readonly filter: Predicate | undefined;
  readonly conditions: readonly { readonly column: number; readonly query: (frame: Frame) => TermQuery }[];
}

export function compileInvertedScan(plan: PlanInvertedScan, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  if (hasSubquery(plan.filter)) {
    const { filter, ...unfiltered } = plan;
    return filtered(compileInvertedScan({ ...unfiltered, filter: plan.recheck }, scope, compiler), filter, scope, compiler);
  }
  const output = plan.columns.map((column) => column.id);
  const entries = compileInvertedEntries(plan.index);
  const outside = new Layout([], scope, compiler);
  const shape: InvertedScanShape = {
    plan,
    entries,
    read: compileRowReader(plan.table, plan.columns),
    filter: new Layout(output, scope, compiler).predicate(plan.filter),
    conditions: plan.conditions.map(({ column, source, value }) => ({
      column,
      query: compileQuery(entries, column, source, outside.evaluator(value)),
    })),
  };
  return { output, open: (frame) => new InvertedScanOperator(shape, frame) };
}

function compileQuery(entries: InvertedEntries, column: number, source: string, value: Evaluator): (frame: Frame) => TermQuery {
  const query = entries.classes[column]?.queries[source];
  return (frame) => {
    const asked = value([], frame);
    return asked === null || query === undefined ? NONE : query(asked);
  };
}

class InvertedScanOperator extends SteppedOperator {
  readonly #shape: InvertedScanShape;
  #list: PostingList | undefined;
  #scan: Scan | undefined;

  constructor(shape: InvertedScanShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { plan, read, filter } = this.#shape;
    const { frame } = this;
    const { cx } = frame;
    const rows = cx.access.tableSpace(plan.table, partitionOf(plan.table, cx.actingUser));
    const counters = cx.session.counters.table(plan.table.oid).index(plan.index.oid);
    counters.scans++;
    const candidates = yield* this.#candidates();
    if (candidates === 'none') return;
    let size = FIRST_BATCH;
    let batch: Batch = [];
    let visited = 0;
    for (;;) {
      const found = candidates === 'all' ? yield* this.#nextOfTable() : yield* candidates.next();
      if (found === undefined) break;
      let value = candidates === 'all' ? this.#scan?.value : cx.view.get(rows, found);
      if (value instanceof Promise) value = yield* wait(value);
      const row = value === undefined ? undefined : read(found, value, cx);
      if (row !== undefined) {
        counters.read++;
        counters.fetched++;
      }
      if (row !== undefined && (filter === undefined || filter(row, frame))) {
        batch.push(row);
        if (batch.length === size) {
          yield batch;
          batch = [];
          size = grown(size);
        }
      }
      if (++visited % CHECK_EVERY === 0) yield* breathe(frame);
    }
    if (batch.length > 0) yield batch;
  }

  /** Conditions that say nothing are left to the filter; where all do so, the table is read. */
  *#candidates(): Waiting<PostingList | 'all' | 'none'> {
    const { plan, entries, conditions } = this.#shape;
    const { cx } = this.frame;
    const user = partitionOf(plan.table, cx.actingUser);
    const space = cx.access.indexSpace(plan.table, plan.index, user);
    const rowPrefix = user === undefined ? new Uint8Array(0) : userPrefix(user);
    const source: PostingSource = { view: cx.view, space, entries, user, rowPrefix };
    const lists: PostingList[] = [];
    for (const { column, query } of conditions) {
      const wanted = yield* expanded(query(this.frame), column, source);
      if (wanted.kind === 'none') return 'none';
      if (wanted.kind !== 'all') lists.push(openPostings(wanted, column, source));
    }
    if (lists.length === 0) {
      this.#scan = cx.view.scan(cx.access.tableSpace(plan.table, user), user === undefined ? {} : prefixRange(rowPrefix));
      return 'all';
    }
    this.#list = intersection(lists);
    return this.#list;
  }

  *#nextOfTable(): Waiting<Uint8Array | undefined> {
    let more = this.#scan?.next() ?? false;
    if (more instanceof Promise) more = yield* wait(more);
    return more ? this.#scan?.key : undefined;
  }

  protected free(): void {
    this.#list?.close();
    this.#scan?.close();
  }
}
