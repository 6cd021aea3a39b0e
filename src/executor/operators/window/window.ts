import { notSupported } from '../../../commons/sql-error.js';
import type { BoundFrame, WindowCall } from '../../../planner/bind/logical.js';
import type { PlanWindow } from '../../../planner/optimize/physical.js';
import type { Row } from '../../../types/value.js';
import type { CompiledPlan } from '../../compiled-plan.js';
import type { Batch, Operator } from '../../context.js';
import { type Comparator, comparatorOf } from '../../expression/comparators.js';
import type { Frame } from '../../frame.js';
import { sizeOf } from '../../functions/aggregates/collecting.js';
import { Layout, type QueryCompiler, type Scope } from '../../scope.js';
import { compileAggregate } from '../aggregate-calls.js';
import { MAX_BATCH } from '../batches.js';
import { type RowOrder, rowOrder } from '../row-order.js';
import { breathe, pull, SteppedOperator, type Steps } from '../stepped-operator.js';
import { FrameAggregate, SlidingExtreme } from './aggregates.js';
import type { CompiledWindowCall, MakeWindowEvaluator, Partition, Readiness, WindowEvaluator } from './evaluator.js';
import { compileFrame, FrameBounds, type FrameShape } from './frame-bounds.js';
import { windowFunction } from './functions.js';
import { PartitionRows } from './partition-rows.js';
import { compilePeers, PeerGroup } from './peer-group.js';

interface WindowShape {
  readonly width: number;
  /** Tells whether two rows are of one partition: then it gives 0. */
  readonly partition: RowOrder | undefined;
  readonly peers: RowOrder | undefined;
  readonly bounds: FrameShape;
  readonly calls: readonly MakeWindowEvaluator[];
  /** When all calls know a row's values. */
  readonly ready: Readiness;
}

/**
 * Life of a window: rows come sorted by partition and order → a partition is kept whole (partition-rows.ts) → for each of its rows the frame
 * moves (frame-bounds.ts, peer-group.ts) and each call gives its value (functions.ts, aggregates.ts) → the row goes on with these behind it.
 */
export function compileWindow(plan: PlanWindow, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const partitionBy = plan.partitionBy.map((expr) => ({ expr, descending: false, nullsFirst: false }));
  const calls = plan.calls.map((call) => compileCall(call, plan, layout));
  const shape: WindowShape = {
    width: input.output.length,
    partition: partitionBy.length === 0 ? undefined : rowOrder(partitionBy, layout),
    peers: compilePeers(plan.orderBy, layout),
    bounds: compileFrame(plan.frame, plan.orderBy, layout),
    calls: calls.map((call) => call.make),
    ready: READINESS.findLast((ready) => calls.some((call) => call.ready === ready)) ?? 'partition',
  };
  return { output: plan.output, open: (frame) => new WindowOperator(input.open(frame), shape, frame) };
}

const READINESS: readonly Readiness[] = ['row', 'peers', 'partition'];

/** @throws SqlError 0A000 where the library has none */
function compileCall(call: WindowCall, plan: PlanWindow, layout: Layout): CompiledWindowCall {
  const args = call.args.map((arg) => layout.evaluator(arg));
  if (call.aggregate === undefined) {
    const made = windowFunction(call.source, args);
    if (made === undefined) throw notSupported(`window function ${call.name}`);
    return made;
  }
  const loses = plan.frame.start.kind !== 'UNBOUNDED PRECEDING' && plan.frame.exclude === undefined;
  const [argument] = args;
  const type = call.args[0]?.type;
  if (loses && argument !== undefined && type !== undefined && (call.name === 'min' || call.name === 'max')) {
    const compare = comparatorOf(type, call.collation);
    const better: Comparator = call.name === 'max' ? compare : (a, b) => compare(b, a);
    const filter = call.filter === undefined ? undefined : layout.predicate(call.filter);
    return { make: (partition) => new SlidingExtreme(argument, filter, better, partition), ready: 'partition' };
  }
  const aggregate = compileAggregate({ ...call, implementation: call.aggregate, distinct: false, orderBy: [] }, layout, false);
  return { make: (partition) => new FrameAggregate(aggregate, partition), ready: readinessOf(plan.frame) };
}

