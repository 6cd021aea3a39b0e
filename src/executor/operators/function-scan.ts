import { isRoutineSource } from '../../catalog/made-routines.js';
import { notSupported } from '../../commons/sql-error.js';
import type { BoundCall, BoundExpr } from '../../planner/bind/expression.js';
import type { PlanFunctionScan } from '../../planner/optimize/physical.js';
import { type Row, SqlRecord, type SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch } from '../context.js';
import { callTypes } from '../expression/calls.js';
import type { Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type Waiting, wait } from '../waiting.js';
import { compilePatient, type PatientLayout } from './async-calls.js';
import { CHECK_EVERY, FIRST_BATCH, grown } from './batches.js';
import { RowStore } from './row-store.js';
import { breathe, SteppedOperator, type Steps } from './stepped-operator.js';

/** A call → its rows or values: lazily, or, of a user's routine, all at once. */
export interface SetEvaluator {
  readonly open: (row: Row, frame: Frame) => Iterable<SqlValue | Row>;
  /** Instead of `open`, for what may have to wait. */
  readonly openWaiting?: (row: Row, frame: Frame) => Waiting<Iterable<SqlValue | Row>>;
}

/** Within an operator's steps. */
export function* openSet(set: SetEvaluator, row: Row, frame: Frame): Waiting<Iterator<SqlValue | Row>> {
  const { openWaiting } = set;
  const rows = openWaiting === undefined || frame.synchronousDepth > 0 ? set.open(row, frame) : yield* openWaiting(row, frame);
  return rows[Symbol.iterator]();
}

/** A set-returning call, or any expression as a set of one. @throws SqlError 0A000 when the library has no such function */
export function compileSet(call: BoundExpr, layout: Layout): SetEvaluator {
  if (call.kind !== 'call' || !call.returnsSet) {
    const evaluate = layout.evaluator(call);
    const open: SetEvaluator['open'] = (row, frame) => [evaluate(row, frame)];
    return call.kind === 'call' && isRoutineSource(call.source) ? { open, openWaiting: oneWaiting(call, layout) } : { open };
  }
  const found = layout.compiler.library.set(call.source, call.proc, callTypes(call));
  if (found === undefined) throw notSupported(`function ${call.name}`);
  const args = call.args.map((arg) => layout.evaluator(arg));
  const { strict } = call;
  const open: SetEvaluator['open'] = (row, frame) => {
    const values = args.map((arg) => arg(row, frame));
    return strict && values.includes(null) ? NOTHING : found(values, frame.cx);
  };
  const waiting = layout.compiler.library.waitingSet(call.source, call.proc, callTypes(call));
  if (waiting === undefined) return { open };
  return {
    open,
    *openWaiting(row, frame) {
      const values = args.map((arg) => arg(row, frame));
      if (strict && values.includes(null)) return NOTHING;
      const rows = new RowStore(frame.cx.workMemBytes, frame.cx.spills);
      frame.keep(rows);
      yield* waiting(values, frame.cx, rows);
      return rowsOf(rows, frame);
    },
  };
}

/** A routine that returns no set: its one value. */
function oneWaiting(call: BoundCall, layout: Layout): NonNullable<SetEvaluator['openWaiting']> {
  const run = layout.compiler.library.async(call.source, call.proc, callTypes(call));
  if (run === undefined) throw notSupported(`function ${call.name}`);
  const args = call.args.map((arg) => layout.evaluator(arg));
  return function* (row, frame) {
    const values = args.map((arg) => arg(row, frame));
    return [call.strict && values.includes(null) ? null : yield* wait(run(values, frame.cx))];
  };
}

function* rowsOf(rows: RowStore, frame: Frame): Generator<Row, void, void> {
  try {
    for (const batch of rows.batches()) yield* batch;
  } finally {
    frame.release(rows);
    rows.close();
  }
}

const NOTHING: readonly SqlValue[] = [];
const NO_ROW: Row = [];

interface FunctionScanShape {
  readonly functions: readonly { readonly set: SetEvaluator; readonly width: number; readonly composite: boolean }[];
  /** Gives the row that the calls read. */
  readonly extend: PatientLayout['extend'];
  readonly ordinality: boolean;
  readonly filter: Predicate | undefined;
}

export function compileFunctionScan(plan: PlanFunctionScan, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const { layout: outside, extend } = compilePatient(plan.steps, [], scope, compiler);
  const shape: FunctionScanShape = {
    functions: plan.functions.map(({ call, columns, composite }) => ({ set: compileSet(call, outside), width: columns.length, composite })),
    extend,
    ordinality: plan.ordinality !== undefined,
    filter: plan.filter === undefined ? undefined : new Layout(plan.output, scope, compiler).predicate(plan.filter),
  };
  return { output: plan.output, open: (frame) => new FunctionScanOperator(shape, frame) };
}

class FunctionScanOperator extends SteppedOperator {
  readonly #shape: FunctionScanShape;
  #iterators: Iterator<SqlValue | Row>[] = [];

  constructor(shape: FunctionScanShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  /** Functions side by side; one that ended goes on with NULLs until all have. */
  protected *run(): Steps {
    const { functions, extend, ordinality, filter } = this.#shape;
    const { frame } = this;
    this.#iterators = [];
    const computed = extend === undefined ? NO_ROW : yield* extend(NO_ROW, frame);
    for (const { set } of functions) this.#iterators.push(yield* openSet(set, computed, frame));
    let size = FIRST_BATCH;
    let batch: Batch = [];
    try {
      for (let number = 1; ; number++) {
        const row: Row = [];
        let alive = false;
        for (let i = 0; i < functions.length; i++) {
          const step = this.#iterators[i]?.next();
          if (step !== undefined && step.done !== true) alive = true;
          spread(
            step === undefined || step.done === true ? null : step.value,
            functions[i]?.width ?? 0,
            functions[i]?.composite ?? false,
            row,
          );
        }
        if (!alive) break;
        if (ordinality) row.push(number);
        if (filter === undefined || filter(row, frame)) {
          batch.push(row);
          if (batch.length === size) {
            yield batch;
            batch = [];
            size = grown(size);
          }
        }
        if (number % CHECK_EVERY === 0) yield* breathe(frame);
      }
    } catch (error) {
      // The filter fails at a row: those before it are had first, as in a projection.
      if (batch.length > 0) yield batch;
      throw error;
    }
    this.#iterators = [];
    if (batch.length > 0) yield batch;
  }

  protected free(): void {
    for (const iterator of this.#iterators) iterator.return?.();
  }
}

/** One result onto its columns. */
function spread(value: SqlValue | Row, width: number, composite: boolean, row: Row): void {
  if (!composite) {
    row.push(Array.isArray(value) ? (value[0] ?? null) : value);
    return;
  }
  const fields = Array.isArray(value) ? value : value instanceof SqlRecord ? value.values : [];
  for (let i = 0; i < width; i++) row.push(fields[i] ?? null);
}
