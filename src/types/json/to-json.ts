import { codecFor } from '../codecs.js';
import type { FormatContext } from '../format-context.js';
import { Jsonb, type SqlValue } from '../value.js';
import { jsonTextOfValue, nodeOfValue } from './convert.js';

/** to_json(value): compact JSON text of a value of a built-in type; JSON null for null. */
export function toJsonText(value: SqlValue, oid: number, cx: FormatContext): string {
  return jsonTextOfValue(value, oid, cx, codecFor);
}

/** to_jsonb(value). @throws SqlError 22P02 for bad json within */
export function toJsonb(value: SqlValue, oid: number, cx: FormatContext): Jsonb {
  return new Jsonb(nodeOfValue(value, oid, cx, codecFor));
}
