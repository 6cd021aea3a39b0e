import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { quoteJson } from '../../../types/json/format.js';
import { jsonbOfEntries } from '../../../types/json/modify.js';
import { TypeOid } from '../../../types/oids.js';
import { Jsonb, type JsonNode, SqlArray, type SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { elementTypeOf } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';
import { overList, type VariadicArguments, variadicArguments } from '../variadic.js';
import { keyOf, toJson, toNode } from './convert.js';
import { textElements } from './text-elements.js';

function invalid(message: string, hint?: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message, { hint });
}

/** Keys and values by turns. @throws SqlError 22023 */
function entriesOf<T>(
  values: readonly SqlValue[],
  types: VariadicArguments,
  cx: FunctionContext,
  functionName: string,
  convert: (value: SqlValue, type: number, cx: FunctionContext) => T,
): { readonly keys: string[]; readonly values: T[] } {
  if (values.length % 2 !== 0) {
    throw invalid(
      'argument list must have even number of elements',
      `The arguments of ${functionName}() must consist of alternating keys and values.`,
    );
  }
  const keys: string[] = [];
  const converted: T[] = [];
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i] ?? null;
    if (key === null) {
      throw functionName === 'json_build_object'
        ? invalid(`argument ${i + 1} cannot be null`, 'Object keys should be text.')
        : invalid(`argument ${i + 1}: key must not be null`);
    }
    keys.push(keyOf(key, types.typeOf(i), cx));
    converted.push(convert(values[i + 1] ?? null, types.typeOf(i + 1), cx));
  }
  return { keys, values: converted };
}

export function jsonObjectText(keys: readonly string[], values: readonly string[]): string {
  return `{${keys.map((key, i) => `${quoteJson(key)} : ${values[i] ?? 'null'}`).join(', ')}}`;
}

function buildObject(types: CallTypes): ScalarFunction {
  const variadic = variadicArguments(types, 0);
  return overList((args, cx) => {
    const values = variadic.valuesOf(args);
    if (values === undefined) return null;
    const entries = entriesOf(values, variadic, cx, 'json_build_object', toJson);
    return jsonObjectText(entries.keys, entries.values);
  });
}

function buildObjectB(types: CallTypes): ScalarFunction {
  const variadic = variadicArguments(types, 0);
  return overList((args, cx) => {
    const values = variadic.valuesOf(args);
    if (values === undefined) return null;
    const entries = entriesOf<JsonNode>(values, variadic, cx, 'jsonb_build_object', toNode);
    return jsonbOfEntries(entries.keys, entries.values);
  });
}

function buildArray(types: CallTypes): ScalarFunction {
  const variadic = variadicArguments(types, 0);
  return overList((args, cx) => {
    const values = variadic.valuesOf(args);
    return values === undefined ? null : `[${values.map((value, i) => toJson(value, variadic.typeOf(i), cx)).join(', ')}]`;
  });
}

function buildArrayB(types: CallTypes): ScalarFunction {
  const variadic = variadicArguments(types, 0);
  return overList((args, cx) => {
    const values = variadic.valuesOf(args);
    return values === undefined ? null : new Jsonb(values.map((value, i) => toNode(value, variadic.typeOf(i), cx)));
  });
}

function subscriptError(message: string): SqlError {
  return new SqlError(SqlState.arraySubscriptError, message);
}

interface TextEntries {
  readonly keys: string[];
  readonly values: (string | null)[];
}

function checkedKey(key: string | null | undefined): string {
  if (key === null || key === undefined) throw new SqlError(SqlState.nullValueNotAllowed, 'null value not allowed for object key');
  return key;
}

/** json_object(text[]): keys and values by turns, or pairs. @throws SqlError 2202E, 22004 */
function entriesOfArray(array: SqlArray): TextEntries {
  const { dimensions } = array;
  if (dimensions.length === 1 && array.elements.length % 2 !== 0) throw subscriptError('array must have even number of elements');
  if (dimensions.length === 2 && dimensions[1] !== 2) throw subscriptError('array must have two columns');
  if (dimensions.length > 2) throw subscriptError('wrong number of array subscripts');
  const texts = textElements(array);
  const keys: string[] = [];
  const values: (string | null)[] = [];
  for (let i = 0; i < texts.length; i += 2) {
    keys.push(checkedKey(texts[i]));
    values.push(texts[i + 1] ?? null);
  }
  return { keys, values };
}

