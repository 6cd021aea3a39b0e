import { procsNamed } from '../../../catalog/made-routines.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprField, ExprRef } from '../../parse/ast.js';
import { clauseRules } from '../clause.js';
import { errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { columnOf, type FoundItem, findColumn, findItem, requireItem, wholeRow } from '../scope/columns.js';
import { missingColumn } from '../scope/missing.js';
import type { Scope } from '../scope/scope.js';
import { bindVariable } from '../variables.js';
import { fieldOf } from './fields.js';

/** `a`, `t.a`, `s.t.a`, or `t` and `t.*` for the whole row. @throws SqlError 42703, 42702, 42P01 */
export function bindReference(scope: Scope, node: ExprRef): BoundExpr {
  const location = locationOf(node);
  const variable = hasVariables(scope) ? bindVariable(scope, node) : undefined;
  if (variable !== undefined) return variable;
  const forbidden = clauseRules[scope.clause].noColumns;
  if (forbidden !== undefined) throw errorAt(SqlState.featureNotSupported, `cannot use column reference in ${forbidden}`, location);
  const { table, name } = node;
  if (table === undefined) {
    if (node.star) throw errorAt(SqlState.syntaxError, 'row expansion via "*" is not supported here', location);
    const column = findColumn(scope, name, location);
    if (column !== undefined) return column;
    const found = findItem(scope, { name }, location);
    if (found === undefined) throw missingColumn(scope, undefined, name, location);
    return wholeRow(scope, found, location);
  }
  const found = requireItem(scope, table, location, name);
  if (node.star) return wholeRow(scope, found, location);
  const column = columnOf(scope, found, name, location);
  if (column !== undefined) return column;
  const call = functionOfRow(scope, found, node);
  if (call !== undefined) return call;
  throw missingColumn(scope, table.name, name, location);
}

/** f.name where f has no such column may call a function over its row. */
function functionOfRow(scope: Scope, found: FoundItem, { table, name, _location }: ExprRef): BoundExpr | undefined {
  if (table === undefined) return undefined;
  const { rowType } = found.item;
  const { state } = scope;
  const isOver = scope.searchPath.some((schema) =>
    procsNamed(state.catalog, schema, name).some(
      ({ argTypes: [only, second] }) => second === undefined && only !== undefined && (only === rowType || only === TypeOid.record),
    ),
  );
  if (!isOver) return undefined;
  const row: ExprRef = { type: 'ref', name: table.name, ...(_location === undefined ? {} : { _location }) };
  return scope.bind({ type: 'call', function: { name }, args: [row], ...(_location === undefined ? {} : { _location }) });
}

function hasVariables({ environment, state }: Scope): boolean {
  return state.cx.variables !== undefined || environment.arguments !== undefined;
}

/** (composite).field */
export function bindField(scope: Scope, node: ExprField): BoundExpr {
  const operand = scope.bind(node.operand);
  if (node.star) throw errorAt(SqlState.syntaxError, 'row expansion via "*" is not supported here', locationOf(node));
  return fieldOf(scope, operand, node.field, locationOf(node), node.operand.type === 'ref' ? node.operand.name : undefined);
}
