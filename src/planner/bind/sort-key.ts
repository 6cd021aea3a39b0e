import { btreeOperator, equalityOperator, Strategy } from '../../catalog/builtin/index.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { OrderBy } from '../parse/ast.js';
import { errorAt, locationOf } from './errors.js';
import type { BoundExpr } from './expression.js';
import type { SortKey } from './logical.js';
import type { BindState } from './state.js';
import { startOf } from './tree/walk.js';

/** An ORDER BY item over its bound expression. @throws SqlError 42883 for types without order */
export function sortKey(state: BindState, expr: BoundExpr, order: OrderBy): SortKey {
  requireOrder(state, expr);
  if (order.using !== undefined && order.using !== '<' && order.using !== '>') {
    throw notSupported(`ORDER BY … USING ${order.using}`, { position: locationOf(order) });
  }
  const descending = order.order === 'DESC' || order.using === '>';
  return { expr, descending, nullsFirst: order.nulls === undefined ? descending : order.nulls === 'FIRST' };
}

export function requireOrder(state: BindState, expr: BoundExpr): void {
  if (btreeOperator(state.types, expr.type, Strategy.less) !== 0) return;
  throw errorAt(
    SqlState.undefinedFunction,
    `could not identify an ordering operator for type ${state.typeName(expr.type)}`,
    startOf(expr),
    { hint: 'Use an explicit ordering operator or modify the query.' },
  );
}

/** For GROUP BY, DISTINCT and set operations. @throws SqlError 42883 */
export function requireEquality(state: BindState, type: Oid, location: number | undefined): void {
  if (equalityOperator(state.types, type) !== 0) return;
  throw errorAt(SqlState.undefinedFunction, `could not identify an equality operator for type ${state.typeName(type)}`, location);
}
