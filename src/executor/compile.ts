import type { MaybePromise } from '../commons/maybe-promise.js';
import type { BoundExpr } from '../planner/bind/expression.js';
import type { PhysicalPlan, PlannedQuery, PlannedSubquery } from '../planner/optimize/physical.js';
import type { Row, SqlValue } from '../types/value.js';
import type { CompiledPlan } from './compiled-plan.js';
import type { Batch, ExecutionContext, Operator } from './context.js';
import type { NodeCounters } from './counters.js';
import { type BindTable, BoundChildren } from './dml/bound-children.js';
import { type ChildWriters, NO_CHILDREN } from './dml/referential-actions.js';
import { compileEvaluator, compilePredicate } from './expression/compile-evaluator.js';
import type { Evaluator, Predicate } from './expression/evaluator.js';
import { Frame } from './frame.js';
import type { FunctionLibrary } from './functions/implementation.js';
import { compileNode, type PlanCompiler } from './operators/compile-node.js';
import { InstrumentedOperator } from './operators/instrumented.js';
import type { VirtualRelations } from './operators/virtual-scan.js';
import { checkQuery } from './privileges.js';
import { Layout, Scope } from './scope.js';
import { Slots } from './slots.js';
import { drive, type Waiting } from './waiting.js';

/**
 * Life of a query: a physical plan is compiled once into operators' blueprints and closures (compile-node.ts, expression/) → `start` makes a
 * frame and opens the operators → the session pulls batches → `close`. A compiled query holds no state of any execution.
 */
export interface CompiledQuery {
  readonly planned: PlannedQuery;
  /** Checks privileges and the transaction's mode, then opens the operators; nothing is read before the first `next`. @throws SqlError 42501, 25006 */
  start(cx: ExecutionContext): RunningQuery;
  /** Of `SELECT expression` without a FROM or anything that may wait: the way to its value without operators. */
  readonly onlyValue: ((cx: ExecutionContext) => SqlValue) | undefined;
}

/** Rows come with their values in the order of `planned.columns`. */
export interface RunningQuery extends Operator {
  /** Rows inserted, updated or deleted so far by the statement itself: the command tag's number. */
  readonly affected: number;
  /** EXPLAIN ANALYZE: what each node did. Empty unless compiled with `instrument`. */
  readonly counters: ReadonlyMap<PhysicalPlan, NodeCounters>;
}

export interface CompileServices {
  readonly library: FunctionLibrary;
  readonly virtualRelations: VirtualRelations;
  /** Binds a table that a statement changes without naming it: ON DELETE CASCADE and the like. Absent: those answer 0A000. */
  readonly bindTable?: BindTable;
}
export interface CompileOptions {
  /** Counts rows, loops and time of each node. */
  readonly instrument?: boolean;
}

/** @throws SqlError 0A000 for a function without an implementation */
export function compile(planned: PlannedQuery, services: CompileServices, options: CompileOptions = {}): CompiledQuery {
  const compiler = new StatementCompiler(planned, services, options.instrument === true);
  const plan = compiler.compilePlan(planned.plan, new Scope());
  const check = checkQuery(planned);
  let onlyValue: CompiledQuery['onlyValue'] | null = null;
  return {
    planned,
    get onlyValue() {
      if (onlyValue === null) onlyValue = compiler.compileOnlyValue(planned.plan, check);
      return onlyValue;
    },
    start(cx) {
      check(cx);
      return new Execution(plan, new Frame(cx, compiler.slotCount), compiler);
    },
  };
}

const NO_ROW: Row = [];

class StatementCompiler extends Slots implements PlanCompiler {
  readonly library: FunctionLibrary;
  readonly virtualRelations: VirtualRelations;
  readonly subqueries: ReadonlyMap<object, PlannedSubquery>;
  readonly memoize: boolean;
  readonly instrument: boolean;
  readonly children: ChildWriters;
  readonly main: PhysicalPlan;
  readonly first: ((frame: Frame) => Waiting<void>)[] = [];
  #subqueryCount = 0;

