import type { Row } from '../../types/value.js';
import type { Batch, Operator } from '../context.js';
import { type Waiting, wait } from '../waiting.js';
import { RowStore } from './row-store.js';
import type { SpillCounts } from './spill-file.js';

/** A common table expression's rows: computed at most once, as far as its readers ask. */
export class CteBuffer {
  readonly #source: Operator;
  readonly #map: ((row: Row) => Row) | undefined;
  readonly #rows: RowStore;
  #ended = false;
  #pending: Promise<void> | undefined;

  constructor(source: Operator, map: ((row: Row) => Row) | undefined, workMemBytes: number, counts: SpillCounts) {
    this.#source = source;
    this.#map = map;
    this.#rows = new RowStore(workMemBytes, counts);
  }

  /** Rows from a position on that are there now, at least one batch unless all were read. */
  *from(position: number): Waiting<Iterable<Batch>> {
    while (this.#rows.length <= position && !this.#ended) {
      // Two readers may wait for the same batch.
      if (this.#pending !== undefined) {
        yield this.#pending;
        continue;
      }
      const batch = this.#source.next();
      if (batch instanceof Promise) {
        this.#pending = batch.then((late) => {
          this.#pending = undefined;
          this.#take(late);
        });
        yield* wait(this.#pending);
      } else this.#take(batch);
    }
    return this.#rows.length <= position ? [] : this.#rows.batches(position);
  }

  /** Runs the rest, whether somebody reads it or not. */
  *finish(): Waiting<void> {
    while (!this.#ended) yield* this.from(this.#rows.length);
  }

  #take(batch: Batch | null): void {
    if (batch === null) {
      this.#ended = true;
      this.#source.close();
      return;
    }
    for (const row of batch) this.#rows.add(this.#map === undefined ? row : this.#map(row));
  }

  close(): void {
    this.#source.close();
    this.#rows.close();
  }
}
