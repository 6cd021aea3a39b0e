import type { Oid } from '../../commons/ids.js';
import type { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { errorAt } from './errors.js';
import type { BoundExpr } from './expression.js';
import type { BindState } from './state.js';
import { startOf } from './tree/walk.js';

export function cannotCast(state: BindState, from: Oid, to: Oid, location: number | undefined): SqlError {
  return errorAt(SqlState.cannotCoerce, `cannot cast type ${state.typeName(from)} to ${state.typeName(to)}`, location);
}

export function wrongArgument(state: BindState, expr: BoundExpr, construct: string, wanted: string): SqlError {
  return errorAt(
    SqlState.datatypeMismatch,
    `argument of ${construct} must be type ${wanted}, not type ${state.typeName(expr.type)}`,
    startOf(expr),
  );
}
