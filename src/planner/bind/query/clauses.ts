import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, OrderBy } from '../../parse/ast.js';
import type { Clause } from '../clause.js';
import { resolveUnknown } from '../coerce.js';
import { errorAt, locationOf } from '../errors.js';
import { findColumn } from '../scope/columns.js';
import type { Scope } from '../scope/scope.js';
import { requireEquality, requireOrder, sortKey } from '../sort-key.js';
import { sameExpr, sameTarget } from '../tree/same.js';
import { startOf } from '../tree/walk.js';
import type { Target } from './target.js';

/** A sort key as a target and a direction. */
export interface SortItem {
  readonly target: Target;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/**
 * What ORDER BY, GROUP BY and DISTINCT ON may say: an output column's name or number, or an expression, which is added to the targets
 * when it isn't one of them. GROUP BY prefers an input column of that name. @throws SqlError 42P10, 42702, 42601
 */
export function findTarget(scope: Scope, node: Expr, targets: Target[], clause: Clause): Target {
  const named = namedTarget(scope, node, targets, clause) ?? numberedTarget(node, targets, clause);
  return numbered(named === undefined ? expressionTarget(scope, node, targets, clause) : typed(scope, named), targets);
}

/** A window's PARTITION BY and ORDER BY speak of input columns alone. */
export function findWindowTarget(scope: Scope, node: Expr, targets: Target[]): Target {
  return numbered(expressionTarget(scope, node, targets, 'WINDOW'), targets);
}

function numbered(target: Target, targets: readonly Target[]): Target {
  target.sortReference ??= 1 + targets.reduce((highest, { sortReference }) => Math.max(highest, sortReference ?? 0), 0);
  return target;
}

function expressionTarget(scope: Scope, node: Expr, targets: Target[], clause: Clause): Target {
  const expr = resolveUnknown(scope.state, scope.bindIn(clause, node));
  const existing = targets.find((target) => sameTarget(target.expr, expr));
  if (existing !== undefined) return existing;
  const added: Target = { expr, name: '', isHidden: true };
  targets.push(added);
  return added;
}

/** Sorting and grouping need a type, so that an untyped literal is a text from here on. */
function typed(scope: Scope, target: Target): Target {
  target.expr = resolveUnknown(scope.state, target.expr);
  return target;
}

function namedTarget(scope: Scope, node: Expr, targets: readonly Target[], clause: Clause): Target | undefined {
  if (node.type !== 'ref' || node.table !== undefined || node.star === true) return undefined;
  if (clause === 'GROUP BY' && findColumn(scope, node.name, locationOf(node), true) !== undefined) return undefined;
  let found: Target | undefined;
  for (const target of targets) {
    if (target.isHidden || target.name !== node.name) continue;
    if (found !== undefined && !sameExpr(found.expr, target.expr)) {
      throw errorAt(SqlState.ambiguousColumn, `${clause} "${node.name}" is ambiguous`, locationOf(node));
    }
    found ??= target;
  }
  return found;
}

function numberedTarget(node: Expr, targets: readonly Target[], clause: Clause): Target | undefined {
  if (node.type === 'integer') {
    const target = targets.filter(({ isHidden }) => !isHidden)[node.value - 1];
    if (target !== undefined) return target;
    throw errorAt(SqlState.invalidColumnReference, `${clause} position ${node.value} is not in select list`, locationOf(node));
  }
  if (node.type === 'string' || node.type === 'numeric' || node.type === 'boolean' || node.type === 'null' || node.type === 'bit string') {
    throw errorAt(SqlState.syntaxError, `non-integer constant in ${clause}`, locationOf(node));
  }
  return undefined;
}

export function bindOrderBy(scope: Scope, nodes: readonly OrderBy[], targets: Target[]): SortItem[] {
  const items: SortItem[] = [];
  for (const node of nodes) {
    const target = findTarget(scope, node.by, targets, 'ORDER BY');
    const { descending, nullsFirst } = sortKey(scope.state, target.expr, node);
    if (!items.some((item) => item.target === target)) items.push({ target, descending, nullsFirst });
  }
  return items;
}

/** SELECT DISTINCT: all visible targets, which ORDER BY must be among. @throws SqlError 42P10, 42883 */
export function bindDistinct(scope: Scope, targets: readonly Target[], sort: readonly SortItem[]): void {
  for (const { target } of sort) {
    if (!target.isHidden) continue;
    throw errorAt(
      SqlState.invalidColumnReference,
      'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
      startOf(target.expr),
    );
  }
  for (const target of targets) {
    if (target.isHidden) continue;
    target.expr = resolveUnknown(scope.state, target.expr);
    requireEquality(scope.state, target.expr.type, startOf(target.expr));
  }
}

/** DISTINCT ON: its expressions must be what ORDER BY begins with, in any order. */
export function bindDistinctOn(scope: Scope, nodes: readonly Expr[], targets: Target[], sort: readonly SortItem[]): Target[] {
  const on = new Map<Target, number | undefined>();
  for (const node of nodes) {
    const target = findTarget(scope, node, targets, 'DISTINCT ON');
    requireOrder(scope.state, target.expr);
    if (!on.has(target)) on.set(target, locationOf(node));
  }
  let skipped = false;
  for (const { target } of sort) {
    if (!on.has(target)) skipped = true;
    else if (skipped) throw mustMatch(on.get(target));
  }
  // ORDER BY that begins with other expressions than these would decide nothing.
  if (skipped) for (const [target, location] of on) if (!sort.some((item) => item.target === target)) throw mustMatch(location);
  return [...on.keys()];
}

function mustMatch(position: number | undefined) {
  return errorAt(SqlState.invalidColumnReference, 'SELECT DISTINCT ON expressions must match initial ORDER BY expressions', position);
}
