import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { FIRST_USER_OID } from '../../../commons/ids.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { applyTypmod, codecFor, formatType } from '../../../types/type-codec.js';
import { elementTypeIn, isMadeType, underlyingType } from '../../../types/user-types.js';
import { Jsonb, type Row, SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { CallColumn, CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';
import { type JsonPiece, NodePiece, TextPiece } from './json-piece.js';

/** The columns of a row type; those of an anonymous record are its own. @throws SqlError 0A000, 42804 */
export function columnsOf(type: number, base: SqlValue, cx: FunctionContext, name = 'json_populate_record'): readonly CallColumn[] {
  const relation: RelationDescriptor | undefined = cx.catalog.relationOfRowType(underlyingType(type, cx.format));
  if (relation !== undefined && relation.kind !== 'index' && relation.kind !== 'sequence') {
    return relation.columns.filter((column) => column.dropped !== true);
  }
  if (base instanceof SqlRecord) {
    return base.types.map((column, i) => ({ name: base.names?.[i] ?? `f${i + 1}`, type: column, typmod: -1 }));
  }
  throw noRowType(name);
}

function noRowType(name: string): SqlError {
  return new SqlError(SqlState.datatypeMismatch, `could not determine row type for result of ${name}`, {
    hint: 'Provide a non-null record argument, or call the function in the FROM clause using a column definition list.',
  });
}

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message);
}

/** A JSON value as a value of a column's type, through the type's text form where JSON has no such type. `key` is for errors. */
function readValue(piece: JsonPiece, type: number, typmod: number, key: string | undefined, base: SqlValue, cx: FunctionContext): SqlValue {
  const { kind } = piece;
  if (kind !== 'null' && type === TypeOid.jsonb) return new Jsonb(piece.node());
  if (kind !== 'null' && type === TypeOid.json) return piece.json();
  const made = isMadeType(type) ? cx.format.userTypes?.find(type) : undefined;
  if (made?.check !== undefined) return made.check(readValue(piece, made.over, made.typmod ?? -1, key, base, cx), cx.format);
  if (kind === 'null') return null;
  // A string is the row's own text form.
  if (made?.form === 'composite' && kind !== 'string') {
    if (kind !== 'object') throw notAnObject(kind);
    return recordOf(piece, type, base, cx);
  }
  const element = elementTypeIn(type, cx.format);
  // A string is the array's own text form.
  if (element !== undefined && kind !== 'string') return new ArrayReader(element, typmod, key, cx).read(piece);
  const codec = codecFor(type);
  if (codec === undefined) throw notSupported(`a JSON value for type ${formatType(type)}`);
  const value = codec.input(piece.text(), cx.format, typmod);
  return typmod < 0 ? value : (applyTypmod(type, typmod, false)?.(value) ?? value);
}

/** Nested lists as an array: all of one depth have the same length. @throws SqlError 22P02 */
class ArrayReader {
  readonly #element: number;
  readonly #typmod: number;
  readonly #key: string | undefined;
  readonly #cx: FunctionContext;
  readonly #elements: SqlValue[] = [];
  /** Lengths by depth; known once the first list of a depth has ended. */
  readonly #dimensions: number[] = [];
  /** Where it stands, by depth. */
  readonly #position: number[] = [];
  /** How deep lists go: known at the first element. */
  #depth: number | undefined;

  constructor(element: number, typmod: number, key: string | undefined, cx: FunctionContext) {
    this.#element = element;
    this.#typmod = typmod;
    this.#key = key;
    this.#cx = cx;
  }

  read(piece: JsonPiece): SqlArray {
    this.#list(piece, 0);
    return this.#dimensions.includes(0) ? new SqlArray([]) : new SqlArray(this.#elements, this.#dimensions);
  }

