import { assert } from '../commons/assert.js';
import type { Seq } from '../commons/ids.js';
import { seq } from '../commons/ids.js';
import type { SqlValue } from '../types/value.js';
import { MsgpackReader } from './msgpack-reader.js';
import { ROW_HEADER_BYTES, type RowHeader, type SerdeName } from './row.js';
import { jsonSerde } from './serde-json.js';
import { msgpackSerde } from './serde-msgpack.js';

/**
 * Life of a row's bytes: `encodeRow` lays out header and columns, the commit fills in its number and time (`setCommit`), a scan decodes
 * them with a decoder that was compiled for the table's columns. See row.ts for the layout.
 */
export const ROW_FORMAT_VERSION = 1;
const FLAG_DELETED = 1;
const SERDE_SHIFT = 4;
const SERDES = [msgpackSerde, jsonSerde] as const;
const SERDE_NAMES: readonly SerdeName[] = ['msgpack', 'json'];
const TWO_32 = 4_294_967_296;

/**
 * @param columns by column number, from 0; a dropped column's place holds null
 * @param deleted a tombstone: its columns are those of the row as it was
 */
export function encodeRow(columns: readonly SqlValue[], serde: SerdeName = 'msgpack', deleted = false): Uint8Array {
  const row = serde === 'msgpack' ? msgpackSerde.encode(columns) : jsonSerde.encode(columns);
  row[0] = ROW_FORMAT_VERSION;
  row[1] = (deleted ? FLAG_DELETED : 0) | (serde === 'msgpack' ? 0 : 1 << SERDE_SHIFT);
  row.fill(0, 2, ROW_HEADER_BYTES);
  return row;
}

/** Only what a key says about a row is left: a tombstone without columns, or another value that is nothing but a header. */
export function encodeBareHeader(deleted: boolean): Uint8Array {
  const row = new Uint8Array(ROW_HEADER_BYTES);
  row[0] = ROW_FORMAT_VERSION;
  row[1] = deleted ? FLAG_DELETED : 0;
  return row;
}

/** The same row as a tombstone, with its columns. */
export function tombstoneOf(row: Uint8Array): Uint8Array {
  const tombstone = Buffer.allocUnsafe(row.length);
  tombstone.set(row);
  tombstone[1] = (row[1] ?? 0) | FLAG_DELETED;
  return tombstone;
}

/** Fills in the commit, in place. */
export function setCommit(row: Uint8Array, commitSeq: Seq, micros: number): void {
  writeInt64(row, 2, commitSeq);
  writeInt64(row, 10, micros);
}

export const isDeleted = (row: Uint8Array): boolean => ((row[1] ?? 0) & FLAG_DELETED) !== 0;
export const rowSeq = (row: Uint8Array): Seq => seq(readInt64(row, 2));
/** Microseconds since 2000-01-01. */
export const rowUpdatedMicros = (row: Uint8Array): number => readInt64(row, 10);

export function decodeHeader(row: Uint8Array): RowHeader {
  checkVersion(row);
  return {
    deleted: isDeleted(row),
    serde: SERDE_NAMES[(row[1] ?? 0) >> SERDE_SHIFT] ?? 'msgpack',
    seq: rowSeq(row),
    updatedMicros: rowUpdatedMicros(row),
  };
}

/** A stored row → its columns, by number. */
export type RowDecoder = (row: Uint8Array) => SqlValue[];

/**
 * @param columnCount as the table has now
 * @param defaults by column number: what rows hold that were written before the column was added (null where absent)
 * @param needed column numbers that will be looked at; others may be null in what comes back
 */
export function compileRowDecoder(columnCount: number, defaults: readonly SqlValue[] = [], needed?: readonly number[]): RowDecoder {
  if (needed !== undefined && needed.length === 0) {
    return (row) => {
      checkVersion(row);
      return new Array<SqlValue>(columnCount).fill(null);
    };
  }
  return (row) => {
    checkVersion(row);
    const serde = SERDES[(row[1] ?? 0) >> SERDE_SHIFT];
    assert(serde !== undefined, 'a row of a serde that this version does not know');
    const columns = serde.decode(row);
    for (let i = columns.length; i < columnCount; i++) columns.push(defaults[i] ?? null);
    return columns;
  };
}

/** Reads columns of the row that begins at `at` into `row`, each into its place. */
export type ColumnPicker = (bytes: Uint8Array, at: number, end: number, row: SqlValue[]) => void;

export interface PickedColumn {
  /** From 0. */
  readonly number: number;
  readonly place: number;
}

/**
 * As `compileRowDecoder`, for rows that are read in great number: columns that nobody asked for are passed over.
 *
 * @param picked in any order, at least one
 */
export function compileColumnPicker(picked: readonly PickedColumn[], defaults: readonly SqlValue[]): ColumnPicker {
  const last = Math.max(...picked.map(({ number }) => number));
  const places = new Int32Array(last + 1).fill(-1);
  for (const { number, place } of picked) places[number] = place;
  const reader = new MsgpackReader();
  const decode = compileRowDecoder(last + 1, defaults);
  return (bytes, at, end, row) => {
    assert(bytes[at] === ROW_FORMAT_VERSION, 'not a row of this format version');
    if ((bytes[at + 1] ?? 0) >> SERDE_SHIFT !== 0) {
      const columns = decode(bytes.subarray(at, end));
      for (const { number, place } of picked) row[place] = columns[number] ?? null;
      return;
    }
    reader.open(bytes, at + ROW_HEADER_BYTES);
    const stored = reader.readArraySize();
    const count = stored > last ? last + 1 : stored;
    for (let number = 0; number < count; number++) {
      const place = places[number] ?? -1;
      if (place < 0) reader.skip();
      else row[place] = reader.readValue();
    }
    for (let number = count; number <= last; number++) {
      const place = places[number] ?? -1;
      if (place >= 0) row[place] = defaults[number] ?? null;
    }
  };
}

/** Whether the row that begins at `at` is a tombstone. */
export const isDeletedAt = (bytes: Uint8Array, at: number): boolean => ((bytes[at + 1] ?? 0) & FLAG_DELETED) !== 0;

function checkVersion(row: Uint8Array): void {
  assert(row.length >= ROW_HEADER_BYTES && row[0] === ROW_FORMAT_VERSION, 'not a row of this format version');
}

function writeInt64(bytes: Uint8Array, at: number, value: number): void {
  const high = Math.floor(value / TWO_32);
  const low = value - high * TWO_32;
  bytes[at] = high >>> 24;
  bytes[at + 1] = high >>> 16;
  bytes[at + 2] = high >>> 8;
  bytes[at + 3] = high;
  bytes[at + 4] = low >>> 24;
  bytes[at + 5] = low >>> 16;
  bytes[at + 6] = low >>> 8;
  bytes[at + 7] = low;
}

function readInt64(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  const low = (((bytes[at + 4] ?? 0) << 24) | ((bytes[at + 5] ?? 0) << 16) | ((bytes[at + 6] ?? 0) << 8) | (bytes[at + 7] ?? 0)) >>> 0;
  return high * TWO_32 + low;
}
