import type { Row } from '../../types/value.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { quickSort } from './quick-sort.js';
import { type RunFile, type SpillCounts, SpillFiles } from './spill-file.js';
import { breathe } from './stepped-operator.js';

type Compare = (a: Row, b: Row) => number;

const WRITTEN_AT_ONCE = 4096;

/**
 * Sorts rows in memory; above work_mem, sorted runs go to files and are merged. With a bound only the first so many are kept, in a heap whose
 * root is the last of them, as soon as twice as many have come. All steps are PostgreSQL's, so that ties come in its order.
 */
export class RowSorter {
  readonly #compare: Compare;
  readonly #bound: number;
  readonly #budget: MemoryBudget;
  readonly #runs: RunFile[] = [];
  #rows: Row[] = [];
  #isHeap = false;
  #files: SpillFiles | undefined;
  readonly #counts: SpillCounts;

  /** @param bound so many rows are wanted at most */
  constructor(compare: Compare, workMemBytes: number, counts: SpillCounts, bound = Number.POSITIVE_INFINITY) {
    this.#counts = counts;
    this.#compare = compare;
    this.#bound = bound;
    this.#budget = new MemoryBudget(workMemBytes);
  }

  get hasFiles(): boolean {
    return this.#files !== undefined;
  }

  /** @returns false when memory is full: `spill` comes next */
  add(row: Row): boolean {
    if (this.#isHeap) {
      this.#addToHeap(row);
      return true;
    }
    this.#rows.push(row);
    const fits = this.#budget.add(rowBytes(row));
    const count = this.#rows.length;
    if (count > this.#bound * 2 || (!fits && count > this.#bound)) {
      const rows = this.#rows;
      this.#rows = [];
      this.#isHeap = true;
      for (const each of rows) this.#addToHeap(each);
      return true;
    }
    return fits;
  }

  /** Writes what is in memory as a sorted run, yielding now and then so that others may have their turn. */
  *spill(): Generator<void, void, void> {
    const rows = this.#rows;
    yield* quickSort(rows, this.#compare);
    this.#files ??= new SpillFiles(this.#counts);
    const run = this.#files.create();
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (row !== undefined) run.add(row);
      if (i % WRITTEN_AT_ONCE === 0) yield;
    }
    this.#runs.push(run.finish());
    this.#rows = [];
    this.#budget.reset();
  }

  #addToHeap(row: Row): void {
    const heap = this.#rows;
    if (heap.length >= this.#bound) {
      const [last] = heap;
      if (last !== undefined && this.#compare(row, last) < 0) this.#replaceRoot(row, heap.length);
      return;
    }
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || this.#compare(row, parent) <= 0) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = row;
  }

  /** Puts a row in the root's place and lets it sink. @param count of the heap's rows */
  #replaceRoot(row: Row, count: number): void {
    const heap = this.#rows;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      if (below >= count || child === undefined) break;
      const other = heap[below + 1];
      if (below + 1 < count && other !== undefined && this.#compare(other, child) > 0) {
        child = other;
        below++;
      }
      if (this.#compare(row, child) >= 0) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = row;
  }

  /** All rows in order: an array when they are in memory. Nothing can be added afterwards. Yields as `spill` does. */
  *finish(): Generator<void, Row[] | Generator<Row, void, void>, void> {
    if (this.#isHeap) {
      this.#unheap();
      return this.#rows;
    }
    yield* quickSort(this.#rows, this.#compare);
    return this.#runs.length === 0 ? this.#rows : this.#merge();
  }

  #unheap(): void {
    const heap = this.#rows;
    for (let count = heap.length; count > 1; count--) {
      const [root] = heap;
      const last = heap[count - 1];
      if (root === undefined || last === undefined) return;
      if (count > 2) this.#replaceRoot(last, count - 1);
      else heap[0] = last;
      heap[count - 1] = root;
    }
  }

  /** The smallest head of all runs comes next, the earlier run's among equals. */
  *#merge(): Generator<Row, void, void> {
    const sources: Iterator<Row>[] = [...this.#runs.map((run) => run.read()), this.#rows[Symbol.iterator]()];
    const heads: { row: Row; readonly source: number }[] = [];
    const isLess = (a: (typeof heads)[number], b: (typeof heads)[number]): boolean => {
      const order = this.#compare(a.row, b.row);
      return order < 0 || (order === 0 && a.source < b.source);
    };
    const sink = (from: number): void => {
      let at = from;
      const head = heads[at];
      if (head === undefined) return;
      for (;;) {
        let below = 2 * at + 1;
        let child = heads[below];
        if (child === undefined) break;
        const other = heads[below + 1];
        if (other !== undefined && isLess(other, child)) {
          child = other;
          below++;
        }
        if (!isLess(child, head)) break;
        heads[at] = child;
        at = below;
      }
      heads[at] = head;
    };
    sources.forEach((source, number) => {
      const step = source.next();
      if (step.done !== true) heads.push({ row: step.value, source: number });
    });
    for (let i = heads.length >> 1; i >= 0; i--) sink(i);
    for (let head = heads[0]; head !== undefined; head = heads[0]) {
      yield head.row;
      const step = sources[head.source]?.next();
      if (step === undefined || step.done === true) {
        const last = heads.pop();
        if (last === undefined || heads.length === 0) return;
        heads[0] = last;
      } else head.row = step.value;
      sink(0);
    }
  }

  close(): void {
    this.#rows = [];
    this.#files?.remove();
    this.#files = undefined;
  }
}

/** Does work at one go that could be done in turns. */
export function atOnce<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Does work in turns. */
export function* inTurns<T>(work: Generator<void, T, void>, frame: Frame): Waiting<T> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    yield* breathe(frame);
  }
}
