import type { SortKey } from '../../../planner/bind/logical.js';
import type { Frame } from '../../frame.js';
import type { Layout } from '../../scope.js';
import { type RowOrder, rowOrder } from '../row-order.js';
import type { PartitionRows } from './partition-rows.js';

/** Rows that ORDER BY doesn't tell apart; without one, all of a partition. */
export function compilePeers(orderBy: readonly SortKey[], layout: Layout): RowOrder | undefined {
  return orderBy.length === 0 ? undefined : rowOrder(orderBy, layout);
}

/** The peers of the current row. */
export class PeerGroup {
  readonly #order: RowOrder | undefined;
  readonly #rows: PartitionRows;
  readonly #frame: Frame;
  start = 0;
  /** Behind the last of them. */
  end = 0;

  constructor(order: RowOrder | undefined, rows: PartitionRows, frame: Frame) {
    this.#order = order;
    this.#rows = rows;
    this.#frame = frame;
  }

  begin(): void {
    this.start = 0;
    this.end = 0;
  }

  /** @param position the same or a later one than the last time */
  moveTo(position: number): void {
    const order = this.#order;
    const rows = this.#rows;
    while (position >= this.end) {
      this.start = this.end;
      if (order === undefined) {
        this.end = rows.length;
        continue;
      }
      const first = rows.get(this.start);
      let end = this.start + 1;
      while (end < rows.length && order.compare(first, rows.get(end), this.#frame) === 0) end++;
      this.end = end;
    }
  }
}
