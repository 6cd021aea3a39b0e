import { assert } from '../commons/assert.js';
import { objectFromText } from '../types/object-values.js';
import {
  Interval,
  Jsonb,
  type JsonNode,
  Numeric,
  ObjectValue,
  SqlArray,
  SqlMultirange,
  SqlRange,
  SqlRecord,
  type SqlValue,
  TimeTz,
} from '../types/value.js';
import { numericFromText, numericToText } from './numeric-text.js';
import { ROW_HEADER_BYTES } from './row.js';
import type { Serde } from './serde.js';

/**
 * Columns as one JSON array, for people who look into the files. What JSON has no exact form for is an object with one key that starts
 * with $: {"$numeric":"1.50"}, {"$float":"-0"}, {"$int8":"…"}, {"$bytea":"base64"}, {"$timetz":[micros,zone]},
 * {"$interval":[months,days,micros]}, {"$jsonb":tree}, {"$array":[…],"dimensions":[…],"lowerBounds":[…]}, {"$record":[…],"types":[…]},
 * {"$range":[lower,upper,…],"subtype":…}, {"$multirange":[…],"subtype":…},
 * {"$text":text,"type":…}.
 * A user's own object in a jsonb tree that has a key with $ is wrapped: {"$object":{…}}.
 */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

class JsonSerde implements Serde {
  encode(columns: readonly SqlValue[]): Uint8Array {
    const text = JSON.stringify(columns.map(toJson));
    const row = Buffer.allocUnsafe(ROW_HEADER_BYTES + Buffer.byteLength(text));
    row.write(text, ROW_HEADER_BYTES);
    return row;
  }

  decode(row: Uint8Array): SqlValue[] {
    const text = Buffer.from(row.buffer, row.byteOffset + ROW_HEADER_BYTES, row.length - ROW_HEADER_BYTES).toString();
    const columns: Json = JSON.parse(text);
    assert(Array.isArray(columns), 'a JSON row that is no array');
    return columns.map(fromJson);
  }
}

export const jsonSerde: Serde = new JsonSerde();

function toJson(value: SqlValue): Json {
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0) ? value : { $float: Object.is(value, -0) ? '-0' : String(value) };
  if (typeof value === 'bigint') return { $int8: String(value) };
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (value instanceof Uint8Array) return { $bytea: Buffer.from(value).toString('base64') };
  if (value instanceof Numeric) return { $numeric: numericToText(value) };
  if (value instanceof Interval) return { $interval: [value.months, value.days, toJson(value.micros)] };
  if (value instanceof TimeTz) return { $timetz: [value.micros, value.zone] };
  if (value instanceof Jsonb) return { $jsonb: nodeToJson(value.node) };
  if (value instanceof SqlArray) {
    return { $array: value.elements.map(toJson), dimensions: [...value.dimensions], lowerBounds: [...value.lowerBounds] };
  }
  if (value instanceof SqlRange) {
    return {
      $range: [toJson(value.lower), toJson(value.upper), value.lowerInclusive, value.upperInclusive, value.isEmpty],
      subtype: value.subtype,
    };
  }
  if (value instanceof ObjectValue) return { $text: value.exactText(), type: value.oid };
  if (value instanceof SqlMultirange) return { $multirange: value.ranges.map(toJson), subtype: value.subtype };
  const record = { $record: value.values.map(toJson), types: [...value.types] };
  return value.names === undefined ? record : { ...record, names: [...value.names] };
}

function fromJson(json: Json): SqlValue {
  if (typeof json !== 'object' || json === null) return json;
  assert(!Array.isArray(json), 'a JSON column that is an array');
  const [tag] = Object.keys(json);
  const body = tag === undefined ? undefined : json[tag];
  switch (tag) {
    case '$float':
      return Number(body);
    case '$int8':
      return BigInt(body as string);
    case '$bytea':
      return new Uint8Array(Buffer.from(body as string, 'base64'));
    case '$numeric':
      return numericFromText(body as string);
    case '$interval': {
      const [months, days, micros] = body as Json[];
      return new Interval(months as number, days as number, fromJson(micros ?? 0) as number | bigint);
    }
    case '$timetz': {
      const [micros, zone] = body as number[];
      return new TimeTz(micros ?? 0, zone ?? 0);
    }
    case '$jsonb':
      return new Jsonb(nodeFromJson(body ?? null));
    case '$array':
      return new SqlArray((body as Json[]).map(fromJson), json.dimensions as number[], json.lowerBounds as number[]);
    case '$record':
      return new SqlRecord((body as Json[]).map(fromJson), json.types as number[], json.names as string[] | undefined);
    case '$range': {
      const [lower = null, upper = null, lowerInclusive, upperInclusive, isEmpty] = body as Json[];
      return new SqlRange(
        json.subtype as number,
        fromJson(lower),
        fromJson(upper),
        lowerInclusive === true,
        upperInclusive === true,
        isEmpty === true,
      );
    }
    case '$multirange':
      return new SqlMultirange(json.subtype as number, (body as Json[]).map(fromJson) as SqlRange[]);
    case '$text':
      return objectFromText(json.type as number, body as string);
    default:
      throw new RangeError(`a column of kind ${String(tag)}, which this version does not know`);
  }
}

function nodeToJson(node: JsonNode): Json {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof Numeric) {
    const number = node.scale === 0 ? node.decimal.toNumber() : Number.NaN;
    return Number.isSafeInteger(number) ? number : { $numeric: numericToText(node) };
  }
  if (Array.isArray(node)) return node.map(nodeToJson);
  // Without a prototype "__proto__" is a key like any other.
  const object: { [key: string]: Json } = Object.create(null);
  let dollar = false;
  for (const [key, value] of node) {
    object[key] = nodeToJson(value);
    dollar ||= key.startsWith('$');
  }
  return dollar ? { $object: object } : object;
}

function nodeFromJson(json: Json): JsonNode {
  if (typeof json === 'number') return numericFromText(String(json));
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(nodeFromJson);
  if (typeof json.$numeric === 'string') return numericFromText(json.$numeric);
  const object = (json.$object ?? json) as { [key: string]: Json };
  // JavaScript moves keys that look like integers to the front: back to jsonb's order.
  const entries = Object.entries(object).map(([key, value]): [Buffer, string, Json] => [Buffer.from(key), key, value]);
  entries.sort(([a], [b]) => a.length - b.length || a.compare(b));
  return new Map(entries.map(([, key, value]) => [key, nodeFromJson(value)]));
}
