interface Sampled {
  readonly micros: number;
  readonly bytes: number;
}

const MAX_SAMPLES = 4096;

/** What the tombstones of a table take, and when they were made: of many, a part of them stands for all. */
export class TombstoneTally {
  count = 0;
  bytes = 0;
  #samples: Sampled[] = [];
  /** Every so many is sampled. */
  #stride = 1;

  /** @param micros when its row was deleted */
  add(micros: number, bytes: number): void {
    if (this.count++ % this.#stride === 0) this.#samples.push({ micros, bytes });
    this.bytes += bytes;
    if (this.#samples.length < MAX_SAMPLES) return;
    this.#samples = this.#samples.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
  }

  /** The time from which on tombstones take no more than that. */
  since(maxBytes: number): number {
    const newestFirst = [...this.#samples].sort((a, b) => b.micros - a.micros);
    const share = this.#samples.reduce((sum, { bytes }) => sum + bytes, 0) * (maxBytes / Math.max(this.bytes, 1));
    let kept = 0;
    let since = Number.POSITIVE_INFINITY;
    for (const { micros, bytes } of newestFirst) {
      kept += bytes;
      // Those of one commit stay or go together.
      if (kept > share) return micros === since ? micros + 1 : since;
      since = micros;
    }
    return since;
  }
}