  #list(piece: JsonPiece, depth: number): void {
    if (piece.kind !== 'array') throw this.#expectedArray(depth);
    let count = 0;
    for (const item of piece.elements()) {
      this.#position[depth] = count++;
      if (this.#depth === undefined && item.kind !== 'array') this.#depth = depth + 1;
      if (this.#depth === undefined || depth + 1 < this.#depth) this.#list(item, depth + 1);
      else this.#elements.push(readValue(item, this.#element, this.#typmod, this.#key, null, this.#cx));
    }
    this.#depth ??= depth + 1;
    this.#dimensions[depth] ??= count;
    if (this.#dimensions[depth] !== count) {
      throw new SqlError(SqlState.invalidTextRepresentation, 'malformed JSON array', {
        detail: 'Multidimensional arrays must have sub-arrays with matching dimensions.',
      });
    }
  }

  #expectedArray(depth: number): SqlError {
    const key = this.#key === undefined ? undefined : `key "${this.#key}"`;
    const at = this.#position
      .slice(0, depth)
      .map((index) => `[${index}]`)
      .join('');
    const hint = depth > 0 ? `See the array element ${at}${key === undefined ? '' : ` of ${key}`}.` : `See the value of ${key}.`;
    return new SqlError(SqlState.invalidTextRepresentation, 'expected JSON array', depth > 0 || key !== undefined ? { hint } : {});
  }
}

function valuesOf(object: JsonPiece, columns: readonly CallColumn[], base: SqlValue, cx: FunctionContext): SqlValue[] {
  const members = object.members();
  return columns.map((column, i) => {
    const member = members.get(column.name);
    const value = base instanceof SqlRecord ? (base.values[i] ?? null) : null;
    if (member === undefined) {
      // A domain may refuse NULL.
      return value === null && isMadeType(column.type) ? (cx.format.userTypes?.find(column.type)?.check?.(null, cx.format) ?? null) : value;
    }
    return readValue(member, column.type, column.typmod, column.name, value, cx);
  });
}

function notAnObject(kind: JsonPiece['kind']): SqlError {
  return invalid(`cannot call populate_composite on ${kind === 'array' ? 'an array' : 'a scalar'}`);
}

function notAList(name: string, kind: JsonPiece['kind']): SqlError {
  const what = name.startsWith('jsonb') ? 'a non-array' : kind === 'object' ? 'an object' : 'a scalar';
  return invalid(`cannot call ${name} on ${what}`);
}

/** Of a domain over a row type: its checks. */
function checked(record: SqlRecord, type: number, cx: FunctionContext): SqlValue {
  return (isMadeType(type) ? cx.format.userTypes?.find(type)?.check?.(record, cx.format) : undefined) ?? record;
}

function recordOf(object: JsonPiece, type: number, base: SqlValue, cx: FunctionContext, columns = columnsOf(type, base, cx)): SqlRecord {
  return new SqlRecord(
    valuesOf(object, columns, base, cx),
    columns.map((column) => column.type),
    columns.map((column) => column.name),
  );
}

type Read = (value: SqlValue) => JsonPiece;
const readJson: Read = (value) => new TextPiece(typeof value === 'string' ? value : 'null');
const readJsonb: Read = (value) => new NodePiece(value instanceof Jsonb ? value.node : null);

/** A base row must be of the columns that the query has defined. @throws SqlError 42804 */
function requireSameRow(base: SqlValue, columns: readonly CallColumn[] | undefined): void {
  if (columns === undefined || !(base instanceof SqlRecord) || base.names !== undefined) return;
  const { types } = base;
  const mismatch = (detail: string): SqlError =>
    new SqlError(SqlState.datatypeMismatch, 'function return row and query-specified return row do not match', { detail });
  if (types.length !== columns.length) {
    throw mismatch(`Returned row contains ${types.length} attribute${types.length === 1 ? '' : 's'}, but query expects ${columns.length}.`);
  }
  for (const [i, { type }] of columns.entries()) {
    if (types[i] === type) continue;
    throw mismatch(`Returned type ${formatType(types[i] ?? 0)} at ordinal position ${i + 1}, but query expects ${formatType(type)}.`);
  }
}

