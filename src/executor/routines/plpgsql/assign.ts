import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FieldOfRecord, RecordVariable, ScalarVariable, VariableList } from '../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../types/oids.js';
import { type Row, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { Activation } from './activation.js';
import { baseTypeIn } from './declared-types.js';
import { extraLevel, noteExtra } from './extra-checks.js';
import { type Shape, shapeOfRecord, shapeOfType } from './shape.js';
import { noField, notAssigned } from './used-variables.js';

/** A value to a variable of any kind, cast as assignments do. @throws SqlError 22004, 42804, and as the cast */
export function assign(a: Activation, number: number, value: SqlValue, type: Oid, typmod: number): void {
  const datum = a.body.datum(number);
  switch (datum.kind) {
    case 'scalar':
      assignScalar(a, datum, value, type, typmod);
      return;
    case 'field':
      assignField(a, datum, value, type, typmod);
      return;
    case 'record':
      assignRecord(a, datum, value, type);
      return;
    case 'list': {
      if (value !== null && !(value instanceof SqlRecord)) {
        throw new SqlError(SqlState.datatypeMismatch, 'cannot assign non-composite value to a row variable');
      }
      if (value === null) moveRow(a, number, undefined, undefined);
      else moveRow(a, number, [...value.values], shapeOf(a, value, type));
      return;
    }
  }
}

function assignScalar(a: Activation, datum: ScalarVariable, value: SqlValue, type: Oid, typmod: number): void {
  const { oid, typmod: ownTypmod } = a.body.caseTypes.size === 0 ? datum.type : (typeOfCase(a, datum) ?? datum.type);
  const cast = a.casts.cast(value, type, typmod, oid, ownTypmod);
  if (cast === null && datum.notNull) throw notNull(datum.name);
  a.slots[datum.number] = cast;
}

function typeOfCase(a: Activation, datum: ScalarVariable): ScalarVariable['type'] | undefined {
  const known = a.body.caseTypes.get(datum.number);
  return known === undefined ? undefined : { oid: known.type, typmod: known.typmod, isRecord: false };
}

function notNull(name: string): SqlError {
  return new SqlError(SqlState.nullValueNotAllowed, `null value cannot be assigned to variable "${name}" declared NOT NULL`);
}

function shapeOf(a: Activation, value: SqlRecord, type: Oid): Shape {
  return (type === TypeOid.record ? undefined : shapeOfType(a.compile.catalog, type)) ?? shapeOfRecord(value);
}

function assignRecord(a: Activation, datum: RecordVariable, value: SqlValue, type: Oid): void {
  if (value === null) {
    if (datum.notNull) throw notNull(datum.name);
    a.slots[datum.number] = null;
    a.shapes[datum.number] = a.body.typedShapes[datum.number];
    checkDomain(a, datum);
    return;
  }
  if (!(value instanceof SqlRecord)) {
    throw new SqlError(SqlState.datatypeMismatch, 'cannot assign non-composite value to a record variable');
  }
  moveRow(a, datum.number, [...value.values], shapeOf(a, value, type));
}

/** A variable of a domain over rows: its constraints. */
function checkDomain(a: Activation, { number, type }: RecordVariable): void {
  const { catalog } = a.compile;
  const base = type.oid === TypeOid.record ? type.oid : baseTypeIn(catalog, type.oid);
  if (base !== type.oid) a.casts.cast(a.slots[number] ?? null, base, -1, type.oid, type.typmod);
}

/** @throws SqlError 55000, 42703, and as the cast */
export function assignField(
  a: Activation,
  { record, name }: Pick<FieldOfRecord, 'record' | 'name'>,
  value: SqlValue,
  type: Oid,
  typmod: number,
): void {
  const { index, shape } = fieldPlace(a, record, name);
  const cast = a.casts.cast(value, type, typmod, shape.types[index] ?? 0, shape.typmods[index] ?? -1);
  const old = a.record(record);
  const values = shape.types.map((_, i) => (i === index ? cast : (old?.values[i] ?? null)));
  a.setRecord(record, values, shape);
  const datum = a.body.datum(record);
  if (datum.kind === 'record' && a.body.typedShapes[record] !== undefined) checkDomain(a, datum);
}

/** @throws SqlError 55000, 42703 */
export function fieldPlace(a: Activation, record: number, name: string): { readonly index: number; readonly shape: Shape } {
  const shape = a.shapes[record];
  const recordName = a.body.datum(record).name;
  if (shape === undefined) throw notAssigned(recordName);
  const index = shape.indexOf(name);
  if (index < 0) throw noField(recordName, name);
  return { index, shape };
}

/**
 * A row to a record or a list of variables, column by column.
 * @param values undefined: there is no row, all become NULL
 * @param shape undefined: nothing is known of columns either
 */
export function moveRow(a: Activation, number: number, values: Row | undefined, shape: Shape | undefined): void {
  const datum = a.body.datum(number);
  if (datum.kind === 'list') moveToList(a, datum, values, shape);
  else if (datum.kind === 'record') moveToRecord(a, datum, values, shape);
  else if (values === undefined || shape === undefined) assign(a, number, null, TypeOid.unknown, -1);
  else assign(a, number, values[0] ?? null, shape.types[0] ?? 0, shape.typmods[0] ?? -1);
}

function moveToList(a: Activation, { fields }: VariableList, values: Row | undefined, shape: Shape | undefined): void {
  if (values !== undefined && shape !== undefined && shape.types.length !== fields.length) checkWidths(a);
  for (const [i, field] of fields.entries()) {
    if (values === undefined || shape === undefined || i >= shape.types.length) assign(a, field.number, null, TypeOid.unknown, -1);
    else assign(a, field.number, values[i] ?? null, shape.types[i] ?? 0, shape.typmods[i] ?? -1);
  }
}

function moveToRecord(a: Activation, datum: RecordVariable, values: Row | undefined, shape: Shape | undefined): void {
  const { number } = datum;
  const typed = a.body.typedShapes[number];
  if (values === undefined && datum.notNull) throw notNull(datum.name);
  if (typed === undefined) {
    if (shape === undefined) {
      a.slots[number] = null;
      a.shapes[number] = undefined;
    } else {
      a.setRecord(
        number,
        shape.types.map((_, i) => values?.[i] ?? null),
        shape,
      );
    }
    return;
  }
  if (shape === undefined) {
    a.slots[number] = null;
  } else if (values === undefined) {
    a.setRecord(
      number,
      typed.types.map(() => null),
      typed,
    );
  } else {
    if (shape.types.length !== typed.types.length) checkWidths(a);
    const cast = typed.types.map((type, i) =>
      i < shape.types.length
        ? a.casts.cast(values[i] ?? null, shape.types[i] ?? 0, shape.typmods[i] ?? -1, type, typed.typmods[i] ?? -1)
        : null,
    );
    a.setRecord(number, cast, typed);
  }
  checkDomain(a, datum);
}

/** plpgsql.extra_warnings and extra_errors: as many values as targets. */
function checkWidths(a: Activation): void {
  const level = extraLevel(a, 'strict_multi_assignment');
  if (level === undefined) return;
  const message = 'number of source and target fields in assignment does not match';
  const fields = {
    detail: `strict_multi_assignment check of extra_${level === 'ERROR' ? 'errors' : 'warnings'} is active.`,
    hint: 'Make sure the query returns the exact list of columns.',
  };
  if (level === 'ERROR') throw new SqlError(SqlState.datatypeMismatch, message, fields);
  noteExtra(a, SqlState.datatypeMismatch, message, fields);
}

/** What a variable holds, and of which type it is. */
export interface Held {
  readonly value: SqlValue;
  readonly type: Oid;
  readonly typmod: number;
  readonly shape?: Shape | undefined;
}

/** @throws SqlError 55000, 42703 for a field that is not there */
export function heldBy(a: Activation, number: number): Held {
  const datum = a.body.datum(number);
  switch (datum.kind) {
    case 'scalar':
      a.share(number);
      return { value: a.slots[number] ?? null, type: datum.type.oid, typmod: datum.type.typmod };
    case 'record':
      return { value: a.slots[number] ?? null, type: datum.type.oid, typmod: -1, shape: a.shapes[number] };
    case 'field': {
      const { index, shape } = fieldPlace(a, datum.record, datum.name);
      return { value: a.record(datum.record)?.values[index] ?? null, type: shape.types[index] ?? 0, typmod: shape.typmods[index] ?? -1 };
    }
    case 'list': {
      const held = datum.fields.map((field) => heldBy(a, field.number));
      const names = datum.fields.map((field) => field.name);
      const types = held.map(({ type }) => type);
      return {
        value: new SqlRecord(
          held.map(({ value }) => value),
          types,
          names,
        ),
        type: TypeOid.record,
        typmod: -1,
      };
    }
  }
}
