import { canCoerce, isPolymorphic, isRowType, kindOf } from '../../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { outputParameters } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ResultColumn } from '../../../planner/bind/logical.js';
import { TypeLookup } from '../../../planner/bind/type-lookup.js';
import { TypeOid } from '../../../types/oids.js';
import type { CallTypes } from '../../functions/implementation.js';

/** What the last statement of a function in SQL must give, and what is made of it: PostgreSQL's check_sql_fn_retval. */
export type ResultShape =
  | { readonly kind: 'nothing' }
  /** One value: a column as it comes, or cast. A row type's value may come so too. */
  | { readonly kind: 'value'; readonly isRow: boolean; readonly casts: readonly TargetType[] | undefined }
  | {
      readonly kind: 'row';
      readonly names: readonly string[];
      readonly types: readonly Oid[];
      readonly casts: readonly TargetType[] | undefined;
    };
export interface TargetType {
  readonly type: Oid;
  readonly typmod: number;
}

export interface Field extends TargetType {
  readonly name: string;
}

/** The fields of a row that a routine returns, as far as they are known. */
export function resultFields(routine: RoutineDescriptor, types: CallTypes, catalog: CatalogSnapshot): readonly Field[] | undefined {
  if (types.columns !== undefined) return types.columns;
  const outputs = outputParameters(routine);
  if (routine.returnType === TypeOid.record && outputs.length > 0) {
    return outputs.map(({ name, type }, i) => ({ name: name ?? `column${i + 1}`, type, typmod: -1 }));
  }
  const lookup = new TypeLookup(catalog);
  const relation = lookup.relationOf(baseOf(lookup, types.result));
  if (relation === undefined || !('columns' in relation) || relation.kind === 'index') return undefined;
  return relation.columns.filter(({ dropped }) => dropped !== true);
}

function baseOf(lookup: TypeLookup, oid: Oid): Oid {
  let type = lookup.typeByOid(oid);
  while (type?.kind === 'd') type = lookup.typeByOid(type.baseType);
  return type?.oid ?? oid;
}

/**
 * @param columns of the last statement; undefined: it gives no rows, or there is none
 * @param show how errors call a type
 * @throws SqlError 42P13
 */
export function resultShape(
  routine: RoutineDescriptor,
  types: CallTypes,
  columns: readonly ResultColumn[] | undefined,
  catalog: CatalogSnapshot,
  show: (type: Oid) => string,
): ResultShape {
  const declared = types.result;
  if (declared === TypeOid.void) return { kind: 'nothing' };
  const refuse = (detail: string): SqlError =>
    new SqlError(SqlState.invalidFunctionDefinition, `return type mismatch in function declared to return ${show(declared)}`, { detail });
  if (columns === undefined) throw refuse("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
  const lookup = new TypeLookup(catalog);
  const kind = kindOf(lookup, declared);
  const [first] = columns;
  const isRow = declared === TypeOid.record || isRowType(lookup, declared);
  if (!isRow) {
    if (kind === 'p' && !isPolymorphic(declared)) {
      throw new SqlError(SqlState.invalidFunctionDefinition, `return type ${show(declared)} is not supported for SQL functions`);
    }
    if (first === undefined || columns.length > 1) throw refuse('Final statement must return exactly one column.');
    const actual = typeOf(first);
    if (!isReachable(lookup, actual, declared)) throw refuse(`Actual return type is ${show(actual)}.`);
    return { kind: 'value', isRow: false, casts: castsTo([first], [{ type: declared, typmod: -1 }]) };
  }
  if (first !== undefined && columns.length === 1 && routine.form !== 'procedure') {
    const actual = typeOf(first);
    const isWhole = actual === declared || actual === TypeOid.record || isRowType(lookup, actual);
    if (isWhole && isReachable(lookup, actual, declared)) {
      return { kind: 'value', isRow: true, casts: castsTo([first], [{ type: declared, typmod: -1 }]) };
    }
  }
  const fields = resultFields(routine, types, catalog);
  if (fields === undefined) return { kind: 'row', names: columns.map(({ name }) => name), types: columns.map(typeOf), casts: undefined };
  if (columns.length > fields.length) throw refuse('Final statement returns too many columns.');
  for (const [i, column] of columns.entries()) {
    const wanted = fields[i];
    if (wanted === undefined || isReachable(lookup, typeOf(column), wanted.type)) continue;
    throw refuse(`Final statement returns ${show(typeOf(column))} instead of ${show(wanted.type)} at column ${i + 1}.`);
  }
  if (columns.length < fields.length) throw refuse('Final statement returns too few columns.');
  return { kind: 'row', names: fields.map(({ name }) => name), types: fields.map(({ type }) => type), casts: castsTo(columns, fields) };
}

/** Of a domain's column clients are told the base type. */
function typeOf(column: ResultColumn): Oid {
  return column.domain ?? column.type;
}

function isReachable(lookup: TypeLookup, from: Oid, to: Oid): boolean {
  return from === to || canCoerce(lookup, from, to, 'assignment');
}

function castsTo(columns: readonly ResultColumn[], wanted: readonly TargetType[]): readonly TargetType[] | undefined {
  const isSame = columns.every((column, i) => {
    const target = wanted[i];
    return target !== undefined && typeOf(column) === target.type && (target.typmod < 0 || target.typmod === column.typmod);
  });
  return isSame ? undefined : wanted.map(({ type, typmod }) => ({ type, typmod }));
}
