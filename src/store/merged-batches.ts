import { type BatchScan, EntryBatch } from './entry-batch.js';
import type { UpperCursor } from './merged-scan.js';

/** Newer entries that follow one another are handed out together, up to so many. */
const MAX_UPPER = 256;

/** Batches under newer entries, as MergedScan: what nothing lies over goes through as it is. Forwards only. */
export class MergedBatches implements BatchScan {
  readonly #base: BatchScan;
  readonly #upper: UpperCursor;
  readonly #out = new EntryBatch();
  #batch: EntryBatch | undefined;
  #at = 0;
  #isClosed = false;

  constructor(base: BatchScan, upper: UpperCursor) {
    this.#base = base;
    this.#upper = upper;
  }

  next(): EntryBatch | undefined {
    while (!this.#isClosed && this.#upper.isOpen !== false) {
      if (this.#batch === undefined || this.#at >= this.#batch.count) {
        this.#batch = this.#base.next();
        this.#at = 0;
      }
      const given = this.#batch === undefined ? undefined : this.#below(this.#batch);
      if (given !== undefined) return given;
      if (this.#upper.key !== undefined) {
        const newer = this.#takeUpper();
        if (newer !== undefined) return newer;
      } else if (this.#batch === undefined) break;
    }
    this.close();
    return undefined;
  }

  /** What of the batch lies below the next newer entry, and is not hidden. */
  #below(batch: EntryBatch): EntryBatch | undefined {
    const from = this.#at;
    const { key, hides } = this.#upper;
    let to = batch.count;
    if (key !== undefined && compareKeyAt(batch, to - 1, key) >= 0) {
      to = from;
      while (compareKeyAt(batch, to, key) < 0) to++;
    }
    this.#at = to;
    if (from === to) return undefined;
    if (from === 0 && to === batch.count && hides === undefined) return batch;
    const out = this.#begin(batch.bytes);
    out.readLarge = batch.readLarge;
    for (let i = from; i < to; i++) {
      if (hides?.(batch.key(i)) === true) continue;
      out.add(batch.keyStarts[i] ?? 0, batch.keyEnds[i] ?? 0, batch.valueStarts[i] ?? 0, batch.valueEnds[i] ?? 0);
    }
    return out.count === 0 ? undefined : out;
  }

  /** The newer entries that come before the next one below; one with the same key replaces it. */
  #takeUpper(): EntryBatch | undefined {
    const upper = this.#upper;
    const taken: (readonly [key: Uint8Array, value: Uint8Array])[] = [];
    let bytes = 0;
    for (let { key } = upper; key !== undefined && taken.length < MAX_UPPER; { key } = upper) {
      const batch = this.#batch;
      if (batch !== undefined && this.#at >= batch.count) break;
      const order = batch === undefined ? 1 : compareKeyAt(batch, this.#at, key);
      if (order < 0) break;
      if (order === 0) this.#at++;
      const { value } = upper;
      upper.advance();
      if (value === undefined) continue;
      taken.push([key, value]);
      bytes += key.length + value.length;
    }
    if (taken.length === 0) return undefined;
    const memory = Buffer.allocUnsafe(bytes);
    const out = this.#begin(memory);
    let at = 0;
    for (const [key, value] of taken) {
      memory.set(key, at);
      const middle = at + key.length;
      memory.set(value, middle);
      out.add(at, middle, middle, middle + value.length);
      at = middle + value.length;
    }
    return out;
  }

  #begin(bytes: Uint8Array): EntryBatch {
    this.#out.bytes = bytes;
    this.#out.count = 0;
    return this.#out;
  }

  close(): void {
    this.#isClosed = true;
    this.#base.close();
  }
}

function compareKeyAt({ bytes, keyStarts, keyEnds }: EntryBatch, i: number, key: Uint8Array): number {
  const start = keyStarts[i] ?? 0;
  const size = (keyEnds[i] ?? 0) - start;
  const common = Math.min(size, key.length);
  for (let j = 0; j < common; j++) {
    const difference = (bytes[start + j] ?? 0) - (key[j] ?? 0);
    if (difference !== 0) return difference;
  }
  return size - key.length;
}
