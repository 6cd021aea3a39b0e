import { ExtensionTypeOid } from '../types/extensions/oids.js';
import { elementOidOf, TypeOid } from '../types/oids.js';

/** How values of a column are laid out in a key. Types that compare alike share one. */
export type ScalarKeyType =
  | 'bool'
  | 'int2'
  | 'int4'
  /** Unsigned 32 bits: oid and the reg types. */
  | 'oid'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  /** citext: letters in lower case; what stood there is not told. */
  | 'folded'
  /** char(n): blanks at the end do not count. */
  | 'bpchar'
  | 'bytea'
  | 'uuid'
  | 'date'
  | 'time'
  | 'timetz'
  /** timestamp and timestamptz. */
  | 'timestamp'
  | 'interval'
  | 'jsonb'
  /** Rows of any types, which the key tells. */
  | 'record';
export interface ArrayKeyType {
  readonly element: ScalarKeyType;
}
export interface RangeKeyType {
  readonly range: ScalarKeyType;
  /** The oid of the bounds' type, which reading gives back. */
  readonly subtype: number;
  /** A list of ranges instead of one. */
  readonly multi: boolean;
}
export type KeyType = ScalarKeyType | ArrayKeyType | RangeKeyType;

export interface KeyColumn {
  readonly type: KeyType;
  readonly desc?: boolean | undefined;
  /** Default: false, also for DESC; the caller applies PostgreSQL's default (NULLS FIRST for DESC). */
  readonly nullsFirst?: boolean | undefined;
  /** The column never is NULL: saves a byte. The same for all keys of a space. */
  readonly notNull?: boolean | undefined;
  /** numeric(p,s): the display scale that decoding gives back. */
  readonly scale?: number | undefined;
}

const BY_OID: ReadonlyMap<number, ScalarKeyType> = new Map<number, ScalarKeyType>([
  [TypeOid.bool, 'bool'],
  [TypeOid.int2, 'int2'],
  [TypeOid.int4, 'int4'],
  [TypeOid.int8, 'int8'],
  [TypeOid.xid8, 'int8'],
  [TypeOid.oid, 'oid'],
  [TypeOid.xid, 'oid'],
  [TypeOid.regproc, 'oid'],
  [TypeOid.regprocedure, 'oid'],
  [TypeOid.regoper, 'oid'],
  [TypeOid.regoperator, 'oid'],
  [TypeOid.regclass, 'oid'],
  [TypeOid.regtype, 'oid'],
  [TypeOid.regrole, 'oid'],
  [TypeOid.regnamespace, 'oid'],
  [TypeOid.regconfig, 'oid'],
  [TypeOid.regdictionary, 'oid'],
  [TypeOid.regcollation, 'oid'],
  [TypeOid.float4, 'float4'],
  [TypeOid.float8, 'float8'],
  [TypeOid.numeric, 'numeric'],
  [TypeOid.text, 'text'],
  [TypeOid.varchar, 'text'],
  [TypeOid.name, 'text'],
  [TypeOid.char, 'text'],
  [TypeOid.bpchar, 'bpchar'],
  [TypeOid.bit, 'text'],
  [TypeOid.varbit, 'text'],
  [TypeOid.inet, 'text'],
  [TypeOid.cidr, 'text'],
  [TypeOid.macaddr, 'text'],
  [TypeOid.macaddr8, 'text'],
  [TypeOid.pg_lsn, 'text'],
  [TypeOid.tid, 'text'],
  [TypeOid.money, 'int8'],
  [TypeOid.bytea, 'bytea'],
  [TypeOid.uuid, 'uuid'],
  [TypeOid.date, 'date'],
  [TypeOid.time, 'time'],
  [TypeOid.timetz, 'timetz'],
  [TypeOid.timestamp, 'timestamp'],
  [TypeOid.timestamptz, 'timestamp'],
  [TypeOid.interval, 'interval'],
  [TypeOid.jsonb, 'jsonb'],
  [TypeOid.record, 'record'],
  [ExtensionTypeOid.citext, 'folded'],
  [ExtensionTypeOid.ltree, 'text'],
]);

const RANGES: ReadonlyMap<number, RangeKeyType> = new Map<number, RangeKeyType>(
  (
    [
      [TypeOid.int4range, TypeOid.int4multirange, TypeOid.int4, 'int4'],
      [TypeOid.int8range, TypeOid.int8multirange, TypeOid.int8, 'int8'],
      [TypeOid.numrange, TypeOid.nummultirange, TypeOid.numeric, 'numeric'],
      [TypeOid.tsrange, TypeOid.tsmultirange, TypeOid.timestamp, 'timestamp'],
      [TypeOid.tstzrange, TypeOid.tstzmultirange, TypeOid.timestamptz, 'timestamp'],
      [TypeOid.daterange, TypeOid.datemultirange, TypeOid.date, 'date'],
    ] as const
  ).flatMap(([range, multirange, subtype, key]): [number, RangeKeyType][] => [
    [range, { range: key, subtype, multi: false }],
    [multirange, { range: key, subtype, multi: true }],
  ]),
);

/** @returns undefined for a type that can't be a key (json, record, …) */
export function keyTypeOf(oid: number): KeyType | undefined {
  const scalar = BY_OID.get(oid);
  if (scalar !== undefined) return scalar;
  const range = RANGES.get(oid);
  if (range !== undefined) return range;
  const elementOid = elementOidOf(oid);
  const element = elementOid === undefined ? undefined : BY_OID.get(elementOid);
  return element === undefined ? undefined : { element };
}
