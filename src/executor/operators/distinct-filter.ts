import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { MAX_BATCH } from './batches.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { PartitionedRows } from './partitioned-rows.js';
import { breathe, type Steps } from './stepped-operator.js';

/**
 * Lets the first row of each key through. Once work_mem is full of keys, rows with other keys go to files by key, and come afterwards, part
 * by part: the first of a key is still the first of its part.
 */
export class DistinctFilter {
  readonly #seen = new Set<HashKey>();
  readonly #budget: MemoryBudget;
  readonly #frame: Frame;
  #overflow: PartitionedRows | undefined;

  constructor(frame: Frame) {
    this.#frame = frame;
    this.#budget = new MemoryBudget(frame.cx.workMemBytes);
  }

  /** @returns true for a row that goes through now */
  passes(key: HashKey, row: Row): boolean {
    if (this.#seen.has(key)) return false;
    if (this.#overflow !== undefined) {
      this.#overflow.add(key, row);
      return false;
    }
    this.#seen.add(key);
    if (!this.#budget.add(rowBytes(row))) this.#overflow = new PartitionedRows(this.#frame.cx.spills);
    return true;
  }

  /** What went to files, once the input has ended. */
  *rest(keyOf: (row: Row) => HashKey): Steps {
    const overflow = this.#overflow;
    if (overflow === undefined) return;
    this.#seen.clear();
    for (let part = 0; part < overflow.count; part++) {
      const inner = new DistinctFilter(this.#frame);
      let batch: Row[] = [];
      try {
        for (const row of overflow.read(part)) {
          if (!inner.passes(keyOf(row), row)) continue;
          batch.push(row);
          if (batch.length === MAX_BATCH) {
            yield batch;
            batch = [];
            yield* breathe(this.#frame);
          }
        }
        if (batch.length > 0) yield batch;
        yield* inner.rest(keyOf);
      } finally {
        inner.remove();
      }
    }
  }

  remove(): void {
    this.#overflow?.remove();
  }
}
