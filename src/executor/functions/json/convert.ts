import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { jsonTextOfValue, nodeOfValue } from '../../../types/json/convert.js';
import { ArrayOid, TypeOid } from '../../../types/oids.js';
import { codecFor } from '../../../types/type-codec.js';
import { type JsonNode, SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';

/** The type to convert by: row types are records, and their arrays arrays of records. */
function knownType(value: SqlValue, type: number): number {
  if (type === TypeOid.anyarray) return ArrayOid.text;
  if (codecFor(type) !== undefined && !(value instanceof SqlRecord)) return type;
  return value instanceof SqlArray ? ArrayOid.record : value instanceof SqlRecord ? TypeOid.record : TypeOid.text;
}

/** to_json. */
export function toJson(value: SqlValue, type: number, cx: FunctionContext): string {
  return jsonTextOfValue(value, knownType(value, type), cx.format, codecFor);
}

/** to_jsonb. */
export function toNode(value: SqlValue, type: number, cx: FunctionContext): JsonNode {
  return nodeOfValue(value, knownType(value, type), cx.format, codecFor);
}

/** An object's key: the text of a scalar. @throws SqlError 22023 */
export function keyOf(value: SqlValue, type: number, cx: FunctionContext): string {
  if (value instanceof SqlArray || value instanceof SqlRecord || type === TypeOid.json || type === TypeOid.jsonb) {
    throw new SqlError(SqlState.invalidParameterValue, 'key value must be scalar, not array, composite, or json');
  }
  if (typeof value === 'string') return value;
  const node = toNode(value, type, cx);
  return typeof node === 'string' ? node : toJson(value, type, cx);
}

/** Arrays and rows stand on lines of their own in json_agg. */
export function isNested(value: SqlValue): boolean {
  return value instanceof SqlArray || value instanceof SqlRecord;
}
