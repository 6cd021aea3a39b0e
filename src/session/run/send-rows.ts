import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { Batch } from '../../executor/context.js';
import type { RowWriter } from '../../wire/port.js';
import type { RowSource } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';

/** Where a result stands: kept by a portal between two Executes. */
export interface ResultPosition {
  batch: Batch | null;
  index: number;
  position: number;
  finished: boolean;
}

/**
 * Pulls rows and hands each to `write`, until the source ends (`at.finished`) or `limit` rows are out (0: no limit). Waits while the client
 * does not keep up, and lets others have their turn; without need for that it returns at once.
 *
 * @param write undefined: rows are skipped (MOVE, statements without a result)
 * @returns how many rows
 */
export function sendRows(
  core: SessionCore,
  source: RowSource,
  at: ResultPosition,
  write: RowWriter | undefined,
  limit: number,
): MaybePromise<number> {
  const progress = new Progress(core, source, at, write, limit);
  const waiting = progress.run();
  return waiting === undefined ? progress.sent : progress.runLate(waiting);
}

class Progress {
  readonly #core: SessionCore;
  readonly #source: RowSource;
  readonly #at: ResultPosition;
  readonly #write: RowWriter | undefined;
  readonly #limit: number;
  sent = 0;

  constructor(core: SessionCore, source: RowSource, at: ResultPosition, write: RowWriter | undefined, limit: number) {
    this.#core = core;
    this.#source = source;
    this.#at = at;
    this.#write = write;
    this.#limit = limit;
  }

  /** @returns what to wait for before it is called again; undefined at the end */
  run(): Promise<unknown> | undefined {
    const at = this.#at;
    const { interrupt } = this.#core;
    while (!at.finished) {
      if (at.batch === null) {
        const batch = this.#source.next();
        if (batch instanceof Promise) return batch.then((late) => this.#received(late));
        this.#received(batch);
        if (batch === null) return undefined;
      }
      const congested = this.#sendBatch();
      if (congested !== undefined) return congested;
      if (this.#limit > 0 && this.sent >= this.#limit) return undefined;
      interrupt.check();
      if (interrupt.shouldYield()) return interrupt.turn();
    }
    return undefined;
  }

  async runLate(first: Promise<unknown>): Promise<number> {
    this.#core.interrupt.waiting();
    let waiting: Promise<unknown> | undefined = first;
    while (waiting !== undefined) {
      await waiting;
      waiting = this.run();
    }
    return this.sent;
  }

  #received(batch: Batch | null): void {
    this.#at.batch = batch;
    this.#at.index = 0;
    if (batch === null) this.#at.finished = true;
  }

  #sendBatch(): Promise<void> | undefined {
    const at = this.#at;
    const { batch } = at;
    if (batch === null) return undefined;
    const remaining = this.#limit > 0 ? this.#limit - this.sent : batch.length;
    const end = Math.min(batch.length, at.index + remaining);
    const write = this.#write;
    const { output } = this.#core;
    while (at.index < end) {
      const row = batch[at.index++];
      this.sent++;
      at.position++;
      if (write === undefined || row === undefined) continue;
      write(row);
      const congested = output.drain();
      if (congested !== undefined) {
        this.#forgetSent(batch);
        return congested;
      }
    }
    if (at.index === batch.length) at.batch = null;
    return undefined;
  }

  /** While the client takes its time, rows that it has are not kept: each may be very large. */
  #forgetSent(batch: Batch): void {
    const at = this.#at;
    at.batch = at.index === batch.length ? null : batch.slice(at.index);
    at.index = 0;
  }
}
