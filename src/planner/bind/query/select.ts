import { notSupported } from '../../../commons/sql-error.js';
import type { SelectFromStatement } from '../../parse/ast.js';
import { returnsSet } from '../call/set-function.js';
import { coerceToBoolean } from '../coerce.js';
import type { BoundColumn, BoundExpr } from '../expression.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { recheck, referenceTo } from '../nodes.js';
import { Scope } from '../scope/scope.js';
import type { QueryShape } from '../shape.js';
import type { BoundQuery, PendingQuery, QueryOptions } from '../state.js';
import { bindDistinct, bindDistinctOn, bindOrderBy, type SortItem } from './clauses.js';
import { cursorKeys } from './cursor-keys.js';
import { bindGroupBy, type GroupBy } from './group-by.js';
import { Grouping } from './grouping.js';
import { bindLimit } from './limit.js';
import { buildOutput, type OutputSteps } from './output.js';
import { finishQuery, pendingColumn } from './pending.js';
import { project } from './projection.js';
import { bindTargets, resolveTargets, type Target } from './target.js';
import { bindWindows, type QueryWindow, windowPlan } from './windows.js';
import { bindWith, type WithClause } from './with.js';

/** SELECT, in PostgreSQL's order of binding, so that of two errors the same one is told. */
export function bindSelect(parent: Scope, statement: SelectFromStatement, options: QueryOptions): PendingQuery {
  const scope = new Scope(parent.state, parent);
  scope.isRecursiveTerm = options.isRecursiveTerm === true;
  const withClause = bindWith(scope, statement);
  if (statement.into !== undefined) throw notSupported('SELECT INTO');
  const locks = new Locks(statement.locking);
  if (statement.windows !== undefined) scope.windows = [...statement.windows];
  const rows = parent.ruleRows === undefined ? undefined : parent.takeRuleRows();
  if (rows !== undefined) for (const entry of rows.entries) scope.add(entry);
  const from = bindFrom(scope, statement.from ?? [], locks, rows?.plan);
  scope.clause = 'SELECT';
  const targets = bindTargets(scope, statement.columns);
  const where = condition(scope, statement.where, 'WHERE');
  const having = condition(scope, statement.having, 'HAVING');
  const sort = bindOrderBy(scope, statement.orderBy ?? [], targets);
  const groups = bindGroupBy(scope, statement, targets);
  const distinct = bindDistinctClause(scope, statement, targets, sort);
  const limit = bindLimit(scope, statement);
  const windows = scope.windows.length === 0 ? [] : bindWindows(scope, targets);
  if (options.resolveUnknown !== false) resolveTargets(scope, targets);
  const isGrouped = groups !== undefined || having !== undefined || scope.aggregates.length > 0 || scope.masks.length > 0;
  if (!locks.isEmpty) checkLocks(scope, locks, statement, having);
  const visible = targets.filter((target) => !target.isHidden);
  const shapeOf = (): QueryShape => ({
    kind: 'select',
    scope,
    from: from.shapes,
    targets,
    exprs: new Map(targets.map((target) => [target, target.expr])),
    groupDistinct: statement.groupDistinct === true,
    groupTargets: groups?.byNode ?? new Map(),
    distinct,
    sort,
    windows,
    locking: statement.locking ?? [],
    ...(withClause === undefined ? {} : { with: withClause.shape() }),
    ...(where === undefined ? {} : { where }),
    ...(having === undefined ? {} : { having }),
    ...(statement.groupBy === undefined ? {} : { groupBy: statement.groupBy }),
    ...(limit === undefined ? {} : { limit }),
  });
  return {
    columns: visible.map(({ expr, name }) => pendingColumn(scope.state, name, expr)),
    replace(i, expr) {
      const target = visible[i];
      if (target !== undefined) target.expr = expr;
    },
    finish() {
      const shape = scope.state.keepsShapes ? shapeOf() : undefined;
      let plan: LogicalPlan = where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where };
      let rewrite = (expr: BoundExpr): BoundExpr => expr;
      let given: readonly BoundColumn[] = [...scope.referenced.values()].map(({ column }) => column);
      if (isGrouped) ({ plan, rewrite, given } = group(scope, plan, { targets, groups: groups ?? NO_GROUPS, having }));
      if (scope.windowCalls.length > 0) plan = windowPlan(scope, expandWindows(scope, plan, windows, given), windows, rewrite);
      const lock = locks.targets.length === 0 ? undefined : { targets: locks.targets, ...recheck([...from.conditions, where]) };
      const keys = cursorKeys(scope, locks, !isGrouped && distinct === 'none' && !scope.hasSetFunctions && scope.windowCalls.length === 0);
      if (keys === undefined) return finishSelect(scope, plan, { targets, sort, distinct, limit, lock }, withClause, shape);
      return keys.finish(
        finishSelect(scope, plan, { targets: [...targets, ...keys.targets], sort, distinct, limit, lock }, withClause, shape),
      );
    },
  };
}

