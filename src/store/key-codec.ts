import type { UserId } from '../commons/ids.js';
import { userId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { SqlValue } from '../types/value.js';
import { NOT_NULL, NULL_FIRST, NULL_LAST } from './key-marks.js';
import { KeyReader } from './key-reader.js';
import type { KeyColumn } from './key-type.js';
import { KeyWriter } from './key-writer.js';
import type { KeyRange } from './store.js';

/**
 * Life of a key: a table or index names its columns once (`KeyColumn[]`) and compiles an encoder; rows give bytes, comparisons give ranges
 * of bytes, and bytes give values back. In user and stream tables each key is led by its user.
 *
 * Equal values make equal bytes, so that uniqueness is a matter of bytes. Not every key gives its value back exactly: 1.0 and 1.00 are one key.
 */
export { type KeyColumn, type KeyType, keyTypeOf } from './key-type.js';
export { KeyWriter } from './key-writer.js';

/** Values by key column → key. */
export type KeyEncoder = (values: readonly SqlValue[], user?: UserId) => Uint8Array;

/**
 * @param maxBytes where longer keys are an error: for writes. Look-ups leave it out: what is too long is just not there.
 * @throws SqlError 54000 (from the encoder)
 */
export function compileKeyEncoder(columns: readonly KeyColumn[], maxBytes = Number.POSITIVE_INFINITY): KeyEncoder {
  const only = columns.length === 1 ? columns[0] : undefined;
  const writer = new KeyWriter();
  const general: KeyEncoder = (values, user) => {
    writer.reset();
    if (user !== undefined) writer.writeUser(user);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i];
      if (column !== undefined) writer.write(column.type, values[i] ?? null, column.desc, column.nullsFirst, column.notNull);
    }
    if (writer.length > maxBytes) throw keyTooLong(writer.length, maxBytes);
    return writer.finish();
  };
  if (only === undefined || only.desc === true || (only.type !== 'int4' && only.type !== 'int8')) return general;
  return only.type === 'int4' ? oneInt4(only.notNull === true, general) : oneInt8(only.notNull === true, general);
}

function oneInt4(notNull: boolean, general: KeyEncoder): KeyEncoder {
  const mark = notNull ? 0 : 1;
  return (values, user) => {
    const value = values[0];
    if (typeof value !== 'number' || user !== undefined) return general(values, user);
    const key = new Uint8Array(mark + 4);
    if (mark === 1) key[0] = NOT_NULL;
    key[mark] = (value >>> 24) ^ 0x80;
    key[mark + 1] = value >>> 16;
    key[mark + 2] = value >>> 8;
    key[mark + 3] = value;
    return key;
  };
}

function oneInt8(notNull: boolean, general: KeyEncoder): KeyEncoder {
  const mark = notNull ? 0 : 1;
  return (values, user) => {
    const value = values[0];
    if (typeof value !== 'number' || user !== undefined) return general(values, user);
    const high = Math.floor(value / 4_294_967_296);
    const low = value - high * 4_294_967_296;
    const key = new Uint8Array(mark + 8);
    if (mark === 1) key[0] = NOT_NULL;
    key[mark] = (high >>> 24) ^ 0x80;
    key[mark + 1] = high >>> 16;
    key[mark + 2] = high >>> 8;
    key[mark + 3] = high;
    key[mark + 4] = low >>> 24;
    key[mark + 5] = low >>> 16;
    key[mark + 6] = low >>> 8;
    key[mark + 7] = low;
    return key;
  };
}

/** PostgreSQL's text but for the index's name, which the caller knows. */
function keyTooLong(size: number, maximum: number): SqlError {
  return new SqlError(SqlState.programLimitExceeded, `index row size ${size} exceeds btree version 4 maximum ${maximum}`, {
    hint: 'Values larger than 1/3 of a buffer page cannot be indexed.\nConsider a function index of an MD5 hash of the value, or use full text indexing.',
  });
}

/** The key of a user: what leads all of the user's keys in a space. */
export function userPrefix(user: UserId): Uint8Array {
  const writer = new KeyWriter();
  writer.writeUser(user);
  return writer.finish();
}

/** The user that leads a key. */
export function readUser(key: Uint8Array): UserId {
  const reader = new KeyReader();
  reader.over(key);
  return userId(reader.text());
}

/** Where the columns begin in a key that a user leads: behind the zero byte that ends the user. */
export function endOfUser(key: Uint8Array): number {
  return key.indexOf(0) + 1;
}

