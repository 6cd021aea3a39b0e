import { baseTypeOf, kindOf } from '../../../catalog/builtin/index.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { ExprField, ExprRef } from '../../parse/ast.js';
import { clauseRules } from '../clause.js';
import { at, errorAt, locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { outputFields } from '../row-type.js';
import { columnOf, findColumn, findItem, requireItem, wholeRow } from '../scope/columns.js';
import { missingColumn } from '../scope/missing.js';
import type { Scope } from '../scope/scope.js';
import type { RowField } from '../state.js';
import { startOf } from '../tree/walk.js';
import { bindVariable } from '../variables.js';

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
  if (column === undefined) throw missingColumn(scope, table.name, name, location);
  return column;
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

/** @throws SqlError 42703, 42809 */
export function fieldOf(scope: Scope, operand: BoundExpr, name: string, location: number | undefined, alias?: string): BoundExpr {
  const { state } = scope;
  const fields = outputFields(state, operand);
  const position = location ?? startOf(operand);
  const index = fields === undefined ? -1 : fields.findIndex((field) => field.name === name);
  const field = fields?.[index];
  if (field !== undefined) return selectField(operand, field, index, location);
  if (operand.type === TypeOid.record) {
    throw errorAt(SqlState.undefinedColumn, `could not identify column "${name}" in record data type`, position);
  }
  if (operand.kind === 'whole row' && alias !== undefined)
    throw errorAt(SqlState.undefinedColumn, `column ${alias}.${name} does not exist`, position);
  if (kindOf(state.types, baseTypeOf(state.types, operand.type)) === 'c') {
    throw errorAt(SqlState.undefinedColumn, `column "${name}" not found in data type ${state.typeName(operand.type)}`, position);
  }
  throw errorAt(
    SqlState.wrongObjectType,
    `column notation .${name} applied to type ${state.typeName(operand.type)}, which is not a composite type`,
    position,
  );
}

/** A column of a known row is that column; of a computed row a field of its value. */
export function selectField(operand: BoundExpr, field: RowField, index: number, location: number | undefined): BoundExpr {
  if (operand.kind === 'whole row') {
    const column = operand.columns[index];
    if (column !== undefined) return { ...column, ...at(location) };
  }
  const { name, type, typmod } = field;
  return { kind: 'field', arg: operand, index, name, type, typmod, ...at(location) };
}
