import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { jsonbArrayLength, jsonbElements, jsonbEntries, jsonbKeys, nodeAsText } from '../../../types/json/access.js';
import { prettyJsonb, quoteJson } from '../../../types/json/format.js';
import {
  jsonArrayLength,
  jsonAsText,
  jsonContainerOf,
  jsonElements,
  jsonEntries,
  jsonSlices,
  jsonTypeOf,
} from '../../../types/json/json-text.js';
import { jsonbDeletePath, jsonbInsert, jsonbSet, jsonbStripNulls } from '../../../types/json/modify.js';
import { typeOfNode } from '../../../types/json/node.js';
import { TypeOid } from '../../../types/oids.js';
import { Jsonb, type SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';
import { textElements } from './text-elements.js';

/** json_strip_nulls: written anew without spaces. */
function stripNulls(text: string): string {
  switch (jsonContainerOf(text)) {
    case 'object':
      return `{${jsonSlices(text)
        .filter((slice) => slice.text !== 'null')
        .map((slice) => `${quoteJson(slice.key)}:${stripNulls(slice.text)}`)
        .join(',')}}`;
    case 'array':
      return `[${jsonSlices(text)
        .map((slice) => stripNulls(slice.text))
        .join(',')}]`;
    default:
      return text.trim();
  }
}

const LAX_TREATMENTS = ['raise_exception', 'use_json_null', 'delete_key', 'return_target'];

/** jsonb_set_lax: what a NULL value means is the last argument's. @throws SqlError 22023, 22004 */
function setLax(
  target: Jsonb | null,
  path: SqlArray | null,
  value: Jsonb | null,
  create: boolean | null,
  treatment: string | null,
): Jsonb | null {
  if (target === null || path === null || create === null) return null;
  if (value !== null) return jsonbSet(target, textElements(path), value, create);
  if (treatment === null || !LAX_TREATMENTS.includes(treatment)) {
    throw new SqlError(
      SqlState.invalidParameterValue,
      'null_value_treatment must be "delete_key", "return_target", "use_json_null", or "raise_exception"',
    );
  }
  switch (treatment) {
    case 'raise_exception':
      throw new SqlError(SqlState.nullValueNotAllowed, 'JSON value must not be null', {
        detail: 'Exception was raised because null_value_treatment is "raise_exception".',
        hint: 'To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.',
      });
    case 'use_json_null':
      return jsonbSet(target, textElements(path), new Jsonb(null), create);
    case 'delete_key':
      return jsonbDeletePath(target, textElements(path));
    default:
      return target;
  }
}

const asText = (value: SqlValue | undefined): string => (typeof value === 'string' ? value : '');
const NOTHING = new Jsonb(new Map());
const asJsonb = (value: SqlValue | undefined): Jsonb => (value instanceof Jsonb ? value : NOTHING);

const COLUMNS = ['key', 'value'];

/** Records rather than rows: json_each() may stand in a select list too, where its result must know its types. */
function* eachOfJson(value: SqlValue | undefined, name: string, type: number, convert: (text: string) => SqlValue): Generator<SqlRecord> {
  const types = [TypeOid.text, type];
  for (const { key, text } of jsonEntries(asText(value), name)) yield new SqlRecord([key, convert(text)], types, COLUMNS);
}

function* eachOfJsonb(
  value: SqlValue | undefined,
  name: string,
  type: number,
  convert: (node: Jsonb['node']) => SqlValue,
): Generator<SqlRecord> {
  const types = [TypeOid.text, type];
  for (const [key, node] of jsonbEntries(asJsonb(value), name)) yield new SqlRecord([key, convert(node)], types, COLUMNS);
}

const wrap = (node: Jsonb['node']): Jsonb => new Jsonb(node);

export const jsonFunctions: FunctionTable = {
  scalar: {
    json_typeof: jsonTypeOf,
    jsonb_typeof: (value: Jsonb) => typeOfNode(value.node),
    json_array_length: jsonArrayLength,
    jsonb_array_length: jsonbArrayLength,
    json_strip_nulls: stripNulls,
    jsonb_strip_nulls: jsonbStripNulls,
    jsonb_pretty: (value: Jsonb) => prettyJsonb(value.node),
    jsonb_set: (target: Jsonb, path: SqlArray, value: Jsonb, create: boolean) => jsonbSet(target, textElements(path), value, create),
    jsonb_set_lax: setLax,
    jsonb_insert: (target: Jsonb, path: SqlArray, value: Jsonb, after: boolean) => jsonbInsert(target, textElements(path), value, after),
  },
  set: {
    json_array_elements: (args) => jsonElements(asText(args[0]), 'json_array_elements').map((slice) => slice.text),
    json_array_elements_text: (args) => jsonElements(asText(args[0]), 'json_array_elements_text').map((slice) => jsonAsText(slice.text)),
    json_object_keys: (args) => jsonEntries(asText(args[0]), 'json_object_keys').map((slice) => slice.key),
    json_each: (args) => eachOfJson(args[0], 'json_each', TypeOid.json, (text) => text),
    json_each_text: (args) => eachOfJson(args[0], 'json_each_text', TypeOid.text, jsonAsText),
    jsonb_array_elements: (args) => jsonbElements(asJsonb(args[0])).map(wrap),
    jsonb_array_elements_text: (args) => jsonbElements(asJsonb(args[0])).map(nodeAsText),
    jsonb_object_keys: (args) => jsonbKeys(asJsonb(args[0])),
    jsonb_each: (args) => eachOfJsonb(args[0], 'jsonb_each', TypeOid.jsonb, wrap),
    jsonb_each_text: (args) => eachOfJsonb(args[0], 'jsonb_each_text', TypeOid.text, nodeAsText),
  },
};
