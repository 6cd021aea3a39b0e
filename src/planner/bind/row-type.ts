import type { BuiltinProc } from '../../catalog/builtin/index.js';
import { baseTypeOf, isPolymorphic, resolvePolymorphic } from '../../catalog/builtin/index.js';
import type { Oid } from '../../commons/ids.js';
import { TypeOid } from '../../types/oids.js';
import type { BoundExpr, ColumnId } from './expression.js';
import type { BindState, RowField } from './state.js';

/** The fields of an expression's value, if it is a row whose fields are known. */
export function outputFields(state: BindState, expr: BoundExpr): readonly RowField[] | undefined {
  switch (expr.kind) {
    case 'whole row':
      return expr.columns.map((column, i) => ({ ...typeOf(column), name: expr.names[i] ?? column.name }));
    case 'row':
      if (expr.type !== TypeOid.record) break;
      return expr.fields.map((field, i) => ({ ...typeOf(field), name: expr.names?.[i] ?? `f${i + 1}` }));
    case 'call': {
      const proc = state.procByOid(expr.proc);
      const fields = proc === undefined ? undefined : resultFields(state, proc, expr.args, expr.type);
      if (fields !== undefined) return fields;
      break;
    }
    case 'column':
      if (expr.type === TypeOid.record) return state.recordFields.get(expr.id);
      break;
    case 'param':
      if (expr.rowFields !== undefined) return expr.rowFields;
      break;
    case 'relabel':
      if (expr.type === TypeOid.record) return outputFields(state, expr.arg);
      break;
  }
  return fieldsOfType(state, expr.type);
}

function typeOf(expr: BoundExpr): Omit<RowField, 'name'> {
  const { typmod, collation } = expr;
  const type = expr.type === TypeOid.unknown ? TypeOid.text : expr.type;
  return collation === undefined ? { type, typmod } : { type, typmod, collation };
}

/** The columns of a composite type; undefined for any other. */
export function fieldsOfType(state: BindState, type: Oid): readonly RowField[] | undefined {
  const relation = state.types.relationOf(baseTypeOf(state.types, type));
  if (relation === undefined || !('columns' in relation) || relation.kind === 'index') return undefined;
  return relation.columns.filter((column) => column.dropped !== true);
}

/** A function's OUT parameters, when it has several (one is just its result). */
export function resultFields(state: BindState, proc: BuiltinProc, args: readonly BoundExpr[], type: Oid): readonly RowField[] | undefined {
  const { argModes, allArgTypes, argNames } = proc;
  if (type !== TypeOid.record || argModes === undefined || allArgTypes === undefined) return undefined;
  const fields: RowField[] = [];
  for (let i = 0; i < argModes.length; i++) {
    const mode = argModes[i];
    const declared = allArgTypes[i] ?? 0;
    if (mode !== 'i' && mode !== 'v') {
      const fieldType = isPolymorphic(declared) ? settled(state, proc, args, declared) : declared;
      fields.push({ name: argNames?.[i] || `column${fields.length + 1}`, type: fieldType, typmod: -1 });
    }
  }
  return fields.length > 1 ? fields : undefined;
}

/** A polymorphic OUT parameter is what the arguments make of it. */
function settled(state: BindState, proc: BuiltinProc, args: readonly BoundExpr[], declared: Oid): Oid {
  const actual = proc.argTypes.map((_, i) => args[i]?.type ?? TypeOid.unknown);
  const found = resolvePolymorphic(state.types, actual, proc.argTypes, declared);
  return found.kind === 'types' ? found.returnType : declared;
}

/** A column that gives an expression's value gives its fields too. */
export function noteFields(state: BindState, id: ColumnId, expr: BoundExpr): void {
  if (expr.type !== TypeOid.record) return;
  const fields = outputFields(state, expr);
  if (fields !== undefined) state.recordFields.set(id, fields);
}
