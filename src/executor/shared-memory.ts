import { getHeapStatistics } from 'node:v8';

/** A quarter of what the process may have. */
const SHARE = 4;

/**
 * Memory that all statements of a server share for what work_mem can't hold and files can't take over: the states of aggregates that keep
 * their input, and what recursive queries have seen. It is asked for in large pieces, so that counting costs nothing.
 */
export class SharedMemory {
  readonly limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes = getHeapStatistics().heap_size_limit / SHARE) {
    this.limitBytes = limitBytes;
  }

  /** @returns false when there is not so much left */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
