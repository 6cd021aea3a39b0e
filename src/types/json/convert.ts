import type { TypeCodec } from '../codec.js';
import { civilFromDays, yearOf } from '../datetime/calendar.js';
import { formatDate, formatTimestamp } from '../datetime/format.js';
import { timeZoneOf } from '../datetime/time-zone.js';
import { dayOfTimestamp, secondsOfTimestamp, shiftTimestamp, type Timestamp } from '../datetime/timestamp.js';
import type { FormatContext } from '../format-context.js';
import { formatNumeric, parseNumeric } from '../numeric/numeric.js';
import { TypeOid } from '../oids.js';
import { elementTypeIn, underlyingType } from '../user-types.js';
import { Jsonb, type JsonNode, Numeric, SqlArray, SqlRecord, type SqlValue } from '../value.js';
import { invalidJsonParameter } from './errors.js';
import { formatJsonb, quoteJson } from './format.js';
import { objectOf, typeOfNode } from './node.js';
import { parseJsonb } from './parse.js';

/** Finds the codec of a column's or element's type. */
export type CodecLookup = (oid: number) => TypeCodec | undefined;

const NUMBER_TYPES: ReadonlySet<number> = new Set<number>([
  TypeOid.int2,
  TypeOid.int4,
  TypeOid.int8,
  TypeOid.float4,
  TypeOid.float8,
  TypeOid.numeric,
]);

function twoDigits(n: number): string {
  return `${n}`.padStart(2, '0');
}

/** '+02:00': hours and minutes always, seconds when there are any. */
function xmlOffset(offset: number): string {
  const size = Math.abs(offset);
  const seconds = size % 60;
  const tail = seconds === 0 ? '' : `:${twoDigits(seconds)}`;
  return `${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 3600))}:${twoDigits(Math.floor(size / 60) % 60)}${tail}`;
}

/** Dates and times in JSON are ISO 8601 whatever the DateStyle. */
function dateTimeText(value: number | bigint, oid: number, cx: FormatContext): string {
  const iso: FormatContext = { ...cx, dateStyle: 'ISO' };
  if (oid === TypeOid.date) return formatDate(value as number, iso);
  const timestamp: Timestamp = value;
  if (timestamp === Infinity || timestamp === -Infinity) return formatTimestamp(timestamp, iso);
  const offset = oid === TypeOid.timestamptz ? timeZoneOf(cx.timeZone).offsetAt(secondsOfTimestamp(timestamp)) : undefined;
  const local = offset === undefined ? timestamp : shiftTimestamp(timestamp, offset);
  const isBc = yearOf(civilFromDays(dayOfTimestamp(local))) <= 0;
  const text = formatTimestamp(local, iso).replace(' BC', '').replace(' ', 'T');
  return `${text}${offset === undefined ? '' : xmlOffset(offset)}${isBc ? ' BC' : ''}`;
}

function isDateTime(oid: number): boolean {
  return oid === TypeOid.date || oid === TypeOid.timestamp || oid === TypeOid.timestamptz;
}

function textOf(value: SqlValue, oid: number, cx: FormatContext, codecFor: CodecLookup): string {
  if (isDateTime(oid)) return dateTimeText(value as number | bigint, oid, cx);
  return codecFor(oid)?.output(value, cx) ?? String(value);
}

/** Array elements as nested lists, each made by `make`. */
function nested<T>(array: SqlArray, make: (value: SqlValue) => T, wrap: (items: T[]) => T): T {
  let next = 0;
  const level = (depth: number): T => {
    const items: T[] = [];
    for (let i = 0; i < (array.dimensions[depth] ?? 0); i++) {
      items.push(depth === array.dimensions.length - 1 ? make(array.elements[next++] ?? null) : level(depth + 1));
    }
    return wrap(items);
  };
  return level(0);
}

function columnName(record: SqlRecord, i: number): string {
  return record.names?.[i] ?? `f${i + 1}`;
}

/** to_jsonb of a value of a type. @throws SqlError 22P02 and others from json texts within */
export function nodeOfValue(value: SqlValue, type: number, cx: FormatContext, codecFor: CodecLookup): JsonNode {
  if (value === null) return null;
  const oid = underlyingType(type, cx);
  if (typeof value === 'boolean') return value;
  if (value instanceof Jsonb) return value.node;
  if (oid === TypeOid.json) return parseJsonb(value as string).node;
  if (value instanceof SqlRecord) {
    const keys = value.values.map((_, i) => columnName(value, i));
    return objectOf(
      keys,
      value.values.map((item, i) => nodeOfValue(item, value.types[i] ?? TypeOid.text, cx, codecFor)),
    );
  }
  const elementOid = elementTypeIn(oid, cx);
  if (value instanceof SqlArray && elementOid !== undefined && !isVector(oid)) {
    return nested<JsonNode>(
      value,
      (item) => nodeOfValue(item, elementOid, cx, codecFor),
      (items) => items,
    );
  }
  if (value instanceof Numeric) return value.decimal.isFinite() ? value : formatNumeric(value);
  const text = textOf(value, oid, cx, codecFor);
  return NUMBER_TYPES.has(oid) && isJsonNumber(text) ? parseNumeric(text) : text;
}

function isVector(oid: number): boolean {
  return oid === TypeOid.int2vector || oid === TypeOid.oidvector;
}

/** NaN and the infinities have to be strings. */
function isJsonNumber(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 48 && last <= 57;
}

/** to_json of a value of a type: compact, as PostgreSQL writes it. */
export function jsonTextOfValue(value: SqlValue, type: number, cx: FormatContext, codecFor: CodecLookup): string {
  if (value === null) return 'null';
  const oid = underlyingType(type, cx);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Jsonb) return formatJsonb(value.node);
  if (oid === TypeOid.json) return value as string;
  if (value instanceof SqlRecord) {
    const members = value.values.map(
      (item, i) => `${quoteJson(columnName(value, i))}:${jsonTextOfValue(item, value.types[i] ?? TypeOid.text, cx, codecFor)}`,
    );
    return `{${members.join(',')}}`;
  }
  const elementOid = elementTypeIn(oid, cx);
  if (value instanceof SqlArray && elementOid !== undefined && !isVector(oid)) {
    return nested<string>(
      value,
      (item) => jsonTextOfValue(item, elementOid, cx, codecFor),
      (items) => `[${items.join(',')}]`,
    );
  }
  const text = textOf(value, oid, cx, codecFor);
  return NUMBER_TYPES.has(oid) && isJsonNumber(text) ? text : quoteJson(text);
}

/** The number that a jsonb holds, for its casts to numbers. @throws SqlError 22023 */
export function numericOfJsonb(value: Jsonb, type: string): Numeric {
  const { node } = value;
  if (node instanceof Numeric) return node;
  throw cannotCast(node, type);
}

/** @throws SqlError 22023 */
export function boolOfJsonb(value: Jsonb): boolean {
  const { node } = value;
  if (typeof node === 'boolean') return node;
  throw cannotCast(node, 'boolean');
}

function cannotCast(node: JsonNode, type: string): Error {
  const kind = typeOfNode(node);
  const worded = kind === 'number' ? 'numeric' : kind;
  return invalidJsonParameter(`cannot cast jsonb ${worded} to type ${type}`);
}
