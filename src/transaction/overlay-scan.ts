import type { BatchScan } from '../store/entry-batch.js';
import { keyText } from '../store/key-text.js';
import { MergedBatches } from '../store/merged-batches.js';
import { MergedScan, type UpperCursor } from '../store/merged-scan.js';
import type { KeyRange, Scan } from '../store/store.js';
import type { SpaceWrites, WriteEntry } from './write-set.js';

/**
 * A scan over a transaction's writes laid over a scan of a snapshot: the written version wins, a removed key hides what is below. New
 * writes while it runs do no harm: they are of a command that the view does not see.
 *
 * @param base a scan of the same range without its limit
 * @param command sees writes of commands before it
 */
export function overlayScan(base: Scan, writes: SpaceWrites, range: KeyRange, command: number): Scan {
  return new MergedScan(base, new WrittenCursor(writes, range, command), range);
}

/** As `overlayScan`, of many entries at a time. */
export function overlayBatches(base: BatchScan, writes: SpaceWrites, range: KeyRange, command: number): BatchScan {
  return new MergedBatches(base, new WrittenCursor(writes, range, command));
}

/** Walks the entries of a range that a command sees; finds its place again when keys come or go. */
class WrittenCursor implements UpperCursor {
  readonly #writes: SpaceWrites;
  readonly #command: number;
  readonly #reverse: boolean;
  readonly #gte: string | undefined;
  readonly #lt: string | undefined;
  #iterator: Iterator<[string, WriteEntry]>;
  #changes: number;
  #last: string | undefined;
  key: Uint8Array | undefined;
  /** As the command sees it: a later command may write over the entry before it is given out. */
  value: Uint8Array | undefined;

  constructor(writes: SpaceWrites, range: KeyRange, command: number) {
    this.#writes = writes;
    this.#command = command;
    this.#reverse = range.reverse === true;
    this.#gte = range.gte === undefined ? undefined : keyText(range.gte);
    this.#lt = range.lt === undefined ? undefined : keyText(range.lt);
    this.#iterator = this.#seek();
    this.#changes = writes.changes;
    this.advance();
  }

  advance(): void {
    for (;;) {
      if (this.#changes !== this.#writes.changes) {
        this.#iterator = this.#seek();
        this.#changes = this.#writes.changes;
      }
      const step = this.#iterator.next();
      if (step.done === true) break;
      const [text, entry] = step.value;
      if (text === this.#last) continue;
      if (this.#reverse ? this.#gte !== undefined && text < this.#gte : this.#lt !== undefined && text >= this.#lt) break;
      this.#last = text;
      const version = entry.seenBy(this.#command);
      if (version === undefined) continue;
      this.key = entry.key;
      this.value = version.value;
      return;
    }
    this.key = undefined;
    this.value = undefined;
  }

  #seek(): Iterator<[string, WriteEntry]> {
    const sorted = this.#writes.sorted();
    if (!this.#reverse) return sorted.entries(this.#last ?? this.#gte);
    return this.#last === undefined
      ? sorted.entriesReversed(this.#lt, undefined, true)
      : sorted.entriesReversed(this.#last, undefined, true);
  }
}
