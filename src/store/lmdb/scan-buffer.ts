import { type EntrySink, type SharedBytes, SPACE_BYTES } from './binding.js';

/** Views of up to this many bytes are kept by size: making one costs more than the copy. */
const CACHED_VIEW_BYTES = 2048;
const NOTHING = new Uint8Array(0);

/** Views over one piece of memory, always from its beginning. */
export class PrefixViews {
  #source: SharedBytes | undefined;
  #views: (Uint8Array | undefined)[] = [];

  /** The first `size` bytes of `source`: valid as long as they are not written over. */
  of(source: SharedBytes, size: number): Uint8Array {
    if (size > CACHED_VIEW_BYTES) return new Uint8Array(source.buffer, source.byteOffset, size);
    if (source !== this.#source) {
      this.#source = source;
      this.#views = [];
    }
    const cached = this.#views[size];
    if (cached !== undefined) return cached;
    const view = new Uint8Array(source.buffer, source.byteOffset, size);
    this.#views[size] = view;
    return view;
  }
}

/** Where a scan keeps its current entry, so that other reads do not touch it. Lent to one scan after another. */
export class ScanBuffer implements EntrySink {
  #keyBytes = Buffer.allocUnsafeSlow(256);
  #valueBytes = Buffer.allocUnsafeSlow(1024);
  readonly #keyViews = new PrefixViews();
  readonly #valueViews = new PrefixViews();
  readonly #sourceViews = new PrefixViews();
  currentKey: Uint8Array = NOTHING;
  currentValue: Uint8Array = NOTHING;

  key(source: Uint8Array, start: number, end: number): void {
    const from = start + SPACE_BYTES;
    const size = end - from;
    if (size > this.#keyBytes.length) this.#keyBytes = Buffer.allocUnsafeSlow(size * 2);
    const target = this.#keyBytes;
    if (size <= 48) for (let i = 0; i < size; i++) target[i] = source[from + i] ?? 0;
    else target.set(source.subarray(from, end));
    this.currentKey = this.#keyViews.of(target, size);
  }

  value(source: SharedBytes, size: number): void {
    if (size > this.#valueBytes.length) this.#valueBytes = Buffer.allocUnsafeSlow(size * 2);
    this.#valueBytes.set(this.#sourceViews.of(source, size));
    this.currentValue = this.#valueViews.of(this.#valueBytes, size);
  }
}
