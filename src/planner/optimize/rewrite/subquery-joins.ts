import type { BoundExpr, BoundSubquery, ColumnId } from '../../bind/expression.js';
import type { LogicalFilter, LogicalPlan, ProjectedColumn } from '../../bind/logical.js';
import { referenceTo } from '../../bind/nodes.js';
import { columnsOf, conjoin, conjunctsOf, hasSubquery, isVolatile } from '../expressions.js';
import { freeColumnsOf, outputsOf } from '../logical-columns.js';

/**
 * EXISTS, NOT EXISTS and IN (SELECT …) among the conditions of a filter become semi and anti joins, where the sub-query depends on what is
 * outside by plain conditions alone, which then are the join's. NOT IN stays a sub-query: its NULLs are no join's, and it is hashed.
 */
export function subqueriesAsJoins(node: LogicalFilter): LogicalPlan {
  const joins: { readonly type: 'semi' | 'anti'; readonly right: LogicalPlan; readonly on: BoundExpr | undefined }[] = [];
  const rest: BoundExpr[] = [];
  for (const condition of conjunctsOf(node.condition)) {
    const join = asJoin(condition);
    if (join === undefined) rest.push(condition);
    else joins.push(join);
  }
  if (joins.length === 0) return node;
  const condition = conjoin(rest);
  let plan: LogicalPlan = condition === undefined ? node.input : { kind: 'filter', input: node.input, condition };
  for (const { type, right, on } of joins) {
    plan = { kind: 'join', type, left: plan, right, lateral: false, ...(on === undefined ? {} : { on }) };
  }
  return plan;
}

function asJoin(condition: BoundExpr) {
  if (condition.kind === 'subquery') {
    if (condition.mode === 'exists') return fromExists(condition, 'semi');
    if (condition.mode === 'any') return fromIn(condition);
    return undefined;
  }
  if (condition.kind === 'not' && condition.arg.kind === 'subquery' && condition.arg.mode === 'exists')
    return fromExists(condition.arg, 'anti');
  return undefined;
}

function fromExists(subquery: BoundSubquery, type: 'semi' | 'anti') {
  const body = withoutShape(subquery.plan);
  if (body === undefined) return undefined;
  const pulled = pullConditions(body);
  // Without any condition between the two sides it is one look, not a join.
  if (pulled === undefined || pulled.conditions.length === 0) return undefined;
  return { type, right: pulled.plan, on: conjoin(pulled.conditions) };
}

/** What EXISTS doesn't look at: the select list, order, duplicates. Undefined where that changes whether there is a row. */
function withoutShape(plan: LogicalPlan): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'project':
    case 'sort':
    case 'distinct':
      return withoutShape(plan.input);
    case 'limit': {
      const positive =
        plan.limit === undefined || (plan.limit.kind === 'const' && typeof plan.limit.value === 'number' && plan.limit.value > 0);
      return positive && plan.offset === undefined && plan.withTies === undefined ? withoutShape(plan.input) : undefined;
    }
    case 'filter':
    case 'join':
    case 'scan':
    case 'function scan':
      return plan;
    default:
      return undefined;
  }
}

function fromIn(subquery: BoundSubquery) {
  const { compare, plan } = subquery;
  if (compare === undefined || isVolatile(compare) || hasSubquery(compare)) return undefined;
  const produced = outputsOf(plan);
  const outside = [...columnsOf(compare)].some((id) => !produced.has(id));
  if (!outside) return undefined;
  if (freeColumnsOf(plan).size === 0) return { type: 'semi' as const, right: plan, on: compare };
  // Correlated: the conditions that it depends on the outside by become the join's, and their columns must come out of it.
  if (plan.kind !== 'project' || plan.columns.some((column) => isVolatile(column.expr) || hasSubquery(column.expr))) return undefined;
  const pulled = pullConditions(plan.input);
  if (pulled === undefined) return undefined;
  const inner = outputsOf(pulled.plan);
  const shown = new Set(plan.columns.map((column) => column.id));
  const extra: ProjectedColumn[] = [];
  for (const condition of pulled.conditions) {
    for (const id of columnsOf(condition)) {
      const column = inner.get(id);
      if (column !== undefined && !shown.has(id)) {
        extra.push({ ...column, expr: referenceTo(column) });
        shown.add(id);
      }
    }
  }
  const right: LogicalPlan = { ...plan, input: pulled.plan, columns: [...plan.columns, ...extra] };
  if (freeColumnsOf(right).size > 0) return undefined;
  return { type: 'semi' as const, right, on: conjoin([compare, ...pulled.conditions]) };
}

/** Takes the conditions over columns from outside out of a plan's filters and inner joins; undefined where it depends on the outside otherwise. */
function pullConditions(plan: LogicalPlan): { readonly plan: LogicalPlan; readonly conditions: readonly BoundExpr[] } | undefined {
  const conditions: BoundExpr[] = [];
  const outside = freeColumnsOf(plan);
  const without = outside.size === 0 ? plan : strip(plan, outside, conditions);
  if (freeColumnsOf(without).size > 0) return undefined;
  if (conditions.some((condition) => isVolatile(condition) || hasSubquery(condition))) return undefined;
  return { plan: without, conditions };
}

function strip(plan: LogicalPlan, outside: ReadonlySet<ColumnId>, conditions: BoundExpr[]): LogicalPlan {
  const split = (condition: BoundExpr | undefined): BoundExpr | undefined => {
    const kept: BoundExpr[] = [];
    for (const part of conjunctsOf(condition)) {
      if ([...columnsOf(part)].some((id) => outside.has(id))) conditions.push(part);
      else kept.push(part);
    }
    return conjoin(kept);
  };
  switch (plan.kind) {
    case 'filter': {
      const input = strip(plan.input, outside, conditions);
      const condition = split(plan.condition);
      return condition === undefined ? input : { ...plan, input, condition };
    }
    case 'join': {
      if (plan.type !== 'inner') return plan;
      const left = strip(plan.left, outside, conditions);
      const right = strip(plan.right, outside, conditions);
      const on = split(plan.on);
      return { kind: 'join', type: 'inner', left, right, lateral: plan.lateral, ...(on === undefined ? {} : { on }) };
    }
    default:
      return plan;
  }
}