function populateRecord(name: string, read: Read): (types: CallTypes) => (base: SqlValue, from: SqlValue, ...rest: unknown[]) => SqlValue {
  return (types) => {
    const type = argType(types, 0);
    return (base, from, ...rest) => {
      // json_populate_record has a third argument, which means nothing any more.
      const cx = rest[rest.length - 1] as FunctionContext;
      if (from === null) return base;
      const node = read(from);
      if (node.kind !== 'object') throw notAnObject(node.kind);
      requireSameRow(base, types.columns);
      return checked(recordOf(node, type, base, cx, types.columns ?? columnsOf(type, base, cx, name)), type, cx);
    };
  };
}

/** @param columns undefined: those of `base`, an anonymous record */
function* populateRows(
  name: string,
  type: number,
  columns: readonly CallColumn[] | undefined,
  base: SqlValue,
  node: JsonPiece,
  cx: FunctionContext,
): Generator<Row | SqlRecord> {
  if (node.kind !== 'array') throw notAList(name, node.kind);
  for (const item of node.elements()) {
    if (item.kind !== 'object') throw invalid(`argument of ${name} must be an array of objects`);
    if (columns === undefined) {
      const row = checked(recordOf(item, type, base, cx), type, cx);
      if (row instanceof SqlRecord) yield row;
      continue;
    }
    const values = valuesOf(item, columns, base, cx);
    if (type >= FIRST_USER_OID)
      checked(
        new SqlRecord(
          values,
          columns.map((column) => column.type),
        ),
        type,
        cx,
      );
    yield values;
  }
}

function populateSet(name: string, read: Read) {
  return (types: CallTypes) => {
    const type = argType(types, 0);
    return (args: readonly SqlValue[], cx: FunctionContext): Iterable<Row | SqlRecord> => {
      const from = args[1] ?? null;
      const base = args[0] ?? null;
      if (from === null) return [];
      requireSameRow(base, types.columns);
      if (types.columns === undefined) columnsOf(type, base, cx, name);
      return populateRows(name, type, types.columns, base, read(from), cx);
    };
  };
}

function definedColumns(types: CallTypes, name: string): readonly CallColumn[] {
  if (types.columns !== undefined) return types.columns;
  throw noRowType(name);
}

/** json_to_record: an object's members by the column definition list. */
function toRecord(name: string, read: Read): (types: CallTypes) => ScalarFunction {
  return (types) => (from: SqlValue, cx: FunctionContext) => {
    const columns = definedColumns(types, name);
    const node = read(from);
    if (node.kind !== 'object') throw notAnObject(node.kind);
    return recordOf(node, TypeOid.record, null, cx, columns);
  };
}

function toRecordset(name: string, read: Read) {
  return (types: CallTypes) =>
    (args: readonly SqlValue[], cx: FunctionContext): Iterable<Row | SqlRecord> => {
      const from = args[0] ?? null;
      return from === null ? [] : populateRows(name, TypeOid.record, definedColumns(types, name), null, read(from), cx);
    };
}

export const jsonPopulation: FunctionTable = {
  typed: {
    json_populate_record: populateRecord('json_populate_record', readJson),
    jsonb_populate_record: populateRecord('jsonb_populate_record', readJsonb),
    json_to_record: toRecord('json_to_record', readJson),
    jsonb_to_record: toRecord('jsonb_to_record', readJsonb),
  },
  typedSet: {
    json_populate_recordset: populateSet('json_populate_recordset', readJson),
    jsonb_populate_recordset: populateSet('jsonb_populate_recordset', readJsonb),
    json_to_recordset: toRecordset('json_to_recordset', readJson),
    jsonb_to_recordset: toRecordset('jsonb_to_recordset', readJsonb),
  },
};
