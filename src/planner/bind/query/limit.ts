import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr, QueryTail } from '../../parse/ast.js';
import { coerceToSpecific } from '../coerce.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { forEachChild } from '../tree/walk.js';

export interface Limit {
  readonly limit?: BoundExpr;
  readonly offset?: BoundExpr;
  readonly withTies: boolean;
}

/** LIMIT and OFFSET: bigint expressions over nothing of this query. @throws SqlError 42804, 42P10, 42601 */
export function bindLimit(scope: Scope, tail: QueryTail): Limit | undefined {
  const offset = tail.offset === undefined ? undefined : bindCount(scope, tail.offset, 'OFFSET');
  const limit = tail.limit === undefined ? undefined : bindCount(scope, tail.limit, 'LIMIT');
  if (tail.withTies === true && tail.orderBy === undefined) {
    throw errorAt(SqlState.syntaxError, 'WITH TIES cannot be specified without ORDER BY clause', undefined);
  }
  const isAll = limit?.kind === 'const' && limit.value === null;
  if (tail.withTies === true && isAll) {
    throw errorAt(SqlState.invalidRowCountInLimit, 'row count cannot be null in FETCH FIRST ... WITH TIES clause', undefined);
  }
  const bounded = isAll ? undefined : limit;
  if (bounded === undefined && offset === undefined) return undefined;
  return {
    ...(bounded === undefined ? {} : { limit: bounded }),
    ...(offset === undefined ? {} : { offset }),
    withTies: tail.withTies === true,
  };
}

function bindCount(scope: Scope, node: Expr, clause: 'LIMIT' | 'OFFSET'): BoundExpr {
  const count = coerceToSpecific(scope.state, scope.bindIn(clause, node), TypeOid.int8, clause);
  refuseColumns(scope, count, clause);
  return count;
}

/** @throws SqlError 42P10 */
export function refuseColumns(scope: Scope, expr: BoundExpr, clause: string): void {
  const isOwn = expr.kind === 'column' && scope.referenced.has(expr.id);
  const isCorrelated = expr.kind === 'subquery' && expr.outerColumns.some((id) => scope.referenced.has(id));
  if (isOwn || isCorrelated) {
    throw errorAt(SqlState.invalidColumnReference, `argument of ${clause} must not contain variables`, expr.location);
  }
  forEachChild(expr, (child) => refuseColumns(scope, child, clause));
}
