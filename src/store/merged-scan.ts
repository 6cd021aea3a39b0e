import type { MaybePromise } from '../commons/maybe-promise.js';
import { compareBytes } from './bytes.js';
import type { KeyRange, Scan } from './store.js';

/** Entries that lie over those of a scan, in the scan's direction. */
export interface UpperCursor {
  /** Of the entry that it stands on; undefined at the end. */
  readonly key: Uint8Array | undefined;
  /** undefined: the key is removed, which hides what is below. */
  readonly value: Uint8Array | undefined;
  advance(): void;
  /** Whether something above lies over a key of the scan though it has no entry of its own: a removed range. */
  readonly hides?: ((key: Uint8Array) => boolean) | undefined;
  /** False once it may not be read any more. */
  readonly isOpen?: boolean;
}

const NOTHING = new Uint8Array(0);

/** A scan under newer entries: of two with one key the upper one wins. */
export class MergedScan implements Scan {
  readonly #base: Scan;
  readonly #upper: UpperCursor;
  readonly #isReverse: boolean;
  #left: number;
  /** The base stands on an entry that was not given out yet. */
  #baseReady = false;
  #baseDone = false;
  #isClosed = false;
  #isFromBase = false;
  #key: Uint8Array = NOTHING;
  #value: Uint8Array = NOTHING;

  /** @param base a scan of the same range without its limit */
  constructor(base: Scan, upper: UpperCursor, range: KeyRange) {
    this.#base = base;
    this.#upper = upper;
    this.#isReverse = range.reverse === true;
    this.#left = range.limit ?? Number.POSITIVE_INFINITY;
  }

  get key(): Uint8Array {
    return this.#isFromBase ? this.#base.key : this.#key;
  }

  get value(): Uint8Array {
    return this.#isFromBase ? this.#base.value : this.#value;
  }

  next(): MaybePromise<boolean> {
    if (this.#isClosed) return false;
    if (this.#left <= 0 || this.#upper.isOpen === false) {
      this.close();
      return false;
    }
    return this.#advance();
  }

  #advance(): MaybePromise<boolean> {
    for (;;) {
      if (!this.#baseReady && !this.#baseDone) {
        const moved = this.#base.next();
        if (moved instanceof Promise) return moved.then((ready) => this.#baseMoved(ready) && this.#advance());
        if (!this.#baseMoved(moved)) return false;
      }
      const { key, value } = this.#upper;
      if (key === undefined) {
        if (this.#baseReady) return this.#giveBase();
        if (!this.#baseDone) continue;
        this.close();
        return false;
      }
      if (!this.#baseReady && !this.#baseDone) continue;
      const order = this.#baseReady ? compareBytes(this.#base.key, key) * (this.#isReverse ? -1 : 1) : 1;
      if (order < 0) return this.#giveBase();
      this.#upper.advance();
      if (order === 0) this.#baseReady = false;
      // A removed key hides what is below, if anything is.
      if (value === undefined) continue;
      this.#isFromBase = false;
      this.#key = key;
      this.#value = value;
      this.#left--;
      return true;
    }
  }

  /** @returns false when the scan was closed meanwhile */
  #baseMoved(ready: boolean): boolean {
    this.#baseReady = ready && this.#upper.hides?.(this.#base.key) !== true;
    this.#baseDone = !ready;
    return !this.#isClosed;
  }

  #giveBase(): boolean {
    this.#baseReady = false;
    this.#isFromBase = true;
    this.#left--;
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#base.close();
  }
}