export interface KeyDecoder {
  /** Values by key column. @param start where the columns begin: 0, or behind the user. */
  decode(key: Uint8Array, start?: number): SqlValue[];
  /** Where the columns ended in the key decoded last: what follows in an index entry is the key of its row. */
  readonly end: number;
}

export function compileKeyDecoder(columns: readonly KeyColumn[]): KeyDecoder {
  return new ColumnsDecoder(columns);
}

class ColumnsDecoder implements KeyDecoder {
  readonly #columns: readonly KeyColumn[];
  readonly #reader = new KeyReader();

  constructor(columns: readonly KeyColumn[]) {
    this.#columns = columns;
  }

  decode(key: Uint8Array, start = 0): SqlValue[] {
    this.#reader.over(key, start);
    const values: SqlValue[] = [];
    for (const column of this.#columns) values.push(this.#reader.column(column));
    return values;
  }

  get end(): number {
    return this.#reader.position;
  }
}

/** The smallest key above all keys that begin with `prefix`; undefined when there is none. */
export function prefixSuccessor(prefix: Uint8Array): Uint8Array | undefined {
  let last = prefix.length - 1;
  while (last >= 0 && prefix[last] === 0xff) last--;
  if (last < 0) return undefined;
  const bound = prefix.slice(0, last + 1);
  bound[last] = (bound[last] ?? 0) + 1;
  return bound;
}

/** All keys that begin with `prefix`. */
export function prefixRange(prefix: Uint8Array): KeyRange {
  const lt = prefixSuccessor(prefix);
  return lt === undefined ? { gte: prefix } : { gte: prefix, lt };
}

export interface KeyBound {
  /** Never NULL: a comparison with NULL finds nothing, which is the caller's to know. */
  readonly value: SqlValue;
  readonly inclusive: boolean;
}

/** What a scan asks of the columns of a key, in their order. */
export interface KeyCondition {
  /** The first columns are equal to these; null means IS NULL. */
  readonly equal: readonly SqlValue[];
  /** Bounds of the column after them, in the order of its values, also when it is DESC. Either excludes NULLs. */
  readonly lower?: KeyBound | undefined;
  readonly upper?: KeyBound | undefined;
  /** Excludes NULLs of that column without a bound. */
  readonly notNull?: boolean | undefined;
}

/** The range of keys that a condition admits, in the order of the keys. */
export type KeyRangeEncoder = (condition: KeyCondition, user?: UserId) => KeyRange;

export function compileKeyRange(columns: readonly KeyColumn[]): KeyRangeEncoder {
  const writer = new KeyWriter();
  const startWith = (condition: KeyCondition, user: UserId | undefined) => {
    writer.reset();
    if (user !== undefined) writer.writeUser(user);
    for (let i = 0; i < condition.equal.length; i++) {
      const column = columns[i];
      if (column !== undefined) writer.write(column.type, condition.equal[i] ?? null, column.desc, column.nullsFirst, column.notNull);
    }
  };
  return (condition, user) => {
    startWith(condition, user);
    const column = columns[condition.equal.length];
    if (column === undefined || (condition.lower === undefined && condition.upper === undefined && condition.notNull !== true)) {
      return writer.length === 0 ? {} : prefixRange(writer.finish());
    }
    const first = column.desc === true ? condition.upper : condition.lower;
    const last = column.desc === true ? condition.lower : condition.upper;
    const edge = (bound: KeyBound, after: boolean): Uint8Array | undefined => {
      startWith(condition, user);
      writer.write(column.type, bound.value, column.desc, column.nullsFirst, column.notNull);
      return after ? prefixSuccessor(writer.finish()) : writer.finish();
    };
    /** Where the values of the column begin or end, without NULLs. */
    const rim = (mark: number): Uint8Array | undefined => {
      startWith(condition, user);
      if (column.notNull !== true) writer.byte(mark);
      else if (mark === NULL_LAST) return writer.length === 0 ? undefined : prefixSuccessor(writer.finish());
      return writer.finish();
    };
    const gte = first === undefined ? rim(NOT_NULL) : edge(first, !first.inclusive);
    const lt = last === undefined ? rim(NULL_LAST) : edge(last, last.inclusive);
    // An exclusive bound with nothing above it: an empty range.
    if (first !== undefined && gte === undefined) return { gte: new Uint8Array([NULL_FIRST]), lt: new Uint8Array([NULL_FIRST]) };
    return { ...(gte !== undefined && gte.length > 0 && { gte }), ...(lt !== undefined && { lt }) };
  };
}
