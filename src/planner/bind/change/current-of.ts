import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { Expr } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { scanOf } from '../from/table.js';
import type { LogicalPlan, LogicalScan } from '../logical.js';
import { constNode } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import { bindVariable } from '../variables.js';
import type { ChangedRelation } from './changed-relation.js';
import { filtered } from './changed-row.js';
import { viewRows } from './instead.js';

/** The rows that an UPDATE or DELETE may be about, before its WHERE: those that views show, or the one that a cursor is on. @throws SqlError 0A000 */
export function changedScan(scope: Scope, changed: ChangedRelation, where: Expr | undefined): LogicalPlan {
  const { base, conditions } = changed.row;
  const { instead } = changed;
  const scan = instead === undefined ? scanOf(base) : viewRows(scope, instead.view, instead.environment, base);
  if (where?.type !== 'current of') return filtered(scan, conditions);
  if (changed.relation.kind === 'view') {
    throw errorAt(SqlState.featureNotSupported, 'WHERE CURRENT OF on a view is not implemented', undefined);
  }
  const one: LogicalScan = { ...scanOf(base), currentOf: cursorName(scope, where.cursor) };
  base.scan = one;
  return one;
}

/** A cursor variable of a routine, or the cursor's own name. */
function cursorName(scope: Scope, cursor: string): BoundExpr {
  const variable = bindVariable(scope, { type: 'ref', name: cursor });
  return variable?.type === TypeOid.refcursor ? variable : constNode(TypeOid.text, -1, cursor);
}

export function bindChangeWhere(scope: Scope, where: Expr | undefined): BoundExpr | undefined {
  if (where === undefined || where.type === 'current of') return undefined;
  return coerceToBoolean(scope.state, scope.bindIn('WHERE', where), 'WHERE');
}
