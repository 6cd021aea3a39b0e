import {
  jsonbElement,
  jsonbElementText,
  jsonbExists,
  jsonbExistsAll,
  jsonbExistsAny,
  jsonbField,
  jsonbFieldText,
  jsonbPath,
  jsonbPathText,
} from '../../../types/json/access.js';
import { jsonbContains } from '../../../types/json/containment.js';
import { boolOfJsonb, numericOfJsonb } from '../../../types/json/convert.js';
import { jsonAsText, jsonElement, jsonField, jsonPath } from '../../../types/json/json-text.js';
import { jsonbConcat, jsonbDeleteElement, jsonbDeleteKeys, jsonbDeletePath } from '../../../types/json/modify.js';
import { compareJsonb } from '../../../types/json/node.js';
import { numericToFloat4, numericToFloat8, numericToInt2, numericToInt4, numericToInt8 } from '../../../types/numeric/conversions.js';
import type { Jsonb, SqlArray } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';
import { textElements } from './text-elements.js';

const compare = (a: Jsonb, b: Jsonb): number => compareJsonb(a.node, b.node);

/** The operators of json and jsonb, and jsonb's casts. Functions of the same meaning share their prosrc. */
export const jsonOperators: FunctionTable = {
  scalar: {
    json_object_field: jsonField,
    json_object_field_text: (text: string, key: string) => jsonAsText(jsonField(text, key)),
    json_array_element: jsonElement,
    json_array_element_text: (text: string, index: number) => jsonAsText(jsonElement(text, index)),
    json_extract_path: (text: string, path: SqlArray) => jsonPath(text, textElements(path)),
    json_extract_path_text: (text: string, path: SqlArray) => jsonAsText(jsonPath(text, textElements(path))),

    jsonb_object_field: jsonbField,
    jsonb_object_field_text: jsonbFieldText,
    jsonb_array_element: jsonbElement,
    jsonb_array_element_text: jsonbElementText,
    jsonb_extract_path: (value: Jsonb, path: SqlArray) => jsonbPath(value, textElements(path)),
    jsonb_extract_path_text: (value: Jsonb, path: SqlArray) => jsonbPathText(value, textElements(path)),
    jsonb_contains: jsonbContains,
    jsonb_contained: (part: Jsonb, whole: Jsonb) => jsonbContains(whole, part),
    jsonb_exists: jsonbExists,
    jsonb_exists_any: (value: Jsonb, keys: SqlArray) => jsonbExistsAny(value, textElements(keys)),
    jsonb_exists_all: (value: Jsonb, keys: SqlArray) => jsonbExistsAll(value, textElements(keys)),
    jsonb_concat: jsonbConcat,
    jsonb_delete: (value: Jsonb, key: string) => jsonbDeleteKeys(value, [key]),
    jsonb_delete_array: (value: Jsonb, keys: SqlArray) => jsonbDeleteKeys(value, textElements(keys)),
    jsonb_delete_idx: jsonbDeleteElement,
    jsonb_delete_path: (value: Jsonb, path: SqlArray) => jsonbDeletePath(value, textElements(path)),

    jsonb_eq: (a: Jsonb, b: Jsonb) => compare(a, b) === 0,
    jsonb_ne: (a: Jsonb, b: Jsonb) => compare(a, b) !== 0,
    jsonb_lt: (a: Jsonb, b: Jsonb) => compare(a, b) < 0,
    jsonb_le: (a: Jsonb, b: Jsonb) => compare(a, b) <= 0,
    jsonb_gt: (a: Jsonb, b: Jsonb) => compare(a, b) > 0,
    jsonb_ge: (a: Jsonb, b: Jsonb) => compare(a, b) >= 0,
    jsonb_cmp: (a: Jsonb, b: Jsonb) => Math.sign(compare(a, b)),

    jsonb_bool: boolOfJsonb,
    jsonb_numeric: (value: Jsonb) => numericOfJsonb(value, 'numeric'),
    jsonb_int2: (value: Jsonb) => numericToInt2(numericOfJsonb(value, 'smallint')),
    jsonb_int4: (value: Jsonb) => numericToInt4(numericOfJsonb(value, 'integer')),
    jsonb_int8: (value: Jsonb) => numericToInt8(numericOfJsonb(value, 'bigint')),
    jsonb_float4: (value: Jsonb) => numericToFloat4(numericOfJsonb(value, 'real')),
    jsonb_float8: (value: Jsonb) => numericToFloat8(numericOfJsonb(value, 'double precision')),
  },
};
