/** Others have their turn after so much of a round. */
const SLICE_MS = 5;
/** A round is not put off for longer: it is all clients that wait. */
const MAX_PAUSE_MS = 10;

export interface Flushable {
  flush(): void;
}

/**
 * What is told to clients that have not asked goes out in rounds: at once while there is little of it. A write costs a system call for each
 * client however small it is, so that after a round that took long the next waits as long: what comes meanwhile goes with it. So many
 * listeners make a server send larger pieces, not more of them.
 */
export class FlushRounds {
  #waiting: Flushable[] = [];
  #isScheduled = false;
  /** The round under way: how long it has taken, and the time of the next. */
  #spentMs = 0;
  #notBefore = 0;

  /** @param output is flushed soon: once for all that is written to it until then */
  add(output: Flushable): void {
    this.#waiting.push(output);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const pauseMs = this.#notBefore - performance.now();
    if (pauseMs > 1) setTimeout(this.#run, pauseMs);
    else if (pauseMs > 0) setImmediate(this.#run);
    // At the end of the tick, so that what comes together goes together.
    else process.nextTick(this.#run);
  }

  readonly #run = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    const start = performance.now();
    let count = 0;
    for (const output of waiting) {
      output.flush();
      // Looking at the clock costs as much as a small write.
      if (++count % 32 === 0 && performance.now() - start > SLICE_MS && count < waiting.length) break;
    }
    const end = performance.now();
    this.#spentMs += end - start;
    if (count < waiting.length) {
      this.#waiting = [...waiting.slice(count), ...this.#waiting];
      setImmediate(this.#run);
      return;
    }
    this.#isScheduled = false;
    this.#notBefore = end + Math.min(this.#spentMs, MAX_PAUSE_MS);
    this.#spentMs = 0;
  };
}
