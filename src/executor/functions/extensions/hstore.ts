import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { compareHstores, type Hstore, hstoreOf } from '../../../types/extensions/hstore.js';
import { type ValueHash, valueHashOf } from '../../../types/hash/value-hash.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { quoteJson } from '../../../types/json/format.js';
import { jsonbOfEntries } from '../../../types/json/modify.js';
import { parseNumeric } from '../../../types/numeric/numeric.js';
import { TypeOid } from '../../../types/oids.js';
import { applyTypmod, codecFor } from '../../../types/type-codec.js';
import { type JsonNode, type Row, SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { CallTypes } from '../implementation.js';
import { columnsOf } from '../json/populate.js';
import { argType, type FunctionTable } from '../table.js';

type Pair = readonly [key: string, value: string | null];
const textsOf = (array: SqlArray): readonly (string | null)[] =>
  array.elements.map((element) => (typeof element === 'string' ? element : null));
const keysOf = (array: SqlArray): readonly string[] => textsOf(array).filter((key): key is string => key !== null);

function nullKey(): SqlError {
  return new SqlError(SqlState.nullValueNotAllowed, 'null value not allowed for hstore key');
}

function fromText(key: string | null, value: string | null): Hstore | null {
  return key === null ? null : hstoreOf([[key, value]]);
}

/** Keys and, unless there is no second array, values. @throws SqlError 22004, 2202E */
function fromArrays(keys: SqlArray | null, values: SqlArray | null): Hstore | null {
  if (keys === null) return null;
  if (keys.dimensions.length > 1 || (values !== null && values.dimensions.length > 1))
    throw new SqlError(SqlState.arraySubscriptError, 'wrong number of array subscripts');
  const sameBounds =
    values === null ||
    (keys.elements.length === values.elements.length && (keys.elements.length === 0 || keys.lowerBounds[0] === values.lowerBounds[0]));
  if (!sameBounds) throw new SqlError(SqlState.arraySubscriptError, 'arrays must have same bounds');
  const texts = values === null ? [] : textsOf(values);
  return hstoreOf(textsOf(keys).map((key, i): Pair => [requireKey(key), texts[i] ?? null]));
}

function requireKey(key: string | null): string {
  if (key === null) throw nullKey();
  return key;
}

/** Keys and values in turn, or an array of pairs. @throws SqlError 22004, 2202E */
function fromArray(array: SqlArray): Hstore {
  const { dimensions } = array;
  const texts = textsOf(array);
  if (dimensions.length === 1 && texts.length % 2 === 1)
    throw new SqlError(SqlState.arraySubscriptError, 'array must have even number of elements');
  if (dimensions.length === 2 && dimensions[1] !== 2) throw new SqlError(SqlState.arraySubscriptError, 'array must have two columns');
  if (dimensions.length > 2) throw new SqlError(SqlState.arraySubscriptError, 'wrong number of array subscripts');
  const pairs: Pair[] = [];
  for (let i = 0; i < texts.length; i += 2) pairs.push([requireKey(texts[i] ?? null), texts[i + 1] ?? null]);
  return hstoreOf(pairs);
}

/** A row's columns as texts; of a NULL of a known row type: all NULL. */
function fromRecord(types: CallTypes): (row: SqlRecord | null, cx: FunctionContext) => Hstore | null {
  const type = argType(types, 0);
  return (row, cx) => {
    if (row === null)
      return type === TypeOid.record ? null : hstoreOf(columnsOf(type, null, cx, 'hstore').map(({ name }): Pair => [name, null]));
    return hstoreOf(
      row.values.map((value, i): Pair => {
        const text = value === null ? null : (codecFor(row.types[i] ?? 0)?.output(value, cx.format) ?? null);
        return [row.names?.[i] ?? `f${i + 1}`, text];
      }),
    );
  };
}

/** The row with the columns that the hstore has keys for; a NULL row of a known type starts as NULLs. */
function populate(types: CallTypes): (row: SqlRecord | null, pairs: Hstore | null, cx: FunctionContext) => SqlValue {
  const type = argType(types, 0);
  return (row, pairs, cx) => {
    if (pairs === null) return row;
    const columns = columnsOf(type, row, cx, 'populate_record');
    const values = columns.map(({ name, type: columnType, typmod }, i): SqlValue => {
      if (!pairs.pairs.has(name)) return row?.values[i] ?? null;
      const text = pairs.pairs.get(name) ?? null;
      const value = text === null ? null : (codecFor(columnType)?.input(text, cx.format, typmod) ?? null);
      return applyTypmod(columnType, typmod, false)?.(value) ?? value;
    });
    return new SqlRecord(
      values,
      columns.map((column) => column.type),
      columns.map((column) => column.name),
    );
  };
}

function without(hstore: Hstore, keys: Iterable<string>): Hstore {
  const gone = new Set(keys);
  return hstoreOf([...hstore.pairs].filter(([key]) => !gone.has(key)));
}

function contains(whole: Hstore, part: Hstore): boolean {
  for (const [key, value] of part.pairs) if (!whole.pairs.has(key) || whole.pairs.get(key) !== value) return false;
  return true;
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

function toJson(hstore: Hstore, print: (value: string) => string): string {
  const parts: string[] = [];
  for (const [key, value] of hstore.pairs) parts.push(`${quoteJson(key)}: ${value === null ? 'null' : print(value)}`);
  return `{${parts.join(', ')}}`;
}

function looseJson(value: string): string {
  if (value === 't') return 'true';
  if (value === 'f') return 'false';
  return JSON_NUMBER.test(value) ? value : quoteJson(value);
}

function looseNode(value: string | null): JsonNode {
  if (value === null) return null;
  if (value === 't') return true;
  if (value === 'f') return false;
  if (!JSON_NUMBER.test(value)) return value;
  return parseNumeric(value);
}

const hash: ValueHash | undefined = valueHashOf(TypeOid.text);
const hashOf = (hstore: Hstore, seed: bigint): bigint => hash?.(hstore.exactText(), seed) ?? 0n;

function matrix(hstore: Hstore): SqlArray {
  const elements = [...hstore.pairs].flat();
  return elements.length === 0 ? new SqlArray([]) : new SqlArray(elements, [elements.length / 2, 2]);
}

function hstoreArgument(value: SqlValue | undefined): Iterable<Pair> {
  return (value as Hstore).pairs;
}

const ordered = (holds: (order: number) => boolean) => (a: Hstore, b: Hstore) => holds(compareHstores(a, b));

export const hstoreFunctions: FunctionTable = {
  scalar: {
    hstore_fetchval: (hstore: Hstore, key: string) => hstore.pairs.get(key) ?? null,
    hstore_slice_to_array: (hstore: Hstore, keys: SqlArray) =>
      new SqlArray(
        textsOf(keys).map((key) => (key === null ? null : (hstore.pairs.get(key) ?? null))),
        keys.dimensions,
        keys.lowerBounds,
      ),
    hstore_slice_to_hstore: (hstore: Hstore, keys: SqlArray) =>
      hstoreOf(keysOf(keys).flatMap((key): Pair[] => (hstore.pairs.has(key) ? [[key, hstore.pairs.get(key) ?? null]] : []))),
    hstore_exists: (hstore: Hstore, key: string) => hstore.pairs.has(key),
    hstore_exists_any: (hstore: Hstore, keys: SqlArray) => keysOf(keys).some((key) => hstore.pairs.has(key)),
    hstore_exists_all: (hstore: Hstore, keys: SqlArray) => keysOf(keys).every((key) => hstore.pairs.has(key)),
    hstore_defined: (hstore: Hstore, key: string) => (hstore.pairs.get(key) ?? null) !== null,
    hstore_delete: (hstore: Hstore, key: string) => without(hstore, [key]),
    hstore_delete_array: (hstore: Hstore, keys: SqlArray) => without(hstore, keysOf(keys)),
    hstore_delete_hstore: (hstore: Hstore, other: Hstore) =>
      hstoreOf([...hstore.pairs].filter(([key, value]) => !other.pairs.has(key) || other.pairs.get(key) !== value)),
    hstore_concat: (a: Hstore, b: Hstore) => hstoreOf([...b.pairs, ...a.pairs]),
    hstore_contains: contains,
    hstore_contained: (part: Hstore, whole: Hstore) => contains(whole, part),
    hstore_from_text: fromText,
    hstore_from_arrays: fromArrays,
    hstore_from_array: fromArray,
    hstore_to_array: (hstore: Hstore) => new SqlArray([...hstore.pairs].flat()),
    hstore_to_matrix: matrix,
    hstore_akeys: (hstore: Hstore) => new SqlArray([...hstore.pairs.keys()]),
    hstore_avals: (hstore: Hstore) => new SqlArray([...hstore.pairs.values()]),
    hstore_to_json: (hstore: Hstore) => toJson(hstore, quoteJson),
    hstore_to_json_loose: (hstore: Hstore) => toJson(hstore, looseJson),
    hstore_to_jsonb: (hstore: Hstore) => jsonbOfEntries([...hstore.pairs.keys()], [...hstore.pairs.values()]),
    hstore_to_jsonb_loose: (hstore: Hstore) => jsonbOfEntries([...hstore.pairs.keys()], [...hstore.pairs.values()].map(looseNode)),
    hstore_eq: ordered((order) => order === 0),
    hstore_ne: ordered((order) => order !== 0),
    hstore_lt: ordered((order) => order < 0),
    hstore_le: ordered((order) => order <= 0),
    hstore_gt: ordered((order) => order > 0),
    hstore_ge: ordered((order) => order >= 0),
    hstore_cmp: (a: Hstore, b: Hstore) => Math.sign(compareHstores(a, b)),
    hstore_hash: (hstore: Hstore) => Number(BigInt.asIntN(32, hashOf(hstore, 0n))),
    hstore_hash_extended: (hstore: Hstore, seed: Int8) =>
      canonicalInt8(BigInt.asIntN(64, hashOf(hstore, BigInt.asUintN(64, BigInt(seed))))),
    hstore_version_diag: () => 2,
  },
  typed: {
    hstore_from_record: fromRecord,
    hstore_populate_record: populate,
  },
  set: {
    hstore_skeys: (args) => [...hstoreArgument(args[0])].map(([key]) => key),
    hstore_svals: (args) => [...hstoreArgument(args[0])].map(([, value]) => value),
    hstore_each: (args) => [...hstoreArgument(args[0])].map(([key, value]): Row => [key, value]),
  },
};
