import { baseTypeOf, kindOf } from '../../../catalog/builtin/index.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { at, errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { outputFields } from '../row-type.js';
import type { Scope } from '../scope/scope.js';
import type { RowField } from '../state.js';
import { startOf } from '../tree/walk.js';

/** @throws SqlError 42703, 42809 */
export function fieldOf(scope: Scope, operand: BoundExpr, name: string, location: number | undefined, alias?: string): BoundExpr {
  const { state } = scope;
  const fields = outputFields(state, operand);
  const position = location ?? startOf(operand);
  const index = fields === undefined ? -1 : fields.findIndex((field) => field.name === name);
  const field = fields?.[index];
  if (field !== undefined) return selectField(operand, field, index, location);
  if (operand.kind === 'whole row' && alias !== undefined)
    throw errorAt(SqlState.undefinedColumn, `column ${alias}.${name} does not exist`, position);
  if (operand.type === TypeOid.record) {
    throw errorAt(SqlState.undefinedColumn, `could not identify column "${name}" in record data type`, position);
  }
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
