import { notSupported } from '../../../commons/sql-error.js';
import type { SelectFromStatement } from '../../parse/ast.js';
import { returnsSet } from '../call/set-function.js';
import { coerceToBoolean } from '../coerce.js';
import { locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { bindFrom } from '../from/index.js';
import { Locks } from '../from/locks.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { recheck } from '../nodes.js';
import { Scope } from '../scope/scope.js';
import type { BoundQuery, PendingQuery, QueryOptions } from '../state.js';
import { bindDistinct, bindDistinctOn, bindGroupBy, bindOrderBy, type SortItem } from './clauses.js';
import { Grouping } from './grouping.js';
import { bindLimit } from './limit.js';
import { buildOutput, type OutputSteps } from './output.js';
import { finishQuery, pendingColumn } from './pending.js';
import { project } from './projection.js';
import { bindTargets, resolveTargets, type Target } from './target.js';
import { bindWith, type WithClause } from './with.js';

/** SELECT, in PostgreSQL's order of binding, so that of two errors the same one is told. */
export function bindSelect(parent: Scope, statement: SelectFromStatement, options: QueryOptions): PendingQuery {
  const scope = new Scope(parent.state, parent);
  scope.isRecursiveTerm = options.isRecursiveTerm === true;
  const withClause = bindWith(scope, statement);
  if (statement.windows !== undefined) throw notSupported('window functions', { position: locationOf(statement.windows[0] ?? {}) });
  if (statement.into !== undefined) throw notSupported('SELECT INTO');
  const locks = new Locks(statement.locking);
  const from = bindFrom(scope, statement.from ?? [], locks);
  scope.clause = 'SELECT';
  const targets = bindTargets(scope, statement.columns);
  const where = condition(scope, statement.where, 'WHERE');
  const having = condition(scope, statement.having, 'HAVING');
  const sort = bindOrderBy(scope, statement.orderBy ?? [], targets);
  const groups = statement.groupBy === undefined ? undefined : bindGroupBy(scope, statement.groupBy, targets);
  const distinct = bindDistinctClause(scope, statement, targets, sort);
  const limit = bindLimit(scope, statement);
  if (options.resolveUnknown !== false) resolveTargets(scope, targets);
  const isGrouped = groups !== undefined || having !== undefined || scope.aggregates.length > 0;
  if (!locks.isEmpty) checkLocks(scope, locks, statement, having);
  const visible = targets.filter((target) => !target.isHidden);
  return {
    columns: visible.map(({ expr, name }) => pendingColumn(name, expr)),
    replace(i, expr) {
      const target = visible[i];
      if (target !== undefined) target.expr = expr;
    },
    finish() {
      let plan: LogicalPlan = where === undefined ? from.plan : { kind: 'filter', input: from.plan, condition: where };
      if (isGrouped) plan = group(scope, plan, { targets, groups: groups ?? [], having });
      const lock = locks.targets.length === 0 ? undefined : { targets: locks.targets, ...recheck([...from.conditions, where]) };
      return finishSelect(scope, plan, { targets, sort, distinct, limit, lock }, withClause);
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
  if (scope.hasSetFunctions) locks.refuseWith('set-returning functions in the target list');
  locks.finish();
}

interface GroupedQuery {
  readonly targets: readonly Target[];
  readonly groups: readonly Target[];
  readonly having: BoundExpr | undefined;
}

/** Everything above the groups is rewritten to speak of them. */
function group(scope: Scope, input: LogicalPlan, { targets, groups, having }: GroupedQuery): LogicalPlan {
  const below = expandGroups(scope, input, groups);
  const grouping = new Grouping(
    scope,
    groups.map((target) => target.expr),
    below.expanded,
  );
  for (const target of targets) target.expr = grouping.rewrite(target.expr);
  const condition = having === undefined ? undefined : grouping.rewrite(having);
  const plan = grouping.plan(below.plan);
  return condition === undefined ? plan : { kind: 'filter', input: plan, condition };
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

function finishSelect(scope: Scope, input: LogicalPlan, steps: OutputSteps, withClause: WithClause | undefined): BoundQuery {
  const { plan, columns } = buildOutput(scope, input, steps);
  return finishQuery(scope, withClause === undefined ? plan : withClause.wrap(plan), columns);
}
