import type { MaybePromise } from '../commons/maybe-promise.js';
import { compareBytes } from '../store/bytes.js';
import { keyText } from '../store/key-text.js';
import type { KeyRange, Scan } from '../store/store.js';
import type { SpaceWrites, WriteEntry } from './write-set.js';

const NOTHING = new Uint8Array(0);

/**
 * A scan over a transaction's writes laid over a scan of a snapshot: the written version wins, a removed key hides what is below. New
 * writes while it runs do no harm: they are of a command that the view does not see.
 */
export class OverlayScan implements Scan {
  readonly #base: Scan;
  readonly #written: WrittenCursor;
  readonly #reverse: boolean;
  #left: number;
  /** The base stands on an entry that was not given out yet. */
  #baseReady = false;
  #baseDone = false;
  #closed = false;
  #fromBase = false;
  #key: Uint8Array = NOTHING;
  #value: Uint8Array = NOTHING;

  /**
   * @param base a scan of the same range without its limit
   * @param command sees writes of commands before it
   */
  constructor(base: Scan, writes: SpaceWrites, range: KeyRange, command: number) {
    this.#base = base;
    this.#reverse = range.reverse === true;
    this.#left = range.limit ?? Number.POSITIVE_INFINITY;
    this.#written = new WrittenCursor(writes, range, command);
  }

  get key(): Uint8Array {
    return this.#fromBase ? this.#base.key : this.#key;
  }

  get value(): Uint8Array {
    return this.#fromBase ? this.#base.value : this.#value;
  }

  next(): MaybePromise<boolean> {
    if (this.#closed) return false;
    if (this.#left <= 0) {
      this.close();
      return false;
    }
    return this.#step();
  }

  #step(): MaybePromise<boolean> {
    for (;;) {
      if (!this.#baseReady && !this.#baseDone) {
        const moved = this.#base.next();
        if (moved instanceof Promise) return moved.then((ready) => this.#baseMoved(ready) && this.#step());
        if (!this.#baseMoved(moved)) return false;
      }
      const entry = this.#written.entry;
      if (entry === undefined) {
        if (this.#baseReady) return this.#giveBase();
        this.close();
        return false;
      }
      const order = this.#baseReady ? compareBytes(this.#base.key, entry.key) * (this.#reverse ? -1 : 1) : 1;
      if (order < 0) return this.#giveBase();
      const value = this.#written.value;
      this.#written.advance();
      if (order === 0) this.#baseReady = false;
      // A removed key hides what is below, if anything is.
      if (value === undefined) continue;
      this.#fromBase = false;
      this.#key = entry.key;
      this.#value = value;
      this.#left--;
      return true;
    }
  }

  /** @returns false when the scan was closed meanwhile */
  #baseMoved(ready: boolean): boolean {
    this.#baseReady = ready;
    this.#baseDone = !ready;
    return !this.#closed;
  }

  #giveBase(): boolean {
    this.#baseReady = false;
    this.#fromBase = true;
    this.#left--;
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#base.close();
  }
}

/** Walks the entries of a range that a command sees; finds its place again when keys come or go. */
class WrittenCursor {
  readonly #writes: SpaceWrites;
  readonly #command: number;
  readonly #reverse: boolean;
  readonly #gte: string | undefined;
  readonly #lt: string | undefined;
  #iterator: Iterator<[string, WriteEntry]>;
  #changes: number;
  #last: string | undefined;
  entry: WriteEntry | undefined;
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
      this.entry = entry;
      this.value = version.value;
      return;
    }
    this.entry = undefined;
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
