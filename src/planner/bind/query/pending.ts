import { TypeOid } from '../../../types/oids.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { outputFields } from '../row-type.js';
import type { Scope } from '../scope/scope.js';
import type { QueryShape } from '../shape.js';
import type { BindState, BoundQuery, PendingColumn } from '../state.js';
import { startOf } from '../tree/walk.js';

export function pendingColumn(state: BindState, name: string, expr: BoundExpr): PendingColumn {
  const { type, typmod, collation } = expr;
  const location = startOf(expr);
  const fields = type === TypeOid.record ? outputFields(state, expr) : undefined;
  return {
    name,
    type,
    typmod,
    ...(collation === undefined ? {} : { collation }),
    ...(location === undefined ? {} : { location }),
    ...(fields === undefined ? {} : { fields }),
    ...(type === TypeOid.unknown ? { untyped: expr } : {}),
  };
}

/** Stands for a column of a query that has no plan yet, where only its type counts. */
export function columnStandIn(column: PendingColumn): BoundExpr {
  const { type, typmod, location } = column;
  return column.untyped ?? { kind: 'placeholder', slot: -1, type, typmod, ...(location === undefined ? {} : { location }) };
}

export function finishQuery(scope: Scope, plan: LogicalPlan, columns: readonly OutputColumn[], shape?: QueryShape): BoundQuery {
  const query = { plan, columns, outerColumns: [...scope.outerColumns] };
  return shape === undefined ? query : { ...query, shape };
}