  constructor(planned: PlannedQuery, services: CompileServices, instrument: boolean) {
    super();
    this.library = services.library;
    this.virtualRelations = services.virtualRelations;
    this.subqueries = planned.subqueries;
    this.memoize = !planned.volatile;
    this.instrument = instrument;
    this.children = services.bindTable === undefined ? NO_CHILDREN : new BoundChildren(services.bindTable, services.library);
    this.main = planned.plan;
  }

  readonly eagerSubqueries = new Set<number>();
  readonly outsideReads = new Set<number>();

  newSubquery(): number {
    return this.#subqueryCount++;
  }

  runFirst(work: (frame: Frame) => Waiting<void>): void {
    this.first.push(work);
  }

  isMain(plan: PhysicalPlan): boolean {
    let main = this.main;
    // A RETURNING that waits and a rule's are computed over what the command returns, and WITH queries stand around it.
    while (main !== plan && (main.kind === 'with' || main.kind === 'project' || main.kind === 'async calls'))
      main = main.kind === 'with' ? main.body : main.input;
    return main === plan;
  }

  compileOnlyValue(plan: PhysicalPlan, check: (cx: ExecutionContext) => void): CompiledQuery['onlyValue'] {
    if (plan.kind !== 'project' || plan.columns.length !== 1 || plan.input.kind !== 'result' || plan.input.never === true) return undefined;
    const [column] = plan.columns;
    if (column === undefined || this.subqueries.size > 0) return undefined;
    const evaluate = new Layout([], new Scope(), this).evaluator(column.expr);
    return (cx) => {
      check(cx);
      return evaluate(NO_ROW, new Frame(cx, this.slotCount));
    };
  }

  compileEvaluator(expr: BoundExpr, layout: Layout): Evaluator {
    return compileEvaluator(expr, layout);
  }

  compilePredicate(expr: BoundExpr, layout: Layout): Predicate {
    return compilePredicate(expr, layout);
  }

  compilePlan(plan: PhysicalPlan, scope: Scope): CompiledPlan {
    const compiled = compileNode(plan, scope, this);
    if (!this.instrument) return compiled;
    return { output: compiled.output, open: (frame) => new InstrumentedOperator(compiled.open(frame), plan, frame) };
  }
}

class Execution implements RunningQuery {
  readonly #frame: Frame;
  readonly #root: Operator;
  #first: StatementCompiler['first'];
  #ended = false;

  constructor(plan: CompiledPlan, frame: Frame, compiler: StatementCompiler) {
    if (compiler.instrument) frame.counters = new Map();
    this.#frame = frame;
    this.#first = compiler.first;
    this.#root = plan.open(frame);
  }

  get affected(): number {
    return this.#frame.affected;
  }

  get counters(): ReadonlyMap<PhysicalPlan, NodeCounters> {
    return this.#frame.counters ?? new Map();
  }

  next(): MaybePromise<Batch | null> {
    if (this.#ended) return null;
    if (this.#first.length > 0) {
      const done = drive(this.#runFirst());
      if (done instanceof Promise) return done.then(() => this.next());
    }
    const batch = this.#root.next();
    if (batch instanceof Promise) return this.#finishLate(batch);
    return batch === null ? this.#finish() : batch;
  }

  *#runFirst(): Waiting<void> {
    const first = this.#first;
    this.#first = [];
    for (const work of first) yield* work(this.#frame);
  }

  async #finishLate(pending: Promise<Batch | null>): Promise<Batch | null> {
    const batch = await pending;
    return batch === null ? this.#finish() : batch;
  }

  /** The statement's end: what waited for it is checked now. */
  #finish(): MaybePromise<null> {
    this.#ended = true;
    return this.#frame.hasEnd ? this.#frame.runAtEnd() : null;
  }

  close(): void {
    this.#root.close();
    this.#frame.closeKept();
  }
}
