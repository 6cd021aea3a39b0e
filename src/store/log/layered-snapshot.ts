import { assert } from '../../commons/assert.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { compareBytes, copyBytes } from '../bytes.js';
import { keyText } from '../key-text.js';
import type { KeyRange, Scan, Snapshot, Space } from '../store.js';
import { type Layer, type Overlay, overlayOf, type SpaceLayer } from './layer.js';

/** A snapshot of the engine under the layers above it, up to a number. */
export class LayeredSnapshot implements Snapshot {
  readonly #base: Snapshot;
  /** The oldest first. */
  readonly #layers: readonly Layer[];
  readonly #number: number;
  #isOpen = true;

  constructor(base: Snapshot, layers: readonly Layer[], number: number) {
    this.#base = base;
    this.#layers = layers;
    this.#number = number;
  }

  get(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    assert(this.#isOpen, 'a read from a snapshot that is released');
    let text: string | undefined;
    for (let i = this.#layers.length - 1; i >= 0; i--) {
      const layer = this.#layers[i]?.spaces.get(space.id);
      if (layer === undefined) continue;
      text ??= keyText(key);
      const found = layer.find(text, this.#number);
      if (found !== undefined) return found.value;
    }
    return this.#base.get(space, key);
  }

  getMany(space: Space, keys: readonly Uint8Array[]): MaybePromise<readonly (Uint8Array | undefined)[]> {
    const values: (Uint8Array | undefined)[] = [];
    for (const [i, key] of keys.entries()) {
      const value = this.get(space, key);
      if (value instanceof Promise) return this.#getRest(space, keys, values, value, i);
      values.push(value === undefined ? undefined : copyBytes(value));
    }
    return values;
  }

  async #getRest(
    space: Space,
    keys: readonly Uint8Array[],
    values: (Uint8Array | undefined)[],
    waiting: Promise<Uint8Array | undefined>,
    from: number,
  ): Promise<readonly (Uint8Array | undefined)[]> {
    values.push(await waiting);
    for (const key of keys.slice(from + 1)) {
      const value = await this.get(space, key);
      values.push(value === undefined ? undefined : copyBytes(value));
    }
    return values;
  }

  scan(space: Space, range: KeyRange): Scan {
    assert(this.#isOpen, 'a scan of a snapshot that is released');
    const layers: SpaceLayer[] = [];
    for (const layer of this.#layers) {
      const own = layer.spaces.get(space.id);
      if (own !== undefined) layers.push(own);
    }
    if (layers.length === 0) return this.#base.scan(space, range);
    const overlay = overlayOf(layers, range, this.#number);
    if (overlay.versions.length === 0 && overlay.hides === undefined) return this.#base.scan(space, range);
    const { limit: _, ...unlimited } = range;
    return new LayeredScan(this, this.#base.scan(space, unlimited), overlay, range);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  release(): void {
    this.#isOpen = false;
    this.#base.release();
  }
}

const NOTHING = new Uint8Array(0);

class LayeredScan implements Scan {
  readonly #snapshot: LayeredSnapshot;
  readonly #base: Scan;
  readonly #overlay: Overlay;
  readonly #step: 1 | -1;
  #at: number;
  #left: number;
  /** The base stands on an entry that was not given out yet. */
  #baseReady = false;
  #baseDone = false;
  #isFromBase = false;
  #isClosed = false;
  #key: Uint8Array = NOTHING;
  #value: Uint8Array = NOTHING;

  constructor(snapshot: LayeredSnapshot, base: Scan, overlay: Overlay, range: KeyRange) {
    this.#snapshot = snapshot;
    this.#base = base;
    this.#overlay = overlay;
    this.#step = range.reverse === true ? -1 : 1;
    this.#at = range.reverse === true ? overlay.versions.length - 1 : 0;
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
    if (this.#left <= 0 || !this.#snapshot.isOpen) {
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
        if (moved && this.#overlay.hides?.(this.#base.key) === true) {
          this.#baseReady = false;
          continue;
        }
      }
      const version = this.#overlay.versions[this.#at];
      if (version === undefined) {
        if (this.#baseReady) return this.#giveBase();
        this.close();
        return false;
      }
      const order = this.#baseReady ? compareBytes(this.#base.key, version.key) * this.#step : 1;
      if (order < 0) return this.#giveBase();
      this.#at += this.#step;
      if (order === 0) this.#baseReady = false;
      if (version.value === undefined) continue;
      this.#isFromBase = false;
      this.#key = version.key;
      this.#value = version.value;
      this.#left--;
      return true;
    }
  }

  /** @returns false when the scan was closed meanwhile */
  #baseMoved(ready: boolean): boolean {
    this.#baseReady = ready;
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