/** Frames that only grow, up to the current row, need no row twice. */
function readinessOf({ mode, start, end, exclude }: BoundFrame): Readiness {
  if (start.kind !== 'UNBOUNDED PRECEDING' || end.kind !== 'CURRENT ROW' || exclude !== undefined || mode === 'GROUPS') return 'partition';
  return mode === 'ROWS' ? 'row' : 'peers';
}

/** Rows computed between two looks at the clock. */
const ROWS_AT_ONCE = 64;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

class WindowOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: WindowShape;
  readonly #partition: Partition;
  readonly #calls: readonly WindowEvaluator[];
  #out: Batch = [];
  #outBytes = 0;
  /** Rows of the partition that have their results, and those whose results are known by now. */
  #computed = 0;
  #known = 0;
  #previous: Row | undefined;

  constructor(input: Operator, shape: WindowShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
    const rows = new PartitionRows(shape.width, frame.cx.workMemBytes, frame.cx.spills);
    const peers = new PeerGroup(shape.peers, rows, frame);
    this.#partition = { rows, peers, bounds: new FrameBounds(shape.bounds, rows, peers, frame), frame };
    this.#calls = shape.calls.map((make) => make(this.#partition));
  }

  protected *run(): Steps {
    const { frame } = this;
    const { rows, bounds } = this.#partition;
    const { partition } = this.#shape;
    bounds.readOffsets();
    let first: Row | undefined;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) {
        if (first === undefined) this.#begin();
        else if (partition !== undefined && partition.compare(first, row, frame) !== 0) {
          yield* this.#compute(rows.length);
          first = undefined;
          this.#begin();
        }
        first ??= row;
        this.#add(row);
      }
      if (this.#known > this.#computed) {
        yield* this.#compute(this.#known);
        rows.forget(this.#known);
      }
      yield* breathe(frame);
    }
    this.#input.close();
    yield* this.#compute(rows.length);
    if (this.#out.length > 0) yield this.#out;
  }

  #begin(): void {
    const { rows, peers, bounds } = this.#partition;
    rows.clear();
    peers.begin();
    bounds.begin();
    for (const call of this.#calls) call.begin();
    this.#computed = 0;
    this.#known = 0;
    this.#previous = undefined;
  }

  /** Before a row that is no peer of the one before it, all is known of those. */
  #add(row: Row): void {
    const { rows } = this.#partition;
    const { ready, peers } = this.#shape;
    if (ready === 'peers' && peers !== undefined) {
      const previous = this.#previous;
      if (previous !== undefined && peers.compare(previous, row, this.frame) !== 0) this.#known = rows.length;
      this.#previous = row;
    }
    rows.add(row);
    if (ready === 'row') this.#known = rows.length;
  }

  /** The partition's rows with their results, up to a position. */
  *#compute(end: number): Steps {
    const { frame } = this;
    const { rows } = this.#partition;
    const calls = this.#calls;
    for (let position = this.#computed; position < end; position++) {
      const row = rows.get(position);
      const result = row.slice();
      for (const call of calls) {
        if (call.prepare !== undefined) while (!call.prepare(position, row)) yield* breathe(frame);
        const value = call.value(position, row);
        // Running arrays and texts: a batch of them could be large.
        if (typeof value === 'object' || typeof value === 'string') this.#outBytes += sizeOf(value);
        result.push(value);
      }
      this.#out.push(result);
      if (this.#out.length === MAX_BATCH || this.#outBytes > MAX_BATCH_BYTES) {
        const out = this.#out;
        this.#out = [];
        this.#outBytes = 0;
        yield out;
      }
      if ((position + 1) % ROWS_AT_ONCE === 0) yield* breathe(frame);
    }
    this.#computed = end;
  }

  protected free(): void {
    this.#input.close();
    this.#partition.rows.close();
  }
}
