import { assert } from '../commons/assert.js';
import type { BoundExpr, ColumnId } from '../planner/bind/expression.js';
import type { PlannedSubquery } from '../planner/optimize/physical.js';
import type { CompiledPlan } from './compiled-plan.js';
import type { Evaluator, Predicate } from './expression/evaluator.js';
import type { Frame } from './frame.js';
import type { FunctionLibrary } from './functions/implementation.js';
import type { Waiting } from './waiting.js';

/** What a query's compilation gives out and looks up: one a statement. */
export interface QueryCompiler {
  readonly library: FunctionLibrary;
  /** The physical plan behind a BoundSubquery, by identity. */
  readonly subqueries: ReadonlyMap<object, PlannedSubquery>;
  /** Results of correlated sub-queries may be remembered. */
  readonly memoize: boolean;
  newSlot(): number;
  newSubquery(): number;
  /** Numbers of the sub-queries that `runFirst` runs: what they gave holds for the whole execution. */
  readonly eagerSubqueries: Set<number>;
  /** What is read of WITH queries and work tables by what has been compiled, and not made within it: a work table's number n is -1 - n. */
  readonly outsideReads: Set<number>;
  /** The slot of a placeholder: unique in the statement. */
  placeholder(slot: number): number;
  /** Work that is done before anything else of an execution: it may wait, which expressions can't. */
  runFirst(work: (frame: Frame) => Waiting<void>): void;
  compilePlan(planned: PlannedSubquery['plan'], scope: Scope): CompiledPlan;
  compileEvaluator(expr: BoundExpr, layout: Layout): Evaluator;
  compilePredicate(expr: BoundExpr, layout: Layout): Predicate;
}

/** Ids of our own are negative: the binder's count from 1. */
export const columnId = (n: number): ColumnId => n as ColumnId;

/** Columns from outside a plan and the slots that hold them. Lexical: each binding site has slots of its own, so a running join and a sub-query of its consumer never share one. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #slots: ReadonlyMap<ColumnId, number>;

  constructor(slots: ReadonlyMap<ColumnId, number> = new Map(), parent?: Scope) {
    this.#slots = slots;
    this.#parent = parent;
  }

  slot(id: ColumnId): number | undefined {
    return this.#slots.get(id) ?? this.#parent?.slot(id);
  }
}

/** Where an expression's columns are: positions of the row it is given, else slots. */
export class Layout {
  readonly columns: readonly ColumnId[];
  readonly scope: Scope;
  readonly compiler: QueryCompiler;
  readonly #positions = new Map<ColumnId, number>();

  constructor(columns: readonly ColumnId[], scope: Scope, compiler: QueryCompiler) {
    this.columns = columns;
    this.scope = scope;
    this.compiler = compiler;
    columns.forEach((id, position) => {
      if (!this.#positions.has(id)) this.#positions.set(id, position);
    });
  }

  position(id: ColumnId): number | undefined {
    return this.#positions.get(id);
  }

  positionOf(id: ColumnId): number {
    const position = this.#positions.get(id);
    assert(position !== undefined, `column ${id} is not in a plan's input`);
    return position;
  }

  /** @throws SqlError 0A000 where a function has no implementation */
  evaluator(expr: BoundExpr): Evaluator {
    return this.compiler.compileEvaluator(expr, this);
  }

  predicate(expr: BoundExpr): Predicate {
    return this.compiler.compilePredicate(expr, this);
  }
}
