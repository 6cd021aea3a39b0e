import { assert } from '../../../commons/assert.js';
import type { Row } from '../../../types/value.js';
import { BlockFile } from '../block-file.js';
import { MemoryBudget, rowBytes } from '../memory.js';
import type { SpillCounts } from '../spill-file.js';

/** Blocks of a spilled partition that are held: the current row's, both ends of the frame, and what lag and lead look at. */
const CACHED_BLOCKS = 6;
const LEAST_BLOCK_ROWS = 16;
const MOST_BLOCK_ROWS = 4096;

interface Block {
  readonly index: number;
  readonly rows: readonly Row[];
}

/** The rows of one partition, read at any place: in memory as far as work_mem goes, then in blocks on disk. */
export class PartitionRows {
  readonly #width: number;
  readonly #workMemBytes: number;
  readonly #budget: MemoryBudget;
  /** So many rows at the start were forgotten. */
  #forgotten = 0;
  /** All rows, or those behind the last block. */
  #rows: Row[] = [];
  #firstRow = 0;
  #blockRows = 0;
  #file: BlockFile | undefined;
  readonly #counts: SpillCounts;
  /** Most recently used first. */
  #cache: Block[] = [];

  /** @param width columns of a row */
  constructor(width: number, workMemBytes: number, counts: SpillCounts) {
    this.#counts = counts;
    this.#width = width;
    this.#workMemBytes = workMemBytes;
    this.#budget = new MemoryBudget(workMemBytes);
  }

  get length(): number {
    return this.#forgotten + this.#firstRow + this.#rows.length;
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#blockRows > 0) {
      if (this.#rows.length >= this.#blockRows) this.#spill();
    } else if (!this.#budget.add(rowBytes(row)) && this.#rows.length > LEAST_BLOCK_ROWS) {
      const average = this.#budget.used / this.#rows.length;
      const fitting = Math.floor(this.#workMemBytes / (2 * CACHED_BLOCKS) / average);
      this.#blockRows = Math.min(Math.max(fitting, LEAST_BLOCK_ROWS), MOST_BLOCK_ROWS);
      this.#spill();
    }
  }

  #spill(): void {
    this.#file ??= new BlockFile(this.#counts);
    let at = 0;
    for (; at + this.#blockRows <= this.#rows.length; at += this.#blockRows) this.#file.add(this.#rows.slice(at, at + this.#blockRows));
    this.#rows = this.#rows.slice(at);
    this.#firstRow += at;
  }

  get(position: number): Row {
    const place = position - this.#forgotten;
    const row = place >= this.#firstRow ? this.#rows[place - this.#firstRow] : this.#stored(place);
    assert(row !== undefined, 'a row of the partition');
    return row;
  }

  #stored(place: number): Row | undefined {
    const index = Math.floor(place / this.#blockRows);
    return this.#block(index).rows[place - index * this.#blockRows];
  }

  #block(index: number): Block {
    const [recent] = this.#cache;
    if (recent !== undefined && recent.index === index) return recent;
    const at = this.#cache.findIndex((block) => block.index === index);
    const block = at === -1 ? { index, rows: this.#file?.read(index, this.#width) ?? [] } : this.#cache[at];
    assert(block !== undefined, 'a block of the partition');
    if (at !== -1) this.#cache.splice(at, 1);
    else if (this.#cache.length >= CACHED_BLOCKS) this.#cache.pop();
    this.#cache.unshift(block);
    return block;
  }

  /** Rows before a position are not asked for any more. */
  forget(position: number): void {
    if (this.#blockRows > 0) {
      if (position === this.length) this.#restart(position);
      return;
    }
    this.#rows = this.#rows.slice(position - this.#forgotten);
    this.#forgotten = position;
    this.#budget.reset();
  }

  clear(): void {
    this.#restart(0);
  }

  #restart(forgotten: number): void {
    this.#forgotten = forgotten;
    this.#rows = [];
    this.#firstRow = 0;
    this.#blockRows = 0;
    this.#cache = [];
    this.#file?.clear();
    this.#budget.reset();
  }

  close(): void {
    this.clear();
    this.#file?.remove();
    this.#file = undefined;
  }
}
