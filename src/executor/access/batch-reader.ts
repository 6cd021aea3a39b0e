import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { ScanColumn } from '../../planner/bind/logical.js';
import type { EntryBatch } from '../../store/entry-batch.js';
import { type ColumnPicker, compileColumnPicker, isDeletedAt } from '../../store/row-codec.js';
import type { Row } from '../../types/value.js';
import type { Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';

/** Reads a batch of stored entries. */
export interface BatchReader {
  /** Appends the rows of a part of the entries that are there and pass the filter. @returns how many are there */
  collect(entries: EntryBatch, from: number, to: number, frame: Frame, rows: Row[]): number;
}

const NO_COLUMNS: Row = [];

/**
 * Columns that the filter reads come first, the others once it has let the row pass.
 *
 * @returns undefined where rows are more than their stored columns: system columns, and rows that expire
 */
export function compileBatchReader(
  table: TableDescriptor,
  columns: readonly ScanColumn[],
  filter: Predicate | undefined,
  inFilter: ReadonlySet<ColumnId>,
): BatchReader | undefined {
  if (table.tableType === 'stream') return undefined;
  const first: { readonly number: number; readonly place: number }[] = [];
  const rest: { readonly number: number; readonly place: number }[] = [];
  for (const [place, column] of columns.entries()) {
    if (!('number' in column)) return undefined;
    (filter === undefined || inFilter.has(column.id) ? first : rest).push({ number: column.number - 1, place });
  }
  const defaults = table.columns.map((column) => column.missing ?? null);
  const pickFirst = first.length === 0 ? undefined : compileColumnPicker(first, defaults);
  const pickRest = rest.length === 0 ? undefined : compileColumnPicker(rest, defaults);
  const empty: Row = columns.map(() => null);
  return new ColumnReader(empty, pickFirst, filter, pickRest);
}

class ColumnReader implements BatchReader {
  readonly #empty: Row;
  readonly #first: ColumnPicker | undefined;
  readonly #filter: Predicate | undefined;
  readonly #rest: ColumnPicker | undefined;

  constructor(empty: Row, first: ColumnPicker | undefined, filter: Predicate | undefined, rest: ColumnPicker | undefined) {
    this.#empty = empty;
    this.#first = first;
    this.#filter = filter;
    this.#rest = rest;
  }

  collect(entries: EntryBatch, from: number, to: number, frame: Frame, rows: Row[]): number {
    if (this.#filter !== undefined) return this.#collectFiltered(entries, from, to, frame, rows);
    const before = rows.length;
    const { valueStarts, valueEnds } = entries;
    const empty = this.#empty;
    const pick = this.#first;
    for (let i = from; i < to; i++) {
      let { bytes } = entries;
      let start = valueStarts[i] ?? 0;
      if (start < 0) {
        bytes = entries.readLarge(start);
        start = 0;
      }
      if (isDeletedAt(bytes, start)) continue;
      if (pick === undefined) rows.push(NO_COLUMNS);
      else {
        const row = empty.slice();
        pick(bytes, start, valueEnds[i] ?? 0, row);
        rows.push(row);
      }
    }
    return rows.length - before;
  }

  #collectFiltered(entries: EntryBatch, from: number, to: number, frame: Frame, rows: Row[]): number {
    const { valueStarts, valueEnds } = entries;
    const filter = this.#filter;
    const pickFirst = this.#first;
    const pickRest = this.#rest;
    const row = this.#empty.slice();
    let live = 0;
    for (let i = from; i < to; i++) {
      let { bytes } = entries;
      let start = valueStarts[i] ?? 0;
      if (start < 0) {
        bytes = entries.readLarge(start);
        start = 0;
      }
      if (isDeletedAt(bytes, start)) continue;
      live++;
      const end = valueEnds[i] ?? 0;
      if (pickFirst !== undefined) pickFirst(bytes, start, end, row);
      if (filter !== undefined && !filter(row, frame)) continue;
      if (pickRest !== undefined) pickRest(bytes, start, end, row);
      rows.push(row.slice());
    }
    return live;
  }
}
