import type { Oid } from '../../../commons/ids.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { coerceToCommon } from '../common-type.js';
import { errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { LogicalPlan, OutputColumn } from '../logical.js';
import { outputColumn, referenceTo } from '../nodes.js';
import type { Scope } from '../scope/scope.js';
import type { BoundQuery, PendingQuery } from '../state.js';

/** What both arms of a set operation must fit to. */

/** @throws SqlError 42601 */
export function requireSameWidth(op: string, left: PendingQuery, right: PendingQuery): void {
  if (left.columns.length === right.columns.length) return;
  throw errorAt(SqlState.syntaxError, `each ${op} query must have the same number of columns`, right.columns[0]?.location);
}

/** A query's columns brought to given types, where they aren't yet. */
export function castOutputs(
  scope: Scope,
  query: BoundQuery,
  types: readonly Oid[],
  op: string,
): { readonly plan: LogicalPlan; readonly columns: readonly OutputColumn[] } {
  const { state } = scope;
  if (query.columns.every((column, i) => column.type === types[i])) return query;
  const columns = query.columns.map((column, i) => {
    const reference = referenceTo(column);
    const expr: BoundExpr = coerceToCommon(state, reference, types[i] ?? column.type, op);
    return expr === reference ? { ...column, expr } : { ...outputColumn(state.newColumn(), column.name, expr), expr };
  });
  return { plan: { kind: 'project', input: query.plan, columns }, columns };
}
