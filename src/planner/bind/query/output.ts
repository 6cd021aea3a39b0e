import { returnsSet } from '../call/set-function.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalLockRows, LogicalPlan, OutputColumn, SortKey } from '../logical.js';
import { referenceTo } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import type { SortItem } from './clauses.js';
import type { Limit } from './limit.js';
import { project } from './projection.js';
import type { Target } from './target.js';

/** What a query does with its joined, filtered and grouped rows. */
export interface OutputSteps {
  readonly targets: readonly Target[];
  readonly sort: readonly SortItem[];
  readonly distinct: 'none' | 'all' | readonly Target[];
  readonly limit: Limit | undefined;
  readonly lock: Omit<LogicalLockRows, 'kind' | 'input'> | undefined;
}

export interface Output {
  readonly plan: LogicalPlan;
  readonly columns: readonly OutputColumn[];
}

/**
 * Sorting, locking, limiting, projecting, in the order that reads least: where ORDER BY needs only what is there before the select list is
 * computed, that is computed last, for the rows that are left.
 */
export function buildOutput(scope: Scope, input: LogicalPlan, steps: OutputSteps): Output {
  const visible = steps.targets.filter((target) => !target.isHidden);
  const makesSets = scope.hasSetFunctions && visible.some(({ expr }) => returnsSet(expr));
  const tiesOverSets = makesSets && steps.limit?.withTies === true;
  if (steps.distinct === 'none' && !tiesOverSets && steps.sort.every(({ target }) => sortsBelow(scope, target, steps))) {
    const sorted = sortPlan(
      input,
      sortKeys(steps.sort, (target) => target.expr),
    );
    const locked: LogicalPlan = steps.lock === undefined ? sorted : { kind: 'lock rows', input: sorted, ...steps.lock };
    if (!makesSets)
      return project(
        scope,
        limitPlan(locked, steps, (target) => target.expr),
        visible,
      );
    // A set-returning select list makes more rows, or none, of each: those are what LIMIT counts.
    const projection = project(scope, locked, visible);
    return { plan: limitPlan(projection.plan, steps, (target) => target.expr), columns: projection.columns };
  }
  return projectFirst(scope, input, steps, visible);
}

/** A plain column, or an expression that the select list doesn't compute anyway. With locks, rows are locked in order, before projecting. */
function sortsBelow(scope: Scope, target: Target, steps: OutputSteps): boolean {
  if (scope.hasSetFunctions && returnsSet(target.expr)) return false;
  return target.isHidden || target.expr.kind === 'column' || steps.lock !== undefined;
}

function projectFirst(scope: Scope, input: LogicalPlan, steps: OutputSteps, visible: readonly Target[]): Output {
  const { distinct, sort, targets } = steps;
  const needed = targets.filter((target) => !target.isHidden || sort.some((item) => item.target === target) || isIn(distinct, target));
  const { plan: projected, columns } = project(scope, input, needed);
  const reference = (target: Target): BoundExpr => columnOf(target, needed, columns);
  let plan: LogicalPlan = projected;
  if (distinct === 'all') {
    const on = visible.map((target) => outputOf(target, needed, columns).id);
    plan = { kind: 'distinct', input: plan, on, keepFirst: false };
    plan = sortPlan(plan, sortKeys(sort, reference));
  } else if (distinct !== 'none') {
    const keys = sortKeys(sort, reference);
    for (const target of distinct) {
      if (!sort.some((item) => item.target === target)) keys.push({ expr: reference(target), descending: false, nullsFirst: false });
    }
    const on = distinct.map((target) => outputOf(target, needed, columns).id);
    plan = { kind: 'distinct', input: sortPlan(plan, keys), on, keepFirst: true };
  } else {
    plan = sortPlan(plan, sortKeys(sort, reference));
  }
  plan = limitPlan(plan, steps, reference);
  const outputs = visible.map((target) => outputOf(target, needed, columns));
  if (needed.length === visible.length) return { plan, columns: outputs };
  return {
    plan: { kind: 'project', input: plan, columns: outputs.map((column) => ({ ...column, expr: referenceTo(column) })) },
    columns: outputs,
  };
}

function isIn(distinct: OutputSteps['distinct'], target: Target): boolean {
  return typeof distinct !== 'string' && distinct.includes(target);
}

function outputOf(target: Target, targets: readonly Target[], columns: readonly OutputColumn[]): OutputColumn {
  const column = columns[targets.indexOf(target)];
  if (column === undefined) throw new RangeError('a target has its column');
  return column;
}

function columnOf(target: Target, targets: readonly Target[], columns: readonly OutputColumn[]): BoundExpr {
  return referenceTo(outputOf(target, targets, columns));
}

function sortKeys(items: readonly SortItem[], expr: (target: Target) => BoundExpr): SortKey[] {
  return items.map(({ target, descending, nullsFirst }) => ({ expr: expr(target), descending, nullsFirst }));
}

function sortPlan(input: LogicalPlan, keys: readonly SortKey[]): LogicalPlan {
  // Sorting by a constant sorts nothing.
  const varying = keys.filter(({ expr }) => expr.kind !== 'const');
  return varying.length === 0 ? input : { kind: 'sort', input, keys: varying };
}

function limitPlan(input: LogicalPlan, steps: OutputSteps, expr: (target: Target) => BoundExpr): LogicalPlan {
  const { limit } = steps;
  if (limit === undefined) return input;
  const { withTies, ...bounds } = limit;
  return { kind: 'limit', input, ...bounds, ...(withTies ? { withTies: sortKeys(steps.sort, expr) } : {}) };
}