function condition(scope: Scope, node: SelectFromStatement['where'], clause: 'WHERE' | 'HAVING'): BoundExpr | undefined {
  return node === undefined ? undefined : coerceToBoolean(scope.state, scope.bindIn(clause, node), clause);
}

function bindDistinctClause(
  scope: Scope,
  { distinct }: SelectFromStatement,
  targets: Target[],
  sort: readonly SortItem[],
): OutputSteps['distinct'] {
  if (distinct === undefined) return 'none';
  if (distinct === true) {
    bindDistinct(scope, targets, sort);
    return 'all';
  }
  return bindDistinctOn(scope, distinct, targets, sort);
}

function checkLocks(scope: Scope, locks: Locks, statement: SelectFromStatement, having: BoundExpr | undefined): void {
  if (statement.distinct !== undefined) locks.refuseWith('DISTINCT clause');
  if (statement.groupBy !== undefined) locks.refuseWith('GROUP BY clause');
  if (having !== undefined) locks.refuseWith('HAVING clause');
  if (scope.aggregates.length > 0) locks.refuseWith('aggregate functions');
  if (scope.windowCalls.length > 0) locks.refuseWith('window functions');
  if (scope.hasSetFunctions) locks.refuseWith('set-returning functions in the target list');
  locks.finish();
}

const NO_GROUPS: GroupBy = { targets: [] };

interface GroupedQuery {
  readonly targets: readonly Target[];
  readonly groups: GroupBy;
  readonly having: BoundExpr | undefined;
}

/** Everything above the groups is rewritten to speak of them. */
function group(
  scope: Scope,
  input: LogicalPlan,
  { targets, groups, having }: GroupedQuery,
): { readonly plan: LogicalPlan; readonly rewrite: (expr: BoundExpr) => BoundExpr; readonly given: readonly BoundColumn[] } {
  const below = expandGroups(scope, input, groups.targets);
  const exprs = groups.targets.map((target) => target.expr);
  const grouping = new Grouping(scope, exprs, below.expanded, groups.sets);
  for (const target of targets) target.expr = grouping.rewriteTarget(target.expr);
  const condition = having === undefined ? undefined : grouping.rewrite(having);
  const plan = grouping.plan(below.plan);
  return {
    plan: condition === undefined ? plan : { kind: 'filter', input: plan, condition },
    rewrite: (expr) => grouping.rewrite(expr),
    given: grouping.columns(),
  };
}

/** GROUP BY unnest(tags): the sets are expanded first, next to all columns that anything above uses. */
function expandGroups(
  scope: Scope,
  input: LogicalPlan,
  groups: readonly Target[],
): { readonly plan: LogicalPlan; readonly expanded: ReadonlyMap<BoundExpr, OutputColumn> } {
  const sets = scope.hasSetFunctions ? groups.filter((target) => returnsSet(target.expr)) : [];
  if (sets.length === 0) return { plan: input, expanded: new Map() };
  const through = [...scope.referenced.values()].map(({ column }) => ({ expr: column, name: column.name }));
  const projection = project(scope, input, [...through, ...sets.map(({ expr }) => ({ expr, name: 'group' }))]);
  const columns = projection.columns.slice(through.length);
  return {
    plan: projection.plan,
    expanded: new Map(sets.flatMap(({ expr }, i) => (columns[i] === undefined ? [] : [[expr, columns[i]] as const]))),
  };
}

/** A window over unnest(tags): as for groups. @param given the columns that there are */
function expandWindows(scope: Scope, input: LogicalPlan, windows: readonly QueryWindow[], given: readonly BoundColumn[]): LogicalPlan {
  if (!scope.hasSetFunctions) return input;
  const targets = new Set(windows.flatMap(({ partitionBy, orderBy }) => [...partitionBy, ...orderBy.map((item) => item.target)]));
  const sets = [...targets].filter((target) => returnsSet(target.expr));
  if (sets.length === 0) return input;
  const through = given.map((column) => ({ expr: column, name: column.name }));
  const projection = project(scope, input, [...through, ...sets.map(({ expr }) => ({ expr, name: 'key' }))]);
  sets.forEach((target, i) => {
    const column = projection.columns[through.length + i];
    if (column === undefined) return;
    target.expr = referenceTo(column);
    scope.computed.set(column.id, referenceTo(column));
  });
  return projection.plan;
}

function finishSelect(
  scope: Scope,
  input: LogicalPlan,
  steps: OutputSteps,
  withClause: WithClause | undefined,
  shape: QueryShape | undefined,
): BoundQuery {
  const { plan, columns } = buildOutput(scope, input, steps);
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), columns, shape);
}
