import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { arrayHashKey, compareArrays } from './array/order.js';
import type { HashKey, TypeCodec } from './codec.js';
import type { FormatContext } from './format-context.js';
import { elementOidOf, TypeOid } from './oids.js';
import { Interval, Jsonb, Numeric, ObjectValue, SqlArray, SqlMultirange, SqlRange, SqlRecord, type SqlValue, TimeTz } from './value.js';

/**
 * Types that users make. Their values say enough about themselves to be compared and hashed (an enum's value is its place in the order, a
 * domain's that of its base type, rows and ranges carry their parts' types); reading and writing them takes the catalog, which the
 * formats of a session bring along.
 */
export interface UserTypes {
  /** Undefined: there is no such type (any more). */
  find(oid: number): UserType | undefined;
}

export type UserTypeForm = 'enum' | 'domain' | 'composite' | 'array' | 'range' | 'multirange' | 'base';

export interface UserType extends TypeCodec {
  readonly form: UserTypeForm;
  /** An array's element type, a domain's base type, a range's subtype, a multirange's range; 0 for others. */
  readonly over: number;
  /** A domain's modifier of its base type. */
  readonly typmod?: number;
  /** An enum's labels, in order. */
  readonly labels?: readonly EnumLabel[];
  /** Refuses an enum's value that its type has only since this transaction. @throws SqlError 55P04 */
  refuseNew?(order: number): void;
  /** Rows: what they are made of. */
  readonly columns?: readonly { readonly name: string; readonly type: number; readonly typmod: number }[];
  /**
   * Domains: the value, if it keeps the domain's constraints. NULL too.
   * @param as the domain over this one that the value is for, which errors name
   * @throws SqlError 23502, 23514
   */
  check?(value: SqlValue, cx: FormatContext, as?: string): SqlValue;
}

export interface EnumLabel {
  readonly oid: number;
  readonly label: string;
  /** What the label's values are: their order, which never changes. */
  readonly order: number;
  /** It came after the type was made. */
  readonly added?: true;
}

/** The smallest oid of a type that PostgreSQL's own catalog does not have: row types of the server's relations, then users' types. */
const FIRST_MADE_TYPE = 9100;

export function isMadeType(oid: number): boolean {
  return oid >= FIRST_MADE_TYPE || oid < 0;
}

/** Stands for the element type of an array type of a user's, where the catalog is not at hand to name it. */
export function elementOfMadeArray(arrayOid: number): number {
  return -arrayOid;
}

type CodecLookup = (oid: number) => TypeCodec | undefined;

/** The type itself, where it stands for another one: a domain's base type, an array's element. Others as they are. */
export function underlyingType(oid: number, cx: FormatContext): number {
  if (!isMadeType(oid)) return oid;
  if (oid < 0) return underlyingType(cx.userTypes?.find(-oid)?.over ?? 0, cx);
  const type = cx.userTypes?.find(oid);
  return type?.form === 'domain' ? underlyingType(type.over, cx) : oid;
}

/** The element type of an array type; undefined for any other type. */
export function elementTypeIn(oid: number, cx: FormatContext): number | undefined {
  if (!isMadeType(oid)) return elementOidOf(oid);
  const type = cx.userTypes?.find(oid);
  return type?.form === 'array' ? type.over : undefined;
}

/** The codec of a type whose definition is in the catalog: it is looked up when a value is read or written. */
export class MadeTypeCodec implements TypeCodec {
  readonly oid: number;
  readonly name = '???';
  readonly #codecFor: CodecLookup;

  constructor(oid: number, codecFor: CodecLookup) {
    this.oid = oid;
    this.#codecFor = codecFor;
  }

