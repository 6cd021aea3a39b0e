import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalProject, LogicalProjectSet, OutputColumn, ProjectedColumn } from '../../bind/logical.js';
import { mapExpr } from '../../bind/tree/walk.js';
import { Price, perRow } from '../cost/costs.js';
import { widthOf } from '../cost/facts.js';
import { hasSubquery, isVolatile, type OrderKey, withoutRelabel } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { hoistAsync } from './async-calls.js';
import { both, filtered, neededWith, only, unordered, withOutput } from './build.js';

/** Computes only what is used. Conditions go below, with the columns' expressions put in. */
export function planProject(node: LogicalProject, request: Request, planning: Planning): Alternatives {
  const byId = new Map<ColumnId, ProjectedColumn>();
  for (const column of node.columns) byId.set(column.id, column);
  const { pushed, kept } = pushThrough(request.predicates, byId);
  const needed = neededWith(request.needed, kept);
  const columns: ProjectedColumn[] = [];
  for (const column of node.columns) {
    if (!needed.has(column.id) && !isVolatile(column.expr)) continue;
    const expr = planning.fold(column.expr);
    columns.push(expr === column.expr ? column : { ...column, expr });
  }
  const below = neededWith(
    new Set(),
    columns.map((column) => column.expr),
  );
  const wanted = request.order === undefined ? undefined : mapOrder(request.order, (id) => sourceOf(byId.get(id)?.expr));
  // Half an order is no help.
  const order = wanted?.length === request.order?.length ? wanted : undefined;
  const input = planning.plan(node.input, {
    predicates: pushed,
    needed: below,
    order,
    limit: kept.length === 0 ? request.limit : undefined,
  });
  const result = new Map<ColumnId, ColumnId>();
  for (const column of columns) {
    const source = sourceOf(column.expr);
    if (source === undefined) continue;
    if (!result.has(source)) result.set(source, column.id);
    const facts = planning.facts.get(source);
    if (facts !== undefined && column.id !== source) planning.noteFacts(column, facts);
  }
  return both(input, (planned) => filtered(projected(planned, columns, result, planning), kept, planning));
}

function projected(
  input: Planned,
  columns: readonly ProjectedColumn[],
  renamed: ReadonlyMap<ColumnId, ColumnId>,
  planning: Planning,
): Planned {
  const order = mapOrder(input.order, (id) => renamed.get(id)) ?? [];
  if (columns.every(({ id, expr }) => expr.kind === 'column' && expr.id === id)) {
    return { plan: withOutput(input.plan, columns), order };
  }
  const { plan, exprs } = hoistAsync(
    input.plan,
    columns.map((column) => column.expr),
    planning,
  );
  const project: PhysicalPlan = {
    kind: 'project',
    input: plan,
    columns: columns.map((column, i) => ({ ...column, expr: planning.use(exprs[i] ?? column.expr) })),
    output: columns.map((column) => column.id),
    cost: perRow(plan.cost, Price.operator * columns.length, plan.cost.rows, widthOfAll(columns)),
  };
  return { plan: project, order };
}

function widthOfAll(columns: readonly OutputColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column.type, undefined), 0);
}

function sourceOf(expr: BoundExpr | undefined): ColumnId | undefined {
  if (expr === undefined) return undefined;
  const column = withoutRelabel(expr);
  return column.kind === 'column' ? column.id : undefined;
}

/** As far as its columns are known under the other names; undefined where the first isn't. */
export function mapOrder(order: readonly OrderKey[], name: (id: ColumnId) => ColumnId | undefined): readonly OrderKey[] | undefined {
  const mapped: OrderKey[] = [];
  for (const key of order) {
    const id = name(key.id);
    if (id === undefined) break;
    mapped.push({ ...key, id });
  }
  return mapped.length === 0 ? undefined : mapped;
}

/** Conditions that can be said of what is below, and those that can't: they would compute something twice or anew. */
export function pushThrough(
  predicates: readonly BoundExpr[],
  columns: ReadonlyMap<ColumnId, { readonly expr: BoundExpr }>,
): { readonly pushed: readonly BoundExpr[]; readonly kept: readonly BoundExpr[] } {
  const pushed: BoundExpr[] = [];
  const kept: BoundExpr[] = [];
  for (const predicate of predicates) {
    const below = substitute(predicate, columns);
    if (below === undefined) kept.push(predicate);
    else pushed.push(below);
  }
  return { pushed, kept };
}

function substitute(predicate: BoundExpr, columns: ReadonlyMap<ColumnId, { readonly expr: BoundExpr }>): BoundExpr | undefined {
  if (isVolatile(predicate)) return undefined;
  const inSubquery = hasSubquery(predicate);
  let possible = true;
  const result = mapExpr(predicate, (part) => {
    if (part.kind === 'subquery') {
      // Its plan speaks of the columns by their ids.
      for (const id of part.outerColumns) if (!isItself(id, columns)) possible = false;
      return undefined;
    }
    if (part.kind !== 'column') return undefined;
    const source = columns.get(part.id)?.expr;
    if (source === undefined || (source.kind === 'column' && source.id === part.id)) return undefined;
    if (inSubquery || isVolatile(source) || hasSubquery(source) || (source.kind === 'call' && source.returnsSet)) possible = false;
    return source;
  });
  return possible ? result : undefined;
}

function isItself(id: ColumnId, columns: ReadonlyMap<ColumnId, { readonly expr: BoundExpr }>): boolean {
  const source = columns.get(id)?.expr;
  return source === undefined || (source.kind === 'column' && source.id === id);
}

/** PostgreSQL's guess for a set-returning function. */
const ROWS_PER_SET = 10;

export function planProjectSet(node: LogicalProjectSet, request: Request, planning: Planning): Alternatives {
  const columns = node.columns.map((column) => ({ ...column, expr: planning.use(planning.fold(column.expr)) }));
  const needed = neededWith(
    new Set(),
    columns.map((column) => column.expr),
  );
  const { plan, exprs } = hoistAsync(
    planning.planAll(node.input, needed).plan,
    columns.map(({ expr }) => expr),
    planning,
  );
  const project: PhysicalPlan = {
    kind: 'project set',
    input: plan,
    columns: columns.map((column, i) => ({ ...column, expr: exprs[i] ?? column.expr })),
    output: columns.map((column) => column.id),
    cost: perRow(plan.cost, Price.row * ROWS_PER_SET, plan.cost.rows * ROWS_PER_SET, widthOfAll(columns)),
  };
  return only(filtered(unordered(project), request.predicates, planning));
}
