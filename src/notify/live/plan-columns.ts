import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import { walkExpression } from '../../planner/bind/tree/walk.js';
import type { PhysicalPlan, PlannedSubquery } from '../../planner/optimize/physical.js';
import { planInputs } from '../../planner/optimize/plan-inputs.js';

/** The expressions of a node of a query itself. */
export function expressionsOf(plan: PhysicalPlan): readonly BoundExpr[] {
  switch (plan.kind) {
    case 'table scan':
    case 'cte scan':
    case 'virtual scan':
    case 'inverted scan':
      return optional(plan.filter);
    case 'index scan':
      return [...optional(plan.filter), ...optional(plan.indexCondition)];
    case 'filter':
      return [plan.condition];
    case 'project':
    case 'project set':
      return plan.columns.map((column) => column.expr);
    case 'async calls':
      return plan.columns.flatMap((column) => [column.expr, ...optional(column.guard)]);
    case 'function scan':
      return [...plan.functions.map(({ call }) => call), ...optional(plan.filter)];
    case 'values':
      return plan.rows.flat();
    case 'nested loop':
      return optional(plan.condition);
    case 'hash join':
    case 'merge join':
      return [...plan.outerKeys, ...plan.innerKeys, ...optional(plan.condition)];
    case 'aggregate':
      return [
        ...plan.groups.map((group) => group.expr),
        ...plan.aggregates.flatMap((aggregate) => [
          ...aggregate.args,
          ...(aggregate.direct ?? []),
          ...aggregate.orderBy.map((key) => key.expr),
          ...optional(aggregate.filter),
        ]),
      ];
    case 'window':
      return [
        ...plan.partitionBy,
        ...plan.orderBy.map((key) => key.expr),
        ...plan.calls.flatMap((call) => [...call.args, ...optional(call.filter)]),
      ];
    case 'sort':
      return plan.keys.map((key) => key.expr);
    case 'top n':
      return [...plan.keys.map((key) => key.expr), plan.limit, ...optional(plan.offset)];
    case 'limit':
      return [...optional(plan.limit), ...optional(plan.offset), ...(plan.withTies ?? []).map((key) => key.expr)];
    case 'merge append':
      return plan.keys.map((key) => key.expr);
    default:
      return [];
  }
}

function optional(expr: BoundExpr | undefined): readonly BoundExpr[] {
  return expr === undefined ? [] : [expr];
}

/** Calls back for a plan, those below it and those of sub-queries in their expressions. */
export function walkPlans(plan: PhysicalPlan, subqueries: ReadonlyMap<object, PlannedSubquery>, visit: (plan: PhysicalPlan) => void): void {
  visit(plan);
  for (const input of planInputs(plan)) walkPlans(input.plan, subqueries, visit);
  for (const expr of expressionsOf(plan)) {
    walkExpression(expr, (part) => {
      const planned = part.kind === 'subquery' ? subqueries.get(part) : undefined;
      if (planned !== undefined) walkPlans(planned.plan, subqueries, visit);
    });
  }
}

/** Whether a plan reads some of the columns, which are not its own. */
export function readsColumns(
  plan: PhysicalPlan,
  columns: ReadonlySet<ColumnId>,
  subqueries: ReadonlyMap<object, PlannedSubquery>,
): boolean {
  let found = false;
  walkPlans(plan, subqueries, (node) => {
    found ||= expressionsOf(node).some((expr) => mentions(expr, columns));
  });
  return found;
}

export function mentions(expr: BoundExpr, columns: ReadonlySet<ColumnId>): boolean {
  let found = false;
  walkExpression(expr, (part) => {
    if (part.kind === 'column') found ||= columns.has(part.id);
    else if (part.kind === 'subquery') found ||= part.outerColumns.some((id) => columns.has(id));
  });
  return found;
}

export function readsTables(plan: PhysicalPlan, subqueries: ReadonlyMap<object, PlannedSubquery>): boolean {
  let found = false;
  walkPlans(plan, subqueries, ({ kind }) => {
    found ||=
      kind === 'table scan' ||
      kind === 'index scan' ||
      kind === 'inverted scan' ||
      kind === 'virtual scan' ||
      kind === 'cte scan' ||
      kind === 'work table';
  });
  return found;
}
