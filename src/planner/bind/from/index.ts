/**
 * Life of FROM: each item is bound to a plan and to entries of the namespace (what may be called how) → items are joined from left to right,
 * each seeing its left neighbours only as LATERAL allows → when the last one is bound, all are visible to the rest of the query.
 */
import { SqlState } from '../../../commons/sqlstates.js';
import type { From } from '../../parse/ast.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalPlan } from '../logical.js';
import type { RelationItem } from '../scope/relation-item.js';
import { type NamespaceEntry, type Scope, setLateral } from '../scope/scope.js';
import type { FromShape } from '../shape.js';
import type { BoundFrom } from './bound-from.js';
import { bindFunctions } from './functions.js';
import { bindJoin } from './join.js';
import type { Locks } from './locks.js';
import { bindFromQuery } from './query.js';
import { bindFromTable } from './table.js';

export interface FromClause {
  readonly plan: LogicalPlan;
  readonly conditions: readonly BoundExpr[];
  readonly shapes: readonly FromShape[];
}

/** @param below what stands to the left of the list already: UPDATE's and DELETE's target */
export function bindFrom(scope: Scope, nodes: readonly From[], locks: Locks, below?: LogicalPlan): FromClause {
  let plan = below;
  const conditions: BoundExpr[] = [];
  const shapes: FromShape[] = [];
  for (const node of nodes) {
    const before = scope.lateralColumns.length;
    const bound = bindFromItem(scope, node, locks);
    const lateral = usesLateral(scope, before, undefined);
    refuseConflicts(scope.namespace, bound.entries);
    setLateral(bound.entries, true, true);
    scope.namespace = [...scope.namespace, ...bound.entries];
    conditions.push(...bound.conditions);
    if (bound.shape !== undefined) shapes.push(bound.shape);
    plan = plan === undefined ? bound.plan : { kind: 'join', type: 'inner', left: plan, right: bound.plan, lateral };
  }
  setLateral(scope.namespace, false, true);
  return { plan: plan ?? { kind: 'one row' }, conditions, shapes };
}

function bindFromItem(scope: Scope, node: From, locks: Locks): BoundFrom {
  scope.state.enter();
  const bound = dispatch(scope, node, locks);
  scope.state.leave();
  return bound;
}

function dispatch(scope: Scope, node: From, locks: Locks): BoundFrom {
  switch (node.type) {
    case 'table':
      return bindFromTable(scope, node, locks);
    case 'statement':
      return bindFromQuery(scope, node, locks);
    case 'functions':
      return bindFunctions(scope, node, locks);
    case 'join':
      return bindJoin(scope, node, locks, { item: bindFromItem, usesLateral, refuseConflicts });
  }
}

/** Did what was bound since then use columns of its left neighbours? @param left only these count; undefined: all of this level */
export function usesLateral(scope: Scope, since: number, left: readonly RelationItem[] | undefined): boolean {
  for (let i = since; i < scope.lateralColumns.length; i++) {
    const id = scope.lateralColumns[i];
    const found = id === undefined ? undefined : scope.referenced.get(id);
    if (found !== undefined && (left === undefined || left.includes(found.item))) return true;
  }
  return false;
}

/** @throws SqlError 42712 when a name stands for two items */
export function refuseConflicts(left: readonly NamespaceEntry[], right: readonly NamespaceEntry[]): void {
  for (const { item, isRelationVisible } of right) {
    if (!isRelationVisible) continue;
    for (const other of left) {
      if (!other.isRelationVisible || other.item.alias !== item.alias) continue;
      // Two tables of one name in two schemas can be told apart by their schemas.
      const bothPlain = !item.isNamed && !other.item.isNamed && item.relation !== undefined && other.item.relation !== undefined;
      if (bothPlain && item.relation?.oid !== other.item.relation?.oid) continue;
      throw errorAt(SqlState.duplicateAlias, `table name "${item.alias}" specified more than once`, undefined);
    }
  }
}
