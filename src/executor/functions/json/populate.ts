import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { nodeAsText } from '../../../types/json/access.js';
import { formatJsonb } from '../../../types/json/format.js';
import { isArray, isObject, type JsonObject } from '../../../types/json/node.js';
import { parseJsonb } from '../../../types/json/parse.js';
import { elementOidOf, TypeOid } from '../../../types/oids.js';
import { applyTypmod, codecFor, formatType } from '../../../types/type-codec.js';
import { Jsonb, type JsonNode, type Row, SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { CallColumn, CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';

/** The columns of a row type; those of an anonymous record are its own. @throws SqlError 0A000, 42804 */
function columnsOf(type: number, base: SqlValue, cx: FunctionContext, name = 'json_populate_record'): readonly CallColumn[] {
  const relation: RelationDescriptor | undefined = cx.catalog.relationOfRowType(type);
  if (relation !== undefined && relation.kind !== 'index' && relation.kind !== 'sequence') {
    return relation.columns.filter((column) => column.dropped !== true);
  }
  if (base instanceof SqlRecord) {
    return base.types.map((column, i) => ({ name: base.names?.[i] ?? `f${i + 1}`, type: column, typmod: -1 }));
  }
  throw new SqlError(SqlState.datatypeMismatch, `could not determine row type for result of ${name}`, {
    hint: 'Provide a non-null record argument, or call the function in the FROM clause using a column definition list.',
  });
}

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message);
}

/** A JSON value as a value of a column's type, through the type's text form where JSON has no such type. */
function valueOfNode(node: JsonNode, type: number, typmod: number, cx: FunctionContext): SqlValue {
  if (type === TypeOid.jsonb) return new Jsonb(node);
  if (type === TypeOid.json) return formatJsonb(node);
  if (node === null) return null;
  const element = elementOidOf(type);
  if (element !== undefined && isArray(node)) return arrayOfNodes(node, element, typmod, cx);
  const codec = codecFor(type);
  if (codec === undefined) {
    if (isObject(node)) return recordOf(node, type, null, cx);
    throw notSupported(`a JSON value for type ${formatType(type)}`);
  }
  const value = codec.input(nodeAsText(node) ?? '', cx.format, typmod);
  return typmod < 0 ? value : (applyTypmod(type, typmod, false)?.(value) ?? value);
}

/** Nested lists must all have the same lengths. @throws SqlError 22P02 */
function arrayOfNodes(nodes: readonly JsonNode[], element: number, typmod: number, cx: FunctionContext): SqlArray {
  const dimensions: number[] = [];
  for (let level: JsonNode | undefined = [...nodes]; level !== undefined && isArray(level); level = level[0]) dimensions.push(level.length);
  if (dimensions.includes(0)) return new SqlArray([]);
  const elements: SqlValue[] = [];
  const collect = (items: readonly JsonNode[], depth: number): void => {
    const isLast = depth === dimensions.length - 1;
    const fits = items.length === dimensions[depth] && items.every((item) => isLast || isArray(item));
    if (!fits) {
      throw new SqlError(SqlState.invalidTextRepresentation, 'malformed JSON array', {
        detail: 'Multidimensional arrays must have sub-arrays with matching dimensions.',
      });
    }
    for (const item of items) {
      if (!isLast && isArray(item)) collect(item, depth + 1);
      else elements.push(valueOfNode(item, element, typmod, cx));
    }
  };
  collect(nodes, 0);
  return new SqlArray(elements, dimensions);
}

function valuesOf(object: JsonObject, columns: readonly CallColumn[], base: SqlValue, cx: FunctionContext): SqlValue[] {
  return columns.map((column, i) => {
    const node = object.get(column.name);
    if (node === undefined) return base instanceof SqlRecord ? (base.values[i] ?? null) : null;
    return valueOfNode(node, column.type, column.typmod, cx);
  });
}

function recordOf(object: JsonObject, type: number, base: SqlValue, cx: FunctionContext, columns = columnsOf(type, base, cx)): SqlRecord {
  return new SqlRecord(
    valuesOf(object, columns, base, cx),
    columns.map((column) => column.type),
    columns.map((column) => column.name),
  );
}

type Read = (value: SqlValue) => JsonNode;
const readJson: Read = (value) => parseJsonb(typeof value === 'string' ? value : 'null').node;
const readJsonb: Read = (value) => (value instanceof Jsonb ? value.node : null);

function populateRecord(name: string, read: Read): (types: CallTypes) => (base: SqlValue, from: SqlValue, ...rest: unknown[]) => SqlValue {
  return (types) => {
    const type = argType(types, 0);
    return (base, from, ...rest) => {
      // json_populate_record has a third argument, which means nothing any more.
      const cx = rest[rest.length - 1] as FunctionContext;
      if (from === null) return base;
      const node = read(from);
      if (!isObject(node)) throw invalid(`cannot call ${name} on ${isArray(node) ? 'an array' : 'a scalar'}`);
      return recordOf(node, type, base, cx, types.columns ?? columnsOf(type, base, cx, name));
    };
  };
}

/** @param columns undefined: those of `base`, an anonymous record */
function* populateRows(
  name: string,
  type: number,
  columns: readonly CallColumn[] | undefined,
  base: SqlValue,
  node: JsonNode,
  cx: FunctionContext,
): Generator<Row | SqlRecord> {
  if (!isArray(node)) throw invalid(`cannot call ${name} on ${isObject(node) ? 'an object' : 'a scalar'}`);
  for (const item of node) {
    if (!isObject(item)) throw invalid(`argument of ${name} must be an array of objects`);
    yield columns === undefined ? recordOf(item, type, base, cx) : valuesOf(item, columns, base, cx);
  }
}

function populateSet(name: string, read: Read) {
  return (types: CallTypes) => {
    const type = argType(types, 0);
    return (args: readonly SqlValue[], cx: FunctionContext): Iterable<Row | SqlRecord> => {
      const from = args[1] ?? null;
      const base = args[0] ?? null;
      if (from === null) return [];
      if (types.columns === undefined) columnsOf(type, base, cx, name);
      return populateRows(name, type, types.columns, base, read(from), cx);
    };
  };
}

function definedColumns(types: CallTypes): readonly CallColumn[] {
  if (types.columns !== undefined) return types.columns;
  throw new SqlError(SqlState.syntaxError, 'a column definition list is required for functions returning "record"');
}

/** json_to_record: an object's members by the column definition list. */
function toRecord(name: string, read: Read): (types: CallTypes) => ScalarFunction {
  return (types) => (from: SqlValue, cx: FunctionContext) => {
    const node = read(from);
    if (!isObject(node)) throw invalid(`cannot call ${name} on ${isArray(node) ? 'an array' : 'a scalar'}`);
    return recordOf(node, TypeOid.record, null, cx, definedColumns(types));
  };
}

function toRecordset(name: string, read: Read) {
  return (types: CallTypes) =>
    (args: readonly SqlValue[], cx: FunctionContext): Iterable<Row | SqlRecord> => {
      const from = args[0] ?? null;
      return from === null ? [] : populateRows(name, TypeOid.record, definedColumns(types), null, read(from), cx);
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
