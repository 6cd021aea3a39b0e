import { assert } from '../../commons/assert.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { copyBytes } from '../bytes.js';
import type { BatchScan } from '../entry-batch.js';
import { keyText } from '../key-text.js';
import { MergedBatches } from '../merged-batches.js';
import { MergedScan, type UpperCursor } from '../merged-scan.js';
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
    const overlay = this.#overlay(space, range);
    if (overlay === undefined) return this.#base.scan(space, range);
    const { limit: _, ...unlimited } = range;
    return new MergedScan(this.#base.scan(space, unlimited), new LayerCursor(this, overlay, range.reverse === true), range);
  }

  /** What lies over a range; undefined: nothing. */
  #overlay(space: Space, range: KeyRange): Overlay | undefined {
    const layers: SpaceLayer[] = [];
    for (const layer of this.#layers) {
      const own = layer.spaces.get(space.id);
      if (own !== undefined) layers.push(own);
    }
    if (layers.length === 0) return undefined;
    const overlay = overlayOf(layers, range, this.#number);
    return overlay.versions.length === 0 && overlay.hides === undefined ? undefined : overlay;
  }

  scanBatches(space: Space, range: KeyRange): BatchScan | undefined {
    assert(this.#isOpen, 'a scan of a snapshot that is released');
    const base = this.#base.scanBatches(space, range);
    const overlay = base && this.#overlay(space, range);
    return base === undefined || overlay === undefined ? base : new MergedBatches(base, new LayerCursor(this, overlay, false));
  }

  /** The layers hold what was written in the last moments. */
  estimate(space: Space, range: KeyRange): number | undefined {
    return this.#base.estimate(space, range);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  release(): void {
    this.#isOpen = false;
    this.#base.release();
  }
}

class LayerCursor implements UpperCursor {
  readonly #snapshot: LayeredSnapshot;
  readonly #overlay: Overlay;
  readonly #step: 1 | -1;
  #at: number;

  constructor(snapshot: LayeredSnapshot, overlay: Overlay, isReverse: boolean) {
    this.#snapshot = snapshot;
    this.#overlay = overlay;
    this.#step = isReverse ? -1 : 1;
    this.#at = isReverse ? overlay.versions.length - 1 : 0;
  }

  get key(): Uint8Array | undefined {
    return this.#overlay.versions[this.#at]?.key;
  }

  get value(): Uint8Array | undefined {
    return this.#overlay.versions[this.#at]?.value;
  }

  advance(): void {
    this.#at += this.#step;
  }

  get hides(): Overlay['hides'] {
    return this.#overlay.hides;
  }

  get isOpen(): boolean {
    return this.#snapshot.isOpen;
  }
}
