import type { Row } from '../../types/value.js';
import type { Batch } from '../context.js';
import { MAX_BATCH } from './batches.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { type RunFile, type SpillCounts, SpillFiles } from './spill-file.js';

/** Rows kept to be read again, any number of times and from any place: in memory as far as work_mem goes, then in files. */
export class RowStore {
  readonly #budget: MemoryBudget;
  readonly #runs: { readonly file: RunFile; readonly first: number }[] = [];
  #rows: Row[] = [];
  #first = 0;
  #files: SpillFiles | undefined;
  readonly #counts: SpillCounts;

  constructor(workMemBytes: number, counts: SpillCounts) {
    this.#counts = counts;
    this.#budget = new MemoryBudget(workMemBytes);
  }

  get length(): number {
    return this.#first + this.#rows.length;
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#budget.add(rowBytes(row)) || this.#rows.length < MAX_BATCH) return;
    this.#files ??= new SpillFiles(this.#counts);
    this.#runs.push({ file: this.#files.write(this.#rows), first: this.#first });
    this.#first += this.#rows.length;
    this.#rows = [];
    this.#budget.reset();
  }

  /** All rows from a position on, in the order they were added. A row added meanwhile may be left out. */
  *batches(from = 0): Generator<Batch, void, void> {
    for (const { file, first } of this.#runs) {
      if (first + file.rows <= from) continue;
      let position = first;
      let batch: Batch = [];
      for (const row of file.read()) {
        if (position++ < from) continue;
        batch.push(row);
        if (batch.length === MAX_BATCH) {
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    }
    const start = Math.max(from - this.#first, 0);
    if (start === 0 && this.#rows.length <= MAX_BATCH) {
      if (this.#rows.length > 0) yield this.#rows.slice();
      return;
    }
    for (let at = start; at < this.#rows.length; at += MAX_BATCH) yield this.#rows.slice(at, at + MAX_BATCH);
  }

  close(): void {
    this.#rows = [];
    this.#files?.remove();
    this.#files = undefined;
  }
}
