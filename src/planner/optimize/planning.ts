import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { isRoutineSource } from '../../catalog/made-routines.js';
import type { BoundExpr, BoundSubquery, ColumnId } from '../bind/expression.js';
import type { LogicalPlan, OutputColumn } from '../bind/logical.js';
import { someExpr } from '../bind/tree/walk.js';
import type { PlannerContext, PlanningSettings } from '../context.js';
import type { ColumnFacts } from './cost/facts.js';
import type { ColumnSet, OrderKey } from './expressions.js';
import { fold } from './fold.js';
import { outputsOf } from './logical-columns.js';
import type { OptimizeOptions } from './options.js';
import type { PhysicalPlan, PlannedSubquery } from './physical.js';
import { planInputs } from './plan-inputs.js';

/** What a node's consumer wants of it. */
export interface Request {
  /** Conditions that its rows must pass, over its output and columns from outside. All of them are applied. */
  readonly predicates: readonly BoundExpr[];
  /** Columns of its output that are used. More may come. */
  readonly needed: ColumnSet;
  /** An order that would spare a sort. */
  readonly order?: readonly OrderKey[] | undefined;
  /** Only so many rows will probably be read. */
  readonly limit?: number | undefined;
}

/** A plan and what is known of it. */
export interface Planned {
  readonly plan: PhysicalPlan;
  /** The order of its rows; empty: none. */
  readonly order: readonly OrderKey[];
}

/** The cheapest way, and the cheapest one in the wanted order where that is another. */
export interface Alternatives {
  readonly best: Planned;
  readonly ordered?: Planned | undefined;
}

export type PlanNode = (node: LogicalPlan, request: Request, planning: Planning) => Alternatives;

/** Ids that the optimizer makes up: above all that a binder counts to. */
const FIRST_OWN_COLUMN = 1_000_000_000;

/** Everything that one statement's optimizing gathers. */
export class Planning {
  readonly cx: PlannerContext;
  readonly options: OptimizeOptions;
  readonly subqueries = new Map<object, PlannedSubquery>();
  readonly facts = new Map<ColumnId, ColumnFacts>();
  /** Estimated rows of common table expressions. */
  readonly cteRows = new Map<number, number>();
  readonly #planNode: PlanNode;
  readonly #waiting = new Set<BoundSubquery>();
  #nextColumn = FIRST_OWN_COLUMN;

  constructor(cx: PlannerContext, options: OptimizeOptions, planNode: PlanNode) {
    this.cx = cx;
    this.options = options;
    this.#planNode = planNode;
  }

  get catalog(): CatalogSnapshot {
    return this.cx.catalog;
  }

  get settings(): PlanningSettings {
    return this.cx.planning;
  }

  plan(node: LogicalPlan, request: Request): Alternatives {
    return this.#planNode(node, request, this);
  }

  /** The cheapest plan for all of a node's rows with these columns. */
  planAll(node: LogicalPlan, needed: ColumnSet): Planned {
    return this.plan(node, { predicates: [], needed }).best;
  }

  fold(expr: BoundExpr): BoundExpr {
    return fold(expr, this.options.evaluateConstant);
  }

  /** Whether something in it may wait. */
  isAsync(expr: BoundExpr): boolean {
    return someExpr(
      expr,
      (part) =>
        (part.kind === 'call' && !part.returnsSet && this.options.isAsync(part.source)) || (part.kind === 'subquery' && this.waitsIn(part)),
    );
  }

  /** Whether a sub-query runs users' routines, whose effects and waits come for each evaluation. */
  waitsIn(subquery: BoundSubquery): boolean {
    this.#planSubquery(subquery);
    return this.#waiting.has(subquery);
  }

  /** The same sub-query with another comparison. */
  replaceSubquery(before: BoundSubquery, after: BoundSubquery): void {
    const planned = this.subqueries.get(before);
    if (planned !== undefined) this.subqueries.set(after, planned);
    if (this.#waiting.has(before)) this.#waiting.add(after);
  }

  newColumn(): ColumnId {
    return this.#nextColumn++ as ColumnId;
  }

  /** An expression as it goes into the physical plan: plans the sub-queries in it. */
  use(expr: BoundExpr): BoundExpr {
    if (expr.kind === 'column' || expr.kind === 'const' || expr.kind === 'param') return expr;
    someExpr(expr, (part) => {
      if (part.kind === 'subquery') this.#planSubquery(part);
      return false;
    });
    return expr;
  }

  #planSubquery(subquery: BoundSubquery): void {
    if (this.subqueries.has(subquery)) return;
    const needed = new Set(subquery.mode === 'exists' ? [] : subquery.outputs);
    const limit = subquery.mode === 'exists' ? 1 : undefined;
    // EXISTS asks for no column, so that none is computed.
    const node = subquery.mode === 'exists' && subquery.plan.kind === 'project' ? subquery.plan.input : subquery.plan;
    const { plan } = this.plan(node, { predicates: [], needed, limit }).best;
    this.subqueries.set(subquery, { plan, outerColumns: subquery.outerColumns });
    if (callsRoutines(plan)) this.#waiting.add(subquery);
  }

  outputsOf(node: LogicalPlan): ReadonlyMap<ColumnId, OutputColumn> {
    return outputsOf(node);
  }

  noteFacts(column: OutputColumn, facts: ColumnFacts): void {
    this.facts.set(column.id, facts);
  }
}

/** Deep in the plan of a sub-query: a call that is hoisted, or a set that a user's routine gives. */
function callsRoutines(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'async calls':
      return plan.columns.some(({ expr }) => someExpr(expr, (part) => part.kind === 'call' && isRoutineSource(part.source)));
    case 'function scan':
      return plan.functions.some(({ call }) => call.kind === 'call' && isRoutineSource(call.source));
    case 'project set':
      if (plan.columns.some(({ expr }) => expr.kind === 'call' && isRoutineSource(expr.source))) return true;
      break;
    default:
      break;
  }
  return planInputs(plan).some((input) => callsRoutines(input.plan));
}