  #find(cx: FormatContext): TypeCodec | undefined {
    if (this.oid >= 0) return cx.userTypes?.find(this.oid);
    const element = cx.userTypes?.find(-this.oid)?.over ?? 0;
    return element === 0 ? undefined : this.#codecFor(element);
  }

  input(text: string, cx: FormatContext, typmod: number): SqlValue {
    const type = this.#find(cx);
    if (type === undefined) throw new SqlError(SqlState.featureNotSupported, 'input of anonymous composite types is not implemented');
    return type.input(text, cx, typmod);
  }

  output(value: SqlValue, cx: FormatContext): string {
    return (this.#find(cx) ?? this.#shape(value)).output(value, cx);
  }

  readonly send = (value: SqlValue, cx: FormatContext): Uint8Array => {
    const { send } = this.#find(cx) ?? this.#shape(value);
    if (send === undefined) throw new SqlError(SqlState.undefinedFunction, 'no binary output function available for type ???');
    return send(value, cx);
  };

  readonly receive = (bytes: Uint8Array, cx: FormatContext, typmod: number): SqlValue => {
    const receive = this.#find(cx)?.receive;
    if (receive === undefined) throw new SqlError(SqlState.undefinedFunction, 'no binary input function available for type ???');
    return receive(bytes, cx, typmod);
  };

  readonly compare = (a: SqlValue, b: SqlValue): number => compareByShape(a, b, this.#codecFor);
  readonly hashKey = (value: SqlValue): HashKey => hashByShape(value, this.#codecFor);

  #shape(value: SqlValue): TypeCodec {
    return codecByShape(value, this.#codecFor);
  }
}

/** Equal values of one type have equal keys. */
function hashByShape(value: SqlValue, codecFor: CodecLookup): HashKey {
  if (value instanceof SqlArray) return arrayHashKey(value, (element) => hashByShape(element, codecFor));
  const key = codecByShape(value, codecFor).hashKey;
  if (key === undefined) throw new SqlError(SqlState.undefinedFunction, 'could not identify a hash function for the type');
  return key(value);
}

/** The order of two values of one type, by what they are. */
export function compareByShape(a: SqlValue, b: SqlValue, codecFor: CodecLookup): number {
  if (typeof a === 'bigint' || typeof b === 'bigint')
    return Number(a) === Number(b) ? (BigInt(a as bigint) < BigInt(b as bigint) ? -1 : a === b ? 0 : 1) : Number(a) < Number(b) ? -1 : 1;
  if (a instanceof SqlArray && b instanceof SqlArray) return compareArrays(a, b, (x, y) => compareByShape(x, y, codecFor));
  const { compare } = codecByShape(a, codecFor);
  if (compare === undefined) throw new SqlError(SqlState.undefinedFunction, 'could not identify a comparison function for the type');
  return compare(a, b);
}

function codecByShape(value: SqlValue, codecFor: CodecLookup): TypeCodec {
  const codec = codecFor(shapeOf(value));
  if (codec === undefined) throw new SqlError(SqlState.featureNotSupported, 'a value of this type is not supported yet');
  return codec;
}

/** A built-in type that has such values. */
function shapeOf(value: SqlValue): number {
  switch (typeof value) {
    case 'number':
      return TypeOid.float8;
    case 'bigint':
      return TypeOid.int8;
    case 'boolean':
      return TypeOid.bool;
    case 'string':
      return TypeOid.text;
  }
  if (value instanceof SqlRecord) return TypeOid.record;
  if (value instanceof SqlArray) return RECORD_ARRAY;
  if (value instanceof Numeric) return TypeOid.numeric;
  if (value instanceof Interval) return TypeOid.interval;
  if (value instanceof TimeTz) return TypeOid.timetz;
  if (value instanceof Jsonb) return TypeOid.jsonb;
  if (value instanceof ObjectValue) return value.oid;
  if (value instanceof SqlRange) return TypeOid.int4range;
  if (value instanceof SqlMultirange) return TypeOid.int4multirange;
  return value === null ? TypeOid.text : TypeOid.bytea;
}

/** record[] */
const RECORD_ARRAY = 2287;
