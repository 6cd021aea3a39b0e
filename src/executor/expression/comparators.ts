import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import { codecFor, formatType, type HashKey, type TypeCodec } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';

/** Order of two values that are not NULL. */
export type Comparator = (a: SqlValue, b: SqlValue) => number;
export type Hasher = (value: SqlValue) => HashKey;

/** The codec of a type. */
export const codecOf: (type: number) => TypeCodec | undefined = codecFor;

/** Types whose values are JavaScript numbers (or int8's canonical number or bigint) without NaN: compared by the language. */
const PLAIN_NUMBERS: ReadonlySet<number> = new Set([
  TypeOid.int2,
  TypeOid.int4,
  TypeOid.int8,
  TypeOid.oid,
  TypeOid.date,
  TypeOid.time,
  TypeOid.timestamp,
  TypeOid.timestamptz,
]);

/** @throws SqlError 42883 for a type without an order */
export function comparatorOf(type: number, _collation?: number): Comparator {
  if (PLAIN_NUMBERS.has(type)) return comparePlain;
  const compare = codecOf(type)?.compare;
  if (compare === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `could not identify an ordering operator for type ${formatType(type)}`);
  }
  return compare;
}

function comparePlain(a: SqlValue, b: SqlValue): number {
  return (a as number) < (b as number) ? -1 : a === b ? 0 : 1;
}

/** @throws SqlError 42883 for a type without equality */
export function hasherOf(type: number): Hasher {
  if (PLAIN_NUMBERS.has(type) || IDENTITY_KEYS.has(type)) return identity;
  const hashKey = codecOf(type)?.hashKey;
  if (hashKey === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `could not identify an equality operator for type ${formatType(type)}`);
  }
  return hashKey;
}

/** Types whose values are their own keys. */
const IDENTITY_KEYS: ReadonlySet<number> = new Set([TypeOid.bool, TypeOid.text, TypeOid.varchar, TypeOid.name, TypeOid.uuid]);

function identity(value: SqlValue): HashKey {
  return value as HashKey;
}

const INTEGERS: ReadonlySet<number> = new Set([TypeOid.int2, TypeOid.int4, TypeOid.int8]);
const TEXTS: ReadonlySet<number> = new Set([TypeOid.text, TypeOid.varchar, TypeOid.name]);

/** Whether equal values of the two types have equal hash keys and one comparator serves both. */
export function sameHashClass(left: number, right: number): boolean {
  if (left === right) return codecOf(left)?.hashKey !== undefined;
  return (INTEGERS.has(left) && INTEGERS.has(right)) || (TEXTS.has(left) && TEXTS.has(right));
}

/** NULLs as one more value that equals itself: GROUP BY, DISTINCT and set operations. */
export function groupKeyOf(hashers: readonly Hasher[]): (values: readonly SqlValue[]) => HashKey {
  const [only] = hashers;
  if (hashers.length === 1 && only !== undefined) {
    return (values) => {
      const value = values[0] ?? null;
      return value === null ? NULL_KEY : only(value);
    };
  }
  return (values) => {
    let key = '';
    for (let i = 0; i < hashers.length; i++) {
      const value = values[i] ?? null;
      const hasher = hashers[i];
      if (value === null || hasher === undefined) key += 'n;';
      else key += keyPart(hasher(value));
    }
    return key;
  };
}

/** No value's hash key: those of texts have no lone surrogate. */
const NULL_KEY = '\ud800null';

/** A part of a joint key: led by its kind and, for texts, its length, so that no two lists make the same text. */
export function keyPart(key: HashKey): string {
  return typeof key === 'string' ? `${key.length}:${key};` : typeof key === 'boolean' ? (key ? 't;' : 'f;') : `#${key};`;
}
