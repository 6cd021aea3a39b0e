import type { Row, SqlValue } from '../../types/value.js';

/** Rows that are kept, with an index of each column that they were looked up by. */
export class IndexedRows {
  readonly all: readonly Row[];
  readonly #indexes = new Map<number, ReadonlyMap<SqlValue, readonly Row[]>>();

  constructor(all: readonly Row[]) {
    this.all = all;
  }

  get values(): number {
    return this.all.length * (this.all[0]?.length ?? 0);
  }

  by(columnNumber: number, value: SqlValue): readonly Row[] {
    return this.#index(columnNumber).get(value) ?? NO_ROWS;
  }

  /** By the condition that leaves the fewest; some rows may not meet the others. */
  matching(equal: ReadonlyMap<number, SqlValue>): readonly Row[] {
    let best = this.all;
    for (const [number, value] of equal) {
      // Only what compares as itself.
      if (typeof value !== 'number' && typeof value !== 'string') continue;
      const found = this.by(number, value);
      if (found.length < best.length) best = found;
    }
    return best;
  }

  #index(columnNumber: number): ReadonlyMap<SqlValue, readonly Row[]> {
    let index = this.#indexes.get(columnNumber);
    if (index === undefined) {
      index = indexOf(this.all, columnNumber);
      this.#indexes.set(columnNumber, index);
    }
    return index;
  }
}

function indexOf(all: readonly Row[], columnNumber: number): ReadonlyMap<SqlValue, readonly Row[]> {
  const index = new Map<SqlValue, Row[]>();
  for (const row of all) {
    const key = row[columnNumber - 1] ?? null;
    const rows = index.get(key);
    if (rows === undefined) index.set(key, [row]);
    else rows.push(row);
  }
  return index;
}

const NO_ROWS: readonly Row[] = [];
