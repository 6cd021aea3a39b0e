import type { Decimal } from 'decimal.js';

/**
 * SQL values at run time. SQL NULL is `null`; `undefined` is never a value.
 *
 * | SQL type | here |
 * | --- | --- |
 * | bool | boolean |
 * | int2, int4, oid, reg*, float4 (rounded with Math.fround), float8, "xid" | number |
 * | int8 | number when safe (±2^53-1), else bigint; always in this canonical form |
 * | numeric | Numeric |
 * | text, varchar, char(n) (padded), name, "char", unknown | string |
 * | uuid | string, 36 characters, lower case |
 * | bytea | Uint8Array |
 * | date | number: days since 2000-01-01; ±Infinity |
 * | time | number: microseconds since midnight |
 * | timetz | TimeTz |
 * | timestamp, timestamptz | microseconds since 2000-01-01 (UTC for tz), number when safe, else bigint as int8; ±Infinity |
 * | interval | Interval |
 * | json | string, as typed |
 * | jsonb | Jsonb |
 * | T[] , int2vector, oidvector | SqlArray |
 * | record and composite | SqlRecord |
 * | enum | number: the label's place in the order (EnumLabel.order) |
 * | domain | as its base type |
 * | ranges, multiranges | SqlRange, SqlMultirange |
 * | bit, varbit | string of '0' and '1' |
 * | money | as int8, in hundredths |
 * | inet, cidr | string that sorts as the addresses do (network-address.ts) |
 * | macaddr, macaddr8 | string, lower case, with colons |
 * | pg_lsn | string, 16 hexadecimal digits |
 * | geometric types, tsvector, tsquery, jsonpath | an ObjectValue of their own |
 * | void | '' |
 */
export type SqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Numeric
  | TimeTz
  | Interval
  | Jsonb
  | SqlArray
  | SqlRecord
  | SqlRange
  | SqlMultirange
  | ObjectValue;

/** One row of a batch: values by position. */
export type Row = SqlValue[];

/** A numeric with PostgreSQL's display scale. `decimal` may be NaN or ±Infinity (scale 0). */
export class Numeric {
  readonly decimal: Decimal;
  /** Digits shown after the point: 0 … 16383. */
  readonly scale: number;
  constructor(decimal: Decimal, scale: number) {
    this.decimal = decimal;
    this.scale = scale;
  }
}

export class TimeTz {
  /** Microseconds since midnight, local to the zone. */
  readonly micros: number;
  /** Seconds WEST of Greenwich, as PostgreSQL keeps it. */
  readonly zone: number;
  constructor(micros: number, zone: number) {
    this.micros = micros;
    this.zone = zone;
  }
}

export class Interval {
  readonly months: number;
  readonly days: number;
  /** Number when safe, else bigint. */
  readonly micros: number | bigint;
  constructor(months: number, days: number, micros: number | bigint) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }
}

/** A JSON tree. Objects are Maps already in jsonb's key order (by length in bytes, then by bytes), keys unique. */
export type JsonNode = null | boolean | string | Numeric | JsonNode[] | Map<string, JsonNode>;
export class Jsonb {
  readonly node: JsonNode;
  constructor(node: JsonNode) {
    this.node = node;
  }
}

/** An array of any number of dimensions; an empty array has none. Elements stand flat, in row-major order. */
export class SqlArray {
  readonly dimensions: readonly number[];
  /** As many as dimensions; usually all 1. */
  readonly lowerBounds: readonly number[];
  readonly elements: readonly SqlValue[];
  constructor(
    elements: readonly SqlValue[],
    dimensions: readonly number[] = elements.length === 0 ? [] : [elements.length],
    lowerBounds: readonly number[] = dimensions.map(() => 1),
  ) {
    this.elements = elements;
    this.dimensions = dimensions;
    this.lowerBounds = lowerBounds;
  }
}

/** ROW(…): carries its columns' types, since an anonymous record has no other. */
export class SqlRecord {
  readonly values: readonly SqlValue[];
  /** OIDs of the columns' types. */
  readonly types: readonly number[];
  /** Absent for an anonymous record. */
  readonly names?: readonly string[] | undefined;
  constructor(values: readonly SqlValue[], types: readonly number[], names?: readonly string[]) {
    this.values = values;
    this.types = types;
    this.names = names;
  }
}

/** A range; its bounds are of `subtype`, NULL where there is none. */
export class SqlRange {
  readonly lower: SqlValue;
  readonly upper: SqlValue;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly isEmpty: boolean;
  readonly subtype: number;
  constructor(subtype: number, lower: SqlValue, upper: SqlValue, lowerInclusive: boolean, upperInclusive: boolean, isEmpty = false) {
    this.subtype = subtype;
    this.lower = lower;
    this.upper = upper;
    this.lowerInclusive = lowerInclusive;
    this.upperInclusive = upperInclusive;
    this.isEmpty = isEmpty;
  }
}

/** Ranges in order that neither overlap nor touch; none of them is empty. */
export class SqlMultirange {
  readonly subtype: number;
  readonly ranges: readonly SqlRange[];
  constructor(subtype: number, ranges: readonly SqlRange[]) {
    this.subtype = subtype;
    this.ranges = ranges;
  }
}

/** A value with a class of its own, which the type's room declares. Stores keep its text. */
export abstract class ObjectValue {
  /** Of its type. */
  abstract readonly oid: number;
  /** Exact, whatever the session's settings: the type's input reads the same value from it. */
  abstract exactText(): string;
}
