import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A collection takes as long as there is memory to look at, and nobody is served meanwhile. */
const COLLECT_EVERY_MS = 2000;
const DEFAULT_SHARE = 0.8;

/** What the process has in objects and buffers, garbage included, and how to get rid of that. */
export class ServerMemory {
  /** 0 in the setting: a share of what V8's heap may grow to. */
  readonly limitBytes: number;
  readonly #nowMs: () => number;
  /** Buffers that are there from the start: the data file's addresses are counted among them. */
  readonly #externalAtStart = getHeapStatistics().external_memory;
  readonly #collectGarbage: () => void;
  #collectedMs = Number.NEGATIVE_INFINITY;

  constructor(limitBytes: number, nowMs: () => number, collect: () => void = collectGarbage) {
    this.limitBytes = limitBytes > 0 ? limitBytes : getHeapStatistics().heap_size_limit * DEFAULT_SHARE;
    this.#nowMs = nowMs;
    this.#collectGarbage = collect;
  }

  /** Takes some microseconds. */
  usedBytes(): number {
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    // Files that are mapped anew count as external once more: nobody holds more than what is in RAM.
    return Math.min(heap + Math.max(0, external - this.#externalAtStart), process.memoryUsage.rss());
  }

  /** @returns the bytes freed; undefined: not now, it was done a moment ago */
  collect(): number | undefined {
    if (this.#nowMs() - this.#collectedMs < COLLECT_EVERY_MS) return undefined;
    const before = this.usedBytes();
    this.#collectGarbage();
    this.#collectedMs = this.#nowMs();
    return Math.max(0, before - this.usedBytes());
  }
}

/** All of it, at once. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
