import type { FromStatement } from '../../parse/ast.js';
import { itemOf } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import { aliasNames } from './alias.js';
import { type BoundFrom, single } from './bound-from.js';
import type { Locks } from './locks.js';

/** (SELECT …) AS alias: sees its left neighbours only as LATERAL. */
export function bindFromQuery(scope: Scope, node: FromStatement, locks: Locks): BoundFrom {
  const alias = node.alias?.name ?? (node.statement.type === 'values' ? '*VALUES*' : 'unnamed_subquery');
  const statement = locks.isEmpty ? node.statement : locks.pushInto(node.statement, alias);
  const { isLateralActive, clause } = scope;
  scope.isLateralActive = node.lateral === true;
  scope.clause = 'FROM query';
  const query = scope.query(statement).finish();
  scope.isLateralActive = isLateralActive;
  scope.clause = clause;
  const names = aliasNames(
    alias,
    node.alias?.columns ?? [],
    query.columns.map((column) => column.name),
  );
  const columns = query.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  return single(scope, query.plan, itemOf(alias, true, columns), (item) => ({ kind: 'query', item, node, query: query.shape }));
}
