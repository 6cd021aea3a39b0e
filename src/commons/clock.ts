/** Time, handed in so that a test may hold it. */
export interface Clock {
  /** Microseconds since 2000-01-01 00:00:00 UTC: PostgreSQL's timestamptz. Strictly increasing within a process. */
  nowMicros(): number;
  /** Monotonic milliseconds, for time-outs and durations. */
  monotonicMs(): number;
}

/** Milliseconds from the Unix epoch to PostgreSQL's. */
export const POSTGRES_EPOCH_MS = 946_684_800_000;

export class SystemClock implements Clock {
  #last = 0;

  nowMicros(): number {
    const now = Math.round((performance.timeOrigin + performance.now() - POSTGRES_EPOCH_MS) * 1000);
    this.#last = now > this.#last ? now : this.#last + 1;
    return this.#last;
  }

  monotonicMs(): number {
    return performance.now();
  }
}