function entriesOfArrays(keys: SqlArray, values: SqlArray): TextEntries {
  if (keys.dimensions.length > 1 || keys.dimensions.length !== values.dimensions.length) {
    throw subscriptError('wrong number of array subscripts');
  }
  if (keys.elements.length !== values.elements.length) throw subscriptError('mismatched array dimensions');
  return { keys: textElements(keys).map(checkedKey), values: [...textElements(values)] };
}

function objectText({ keys, values }: TextEntries): string {
  return jsonObjectText(
    keys,
    values.map((value) => (value === null ? 'null' : quoteJson(value))),
  );
}

/** Line feeds between the members or elements of the outermost level. */
function arrayToJson(array: SqlArray, type: number, pretty: boolean, cx: FunctionContext): string {
  if (!pretty || array.dimensions.length === 0) return toJson(array, type, cx);
  const count = array.dimensions[0] ?? 0;
  const size = array.elements.length / Math.max(1, count);
  const inner = array.dimensions.slice(1);
  const elementType = elementTypeOf(type);
  const parts = Array.from({ length: count }, (_, i) => {
    const elements = array.elements.slice(i * size, (i + 1) * size);
    return inner.length === 0 ? toJson(elements[0] ?? null, elementType, cx) : toJson(new SqlArray(elements, inner), type, cx);
  });
  return `[${parts.join(',\n ')}]`;
}

function rowToJson(row: SqlRecord, pretty: boolean, cx: FunctionContext): string {
  if (!pretty) return toJson(row, TypeOid.record, cx);
  const members = row.values.map(
    (value, i) => `${quoteJson(row.names?.[i] ?? `f${i + 1}`)}:${toJson(value, row.types[i] ?? TypeOid.text, cx)}`,
  );
  return `{${members.join(',\n ')}}`;
}

export const jsonBuilders: FunctionTable = {
  scalar: {
    json_build_array_noargs: () => '[]',
    json_build_object_noargs: () => '{}',
    jsonb_build_array_noargs: () => new Jsonb([]),
    jsonb_build_object_noargs: () => new Jsonb(new Map()),
    json_object: (array: SqlArray) => objectText(entriesOfArray(array)),
    json_object_two_arg: (keys: SqlArray, values: SqlArray) => objectText(entriesOfArrays(keys, values)),
    jsonb_object: (array: SqlArray) => {
      const { keys, values } = entriesOfArray(array);
      return jsonbOfEntries(keys, values);
    },
    jsonb_object_two_arg: (keys: SqlArray, values: SqlArray) => {
      const entries = entriesOfArrays(keys, values);
      return jsonbOfEntries(entries.keys, entries.values);
    },
    row_to_json: (row: SqlRecord, cx: FunctionContext) => rowToJson(row, false, cx),
    row_to_json_pretty: rowToJson,
  },
  typed: {
    json_build_array: buildArray,
    json_build_object: buildObject,
    jsonb_build_array: buildArrayB,
    jsonb_build_object: buildObjectB,
    to_json: (types) => {
      const type = argType(types, 0);
      return (value: SqlValue, cx: FunctionContext) => toJson(value, type, cx);
    },
    to_jsonb: (types) => {
      const type = argType(types, 0);
      return (value: SqlValue, cx: FunctionContext) => new Jsonb(toNode(value, type, cx));
    },
    array_to_json: (types) => {
      const type = argType(types, 0);
      return (array: SqlArray, cx: FunctionContext) => arrayToJson(array, type, false, cx);
    },
    array_to_json_pretty: (types) => {
      const type = argType(types, 0);
      return (array: SqlArray, pretty: boolean, cx: FunctionContext) => arrayToJson(array, type, pretty, cx);
    },
  },
};
