const BEAT_MS = 100;
/** A beat so late is no matter of this process being busy: the machine stood still, and the server with it. */
const STALL_MS = 1000;

/** Time for which this machine did not run anything, so that a server is not blamed for it. */
export class Stalls {
  lostMs = 0;
  #last = performance.now();
  readonly #timer = setInterval(() => this.#beat(), BEAT_MS);

  /** Milliseconds that the machine has run. */
  get nowMs(): number {
    return performance.now() - this.lostMs;
  }

  #beat(): void {
    const now = performance.now();
    const late = now - this.#last - BEAT_MS;
    if (late > STALL_MS) this.lostMs += late;
    this.#last = now;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
