import type { TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { ScanColumn } from '../../planner/bind/logical.js';
import { compileColumnPicker, type PickedColumn } from '../../store/row-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { compileRowDecoder, isDeleted, readUserPrefix, rowSeq, rowUpdatedMicros } from './stored-row.js';

/** Stored bytes → a row of a scan's columns; undefined for what nobody sees: tombstones, and stream rows past their time. */
export type RowReader = (key: Uint8Array, value: Uint8Array, cx: ExecutionContext) => Row | undefined;

/** What a system column's value is made of. */
type SystemReader = (key: Uint8Array, value: Uint8Array, cx: ExecutionContext) => SqlValue;

export function compileRowReader(table: TableDescriptor, columns: readonly ScanColumn[]): RowReader {
  const picked = pickedReader(table, columns);
  if (picked !== undefined) return picked;
  const numbers = columns.flatMap((column) => ('number' in column ? [column.number] : []));
  const decode = compileRowDecoder(
    table.columns.length,
    table.columns.map((column) => column.missing ?? null),
    numbers,
  );
  const visible = compileVisibility(table);
  const project = compileProjection(table, columns);
  return (key, value, cx) => {
    if (!visible(value, cx)) return undefined;
    const stored = decode(value);
    return project === undefined ? stored : project(stored, key, value, cx);
  };
}

/** Rows of which most columns are passed over; decoding whole rows is faster else. */
function pickedReader(table: TableDescriptor, columns: readonly ScanColumn[]): RowReader | undefined {
  if (columns.length === 0 || columns.length * 2 > table.columns.length) return undefined;
  const places: PickedColumn[] = [];
  const systems: { readonly place: number; readonly read: SystemReader }[] = [];
  for (const [place, column] of columns.entries()) {
    if ('number' in column) places.push({ number: column.number - 1, place });
    else systems.push({ place, read: systemReader(table, column.system) });
  }
  if (places.length === 0) return undefined;
  const pick = compileColumnPicker(
    places,
    table.columns.map((column) => column.missing ?? null),
  );
  const visible = compileVisibility(table);
  const empty: Row = columns.map(() => null);
  if (systems.length === 0) {
    return (_key, value, cx) => {
      if (!visible(value, cx)) return undefined;
      const row = empty.slice();
      pick(value, 0, value.length, row);
      return row;
    };
  }
  return (key, value, cx) => {
    if (!visible(value, cx)) return undefined;
    const row = empty.slice();
    pick(value, 0, value.length, row);
    for (const { place, read } of systems) row[place] = read(key, value, cx);
    return row;
  };
}

/** As RowReader; undefined for rows that the scan's filter does not pass too. */
export type FilteredReader = (key: Uint8Array, value: Uint8Array, frame: Frame) => Row | undefined;

/** Below this many columns a row is decoded as fast as a few of its columns are found. */
const WIDE_TABLE = 8;

/**
 * Of wide rows the columns that the filter reads are looked at first, and only what passes is decoded.
 * @param inFilter columns that it reads
 */
export function compileFilteredReader(
  table: TableDescriptor,
  columns: readonly ScanColumn[],
  filter: Predicate | undefined,
  inFilter: ReadonlySet<ColumnId>,
): FilteredReader {
  const read = compileRowReader(table, columns);
  if (filter === undefined) return (key, value, frame) => read(key, value, frame.cx);
  const first = columns.map((column, place) => ({ column, place })).filter(({ column }) => inFilter.has(column.id));
  const places = first.flatMap(({ column, place }) => ('number' in column ? [{ number: column.number - 1, place }] : []));
  const isCheap = table.columns.length >= WIDE_TABLE && places.length * 4 <= table.columns.length && places.length * 2 <= columns.length;
  if (!isCheap || places.length < first.length || places.length === 0) {
    return (key, value, frame) => {
      const row = read(key, value, frame.cx);
      return row !== undefined && filter(row, frame) ? row : undefined;
    };
  }
  const pick = compileColumnPicker(
    places,
    table.columns.map((column) => column.missing ?? null),
  );
  // Filters keep no row: it is written over with each.
  const scratch: Row = columns.map(() => null);
  const visible = compileVisibility(table);
  return (key, value, frame) => {
    if (!visible(value, frame.cx)) return undefined;
    pick(value, 0, value.length, scratch);
    return filter(scratch, frame) ? read(key, value, frame.cx) : undefined;
  };
}

export function compileVisibility(table: TableDescriptor): (value: Uint8Array, cx: ExecutionContext) => boolean {
  const ttl = table.tableType === 'stream' ? table.ttlMicros : undefined;
  if (ttl === undefined) return (value) => !isDeleted(value);
  return (value, cx) => !isDeleted(value) && !isExpired(value, ttl, cx);
}

function isExpired(value: Uint8Array, ttlMicros: number, cx: ExecutionContext): boolean {
  const updated = rowUpdatedMicros(value);
  // 0: this transaction's own, not committed yet.
  return updated !== 0 && updated + ttlMicros <= cx.session.statementStartMicros;
}

type Projection = (stored: SqlValue[], key: Uint8Array, value: Uint8Array, cx: ExecutionContext) => Row;

/** @returns undefined where the stored columns are the row as they are */
function compileProjection(table: TableDescriptor, columns: readonly ScanColumn[]): Projection | undefined {
  if (columns.length === table.columns.length && columns.every((column, i) => 'number' in column && column.number === i + 1)) {
    return undefined;
  }
  const positions = columns.map((column) => ('number' in column ? column.number - 1 : -1));
  if (!positions.includes(-1)) {
    return (stored) => {
      const row: Row = [];
      for (const position of positions) row.push(stored[position] ?? null);
      return row;
    };
  }
  const readers = columns.map((column) => ('system' in column ? systemReader(table, column.system) : undefined));
  return (stored, key, value, cx) => {
    const row: Row = [];
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i] ?? -1;
      row.push(position >= 0 ? (stored[position] ?? null) : (readers[i]?.(key, value, cx) ?? null));
    }
    return row;
  };
}

const XID_BITS = 32;

function systemReader(table: TableDescriptor, column: Extract<ScanColumn, { system: unknown }>['system']): SystemReader {
  switch (column) {
    case '_seq':
      return (_key, value) => rowSeq(value) || null;
    case '_updated':
      return (_key, value) => rowUpdatedMicros(value) || null;
    case '_deleted':
      return (_key, value) => isDeleted(value);
    case '_user_id':
      return (key) => readUserPrefix(key);
    case 'tableoid':
      return () => table.oid;
    case 'xmin':
      return (_key, value, cx) => (rowSeq(value) || cx.transaction.id) % 2 ** XID_BITS;
    case 'xmax':
    case 'cmin':
    case 'cmax':
      return () => 0;
    case 'ctid':
      return () => null;
    case 'row key':
      // The key belongs to the store: it is good until the scan's next step only.
      return (key) => new Uint8Array(key);
  }
}

/** A stored row's columns by number - 1, all of them. */
export function compileFullDecoder(table: TableDescriptor): (value: Uint8Array) => SqlValue[] {
  const decode = compileRowDecoder(
    table.columns.length,
    table.columns.map((column) => column.missing ?? null),
  );
  return (value) => {
    const columns = decode(value);
    assert(columns.length >= table.columns.length, 'a stored row with too few columns');
    return columns;
  };
}
