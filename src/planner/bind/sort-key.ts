import {
  BTREE_METHOD,
  btreeOperator,
  equalityOperator,
  isHashable,
  operatorError,
  resolveOperator,
  Strategy,
} from '../../catalog/builtin/index.js';
import { operatorsNamed } from '../../catalog/made-routines.js';
import type { Oid } from '../../commons/ids.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { OrderBy } from '../parse/ast.js';
import { errorAt, locationOf } from './errors.js';
import type { BoundExpr } from './expression.js';
import type { SortKey } from './logical.js';
import type { BindState } from './state.js';
import { startOf } from './tree/walk.js';

/** An ORDER BY item over its bound expression. @throws SqlError 42883 for types without order */
export function sortKey(state: BindState, expr: BoundExpr, order: OrderBy): SortKey {
  requireOrder(state, expr, order.by.type === 'ref' || order.by.type === 'integer' ? locationOf(order.by) : startOf(expr));
  const descending = order.using === undefined ? order.order === 'DESC' : isDescending(state, expr, order.using, locationOf(order));
  return { expr, descending, nullsFirst: order.nulls === undefined ? descending : order.nulls === 'FIRST' };
}

/** ORDER BY … USING operator: "less than" or "greater than" of some order of the type. @throws SqlError 42883, 42809 */
function isDescending(state: BindState, expr: BoundExpr, name: string, location: number | undefined): boolean {
  const found = resolveOperator(state.types, operatorsNamed(state.catalog, state.environment.searchPath, name), expr.type, expr.type);
  if (found.kind !== 'operator') throw operatorError(found, name, expr.type, expr.type, (oid) => state.typeName(oid), location);
  const places = state.builtin.amopsByOperator(found.operator.oid).filter((place) => place.method === BTREE_METHOD);
  const place = places.find(({ strategy }) => strategy === Strategy.less || strategy === Strategy.greater);
  if (place !== undefined) return place.strategy === Strategy.greater;
  throw errorAt(SqlState.wrongObjectType, `operator ${name} is not a valid ordering operator`, location, {
    hint: 'Ordering operators must be "<" or ">" members of btree operator families.',
  });
}

export function requireOrder(state: BindState, expr: BoundExpr, location = startOf(expr)): void {
  if (btreeOperator(state.types, expr.type, Strategy.less) !== 0) return;
  throw errorAt(SqlState.undefinedFunction, `could not identify an ordering operator for type ${state.typeName(expr.type)}`, location, {
    hint: 'Use an explicit ordering operator or modify the query.',
  });
}

/** For GROUP BY, DISTINCT and set operations. @throws SqlError 42883 */
export function requireEquality(state: BindState, type: Oid, location: number | undefined): void {
  if (equalityOperator(state.types, type) !== 0) return;
  throw errorAt(SqlState.undefinedFunction, `could not identify an equality operator for type ${state.typeName(type)}`, location);
}

/** For UNION in a recursive query, which looks rows up. @throws SqlError 42883, 0A000 */
export function requireHashable(state: BindState, type: Oid, location: number | undefined): void {
  requireEquality(state, type, location);
  if (isHashable(state.types, type)) return;
  throw errorAt(SqlState.featureNotSupported, 'could not implement recursive UNION', undefined, {
    detail: 'All column datatypes must be hashable.',
  });
}
