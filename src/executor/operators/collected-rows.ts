import type { Row } from '../../types/value.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';
import { atOnce, inTurns, RowSorter } from './row-sorter.js';

/** So many rows more than its memory holds it takes until somebody spills it. */
const MAX_WAITING = 4096;

/** What an aggregate keeps of a group's rows until it can sort them; beyond work_mem in files, which go with the execution at the latest. */
export class CollectedRows {
  readonly #sorter: RowSorter;
  readonly #frame: Frame;
  #isKept = false;
  #isOverfull = false;
  /** Rows that came since. */
  #waiting = 0;
  #inOrder: Iterable<Row> | undefined;
  count = 0;

  constructor(compare: (a: Row, b: Row) => number, frame: Frame) {
    this.#frame = frame;
    this.#sorter = new RowSorter(compare, frame.cx.workMemBytes, frame.cx.spills);
  }

  add(row: Row): void {
    this.count++;
    if (this.#sorter.add(row)) return;
    if (!this.#isOverfull) {
      this.#isOverfull = true;
      this.#frame.overfull.push(this);
    } else if (++this.#waiting > MAX_WAITING) {
      atOnce(this.#sorter.spill());
      this.#spilled();
    }
  }

  /** Writes what is in memory to a file. */
  *spill(frame: Frame): Waiting<void> {
    if (!this.#isOverfull) return;
    yield* inTurns(this.#sorter.spill(), frame);
    this.#spilled();
  }

  #spilled(): void {
    this.#isOverfull = false;
    this.#waiting = 0;
    if (this.#isKept || !this.#sorter.hasFiles) return;
    this.#isKept = true;
    this.#frame.keep(this.#sorter);
  }

  /** Sorts, giving way now and then, for `sorted` to be quick. Ends the collecting. */
  *sort(frame: Frame): Waiting<void> {
    this.#isOverfull = false;
    this.#inOrder = yield* inTurns(this.#sorter.finish(), frame);
  }

  /** All rows in order, once. Ends the collecting. */
  *sorted(): Generator<Row, void, void> {
    this.#isOverfull = false;
    yield* this.#inOrder ?? atOnce(this.#sorter.finish());
    this.#sorter.close();
    if (this.#isKept) this.#frame.release(this.#sorter);
  }
}
