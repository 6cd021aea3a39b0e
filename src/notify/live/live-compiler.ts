import type { TableDescriptor } from '../../catalog/descriptors.js';
import { notSupported } from '../../commons/sql-error.js';
import type { CompiledPlan } from '../../executor/compiled-plan.js';
import { NO_CHILDREN } from '../../executor/dml/referential-actions.js';
import { compileEvaluator, compilePredicate } from '../../executor/expression/compile-evaluator.js';
import type { Evaluator, Predicate } from '../../executor/expression/evaluator.js';
import type { FunctionLibrary } from '../../executor/functions/implementation.js';
import { compileNode, type PlanCompiler } from '../../executor/operators/compile-node.js';
import type { VirtualRelations } from '../../executor/operators/virtual-scan.js';
import { Layout, type Scope } from '../../executor/scope.js';
import { Slots } from '../../executor/slots.js';
import type { BoundExpr, BoundSubquery, ColumnId } from '../../planner/bind/expression.js';
import { mapExpr } from '../../planner/bind/tree/walk.js';
import type { PhysicalPlan, PlannedSubquery } from '../../planner/optimize/physical.js';
import type { LiveNode } from './live-node.js';
import type { LiveCte } from './nodes/with.js';
import { readsTables } from './plan-columns.js';

/** Where a plan stands: at the top, or under a loop that runs it for each row of another. */
export interface Place {
  readonly scope: Scope;
  /** The innermost loop around it. */
  readonly loop: Loop | undefined;
}

/** A loop in the making: what of its inner side does not depend on the outer row is kept once, for all of them. */
export interface Loop {
  readonly columns: ReadonlySet<ColumnId>;
  /** Of the place that the loop stands at itself. */
  readonly around: Place;
  readonly inputs: LoopInput[];
}

/** Rows that are kept once for all rows of the outer side, found by what an equality of both says. */
export interface LoopInput {
  readonly node: LiveNode;
  readonly keys: readonly { readonly inner: BoundExpr; readonly outer: BoundExpr }[];
}

const NO_VIRTUAL_RELATIONS: VirtualRelations = {
  rows: () => {
    throw notSupported('a live query over the catalog');
  },
};

/** What the nodes of one live query are compiled with. */
export class LiveCompiler extends Slots implements PlanCompiler {
  readonly library: FunctionLibrary;
  readonly subqueries: Map<object, PlannedSubquery>;
  /** The tables that are read, one a scan. */
  readonly sources: TableDescriptor[] = [];
  readonly ctes = new Map<number, LiveCte>();
  readonly memoize = false;
  readonly eagerSubqueries = new Set<number>();
  readonly outsideReads = new Set<number>();
  readonly virtualRelations = NO_VIRTUAL_RELATIONS;
  readonly children = NO_CHILDREN;
  readonly #settle: (part: BoundExpr) => BoundExpr | undefined;
  #subqueryCount = 0;
  #nextColumn = FIRST_OWN_COLUMN;

  /** @param settle gives for a part of an expression what is known of it from LISTEN on; undefined: nothing */
  constructor(
    library: FunctionLibrary,
    subqueries: ReadonlyMap<object, PlannedSubquery>,
    settle: (part: BoundExpr) => BoundExpr | undefined,
  ) {
    super();
    this.library = library;
    this.subqueries = new Map(subqueries);
    this.#settle = settle;
  }

  addSource(table: TableDescriptor): number {
    return this.sources.push(table) - 1;
  }

  newColumn(): ColumnId {
    return this.#nextColumn++ as ColumnId;
  }

  layout(columns: readonly ColumnId[], { scope }: Place): Layout {
    return new Layout(columns, scope, this);
  }

  /** Those that others are compared with come first. @param replace undefined: it stays */
  replaceSubqueries(expr: BoundExpr, replace: (subquery: BoundSubquery) => BoundExpr | undefined): BoundExpr {
    return mapExpr(expr, (part) => {
      if (part.kind !== 'subquery') return undefined;
      const compared = this.#compared(part, (compare) => this.replaceSubqueries(compare, replace));
      return replace(compared) ?? compared;
    });
  }

  /** A sub-query whose comparison is another now is planned as it was. */
  #compared(subquery: BoundSubquery, change: (compare: BoundExpr) => BoundExpr): BoundSubquery {
    if (subquery.compare === undefined) return subquery;
    const compare = change(subquery.compare);
    const planned = this.subqueries.get(subquery);
    if (compare === subquery.compare || planned === undefined) return subquery;
    const changed: BoundSubquery = { ...subquery, compare };
    this.subqueries.set(changed, planned);
    return changed;
  }

  newSubquery(): number {
    return this.#subqueryCount++;
  }

  /** What would be run first reads tables. */
  runFirst(): void {
    throw notSupported('a live query with a sub-query of that form');
  }

  isMain(): boolean {
    return false;
  }

  compileEvaluator(expr: BoundExpr, layout: Layout): Evaluator {
    return compileEvaluator(this.#settled(expr), layout);
  }

  compilePredicate(expr: BoundExpr, layout: Layout): Predicate {
    return compilePredicate(this.#settled(expr), layout);
  }

  #settled(expr: BoundExpr): BoundExpr {
    return mapExpr(expr, (part) => {
      const known = this.#settle(part);
      if (known !== undefined || part.kind !== 'subquery') return known;
      return this.#compared(part, (compare) => this.#settled(compare));
    });
  }

  readsTables(subquery: BoundSubquery): boolean {
    const planned = this.subqueries.get(subquery);
    return planned !== undefined && readsTables(planned.plan, this.subqueries);
  }

  /** A plan that reads no tables, as the executor runs it. @throws SqlError 0A000 where a sub-query stands where nobody follows its tables */
  compilePlan(plan: PhysicalPlan, scope: Scope): CompiledPlan {
    if (readsTables(plan, this.subqueries)) throw notSupported('a live query with a sub-query of that form');
    return compileNode(plan, scope, this);
  }
}

/** Ids made up here: above the optimizer's. */
const FIRST_OWN_COLUMN = 1_500_000_000;
