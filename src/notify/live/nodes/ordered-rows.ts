import { type SortShape, withKeys } from '../../../executor/operators/row-order.js';
import { type BTree, newBTree } from '../../../store/btree.js';
import type { Row } from '../../../types/value.js';
import type { RowId } from '../live-node.js';
import type { Running } from '../running.js';

/** A row in an order: with its sort keys behind its columns. */
export interface OrderedRow {
  readonly id: RowId;
  readonly row: Row;
}

export function orderedRow(id: RowId, row: Row, shape: SortShape, { frame }: Running): OrderedRow {
  return { id, row: withKeys(row, shape, frame) };
}

/** Rows in the order of sort keys; those that compare alike in that of their ids, which is the one that tables are read in. */
export class OrderedRows {
  readonly #rows: BTree<OrderedRow, undefined>;
  readonly #run: Running;
  readonly compare: (a: OrderedRow, b: OrderedRow) => number;

  constructor(shape: SortShape, run: Running) {
    this.compare = (a, b) => shape.compare(a.row, b.row) || (a.id < b.id ? -1 : a.id === b.id ? 0 : 1);
    this.#rows = newBTree(this.compare);
    this.#run = run;
  }

  get size(): number {
    return this.#rows.size;
  }

  get first(): OrderedRow | undefined {
    return this.#rows.minKey();
  }

  get last(): OrderedRow | undefined {
    return this.#rows.maxKey();
  }

  add(row: OrderedRow): void {
    if (this.#rows.set(row, undefined)) this.#run.keep(row.row);
  }

  /** @returns false where it is not there */
  take(row: OrderedRow): boolean {
    if (!this.#rows.delete(row)) return false;
    this.#run.drop(row.row);
    return true;
  }
}
