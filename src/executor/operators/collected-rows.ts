import type { Row } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { atOnce, RowSorter } from './row-sorter.js';

/** What an aggregate keeps of a group's rows until it can sort them; beyond work_mem in files, which go with the execution at the latest. */
export class CollectedRows {
  readonly #sorter: RowSorter;
  readonly #frame: Frame;
  #isKept = false;
  count = 0;

  constructor(compare: (a: Row, b: Row) => number, frame: Frame) {
    this.#frame = frame;
    this.#sorter = new RowSorter(compare, frame.cx.workMemBytes);
  }

  add(row: Row): void {
    if (!this.#sorter.add(row)) atOnce(this.#sorter.spill());
    this.count++;
    if (this.#isKept || !this.#sorter.hasFiles) return;
    this.#isKept = true;
    this.#frame.keep(this.#sorter);
  }

  /** All rows in order, once. Ends the collecting. */
  *sorted(): Generator<Row, void, void> {
    yield* atOnce(this.#sorter.finish());
    this.#sorter.close();
    if (this.#isKept) this.#frame.release(this.#sorter);
  }
}
