import type { Clock } from '../commons/clock.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { InterruptCheck } from '../executor/context.js';
import { outOfSessionMemory } from './memory-guard.js';
import type { ServerMemory } from './server-memory.js';

/** After this long, a statement lets other sessions have their turn. */
const SLICE_MS = 10;
/** A slice so much too long is looked at: the statement may hold up all others. */
const LONG_SLICE_MS = 1000;
/** So long may a statement hold up all others before it is ended: a correlated sub-query can't give way. */
const MAX_BLOCKING_MS = 5000;

/**
 * How a running statement is stopped: cancel and terminate set a reason, work between batches asks for it, waits hang on the signal.
 * statement_timeout is a deadline that work compares with the clock; only a statement that waits gets a timer.
 */
export class SessionInterrupt implements InterruptCheck {
  readonly #clock: Clock;
  readonly #memory: ServerMemory;
  readonly #maxHeldBytes: () => number;
  /** What memory has grown by in the statement's slices, besides the first one. */
  heldBytes = 0;
  #usedAtStart = 0;
  #reason: SqlError | undefined;
  #running = false;
  /** When the statement (or message) under way started, on the monotonic clock. */
  startedMs = 0;
  #sliceStart = 0;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #controller: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timeoutMs = 0;
  /** Since when the statement has run without the event loop getting on; undefined when it gets its turns. */
  #blockingSinceMs: number | undefined;

  /** @param maxHeldBytes a statement that holds more is ended */
  constructor(clock: Clock, memory: ServerMemory, maxHeldBytes: () => number) {
    this.#clock = clock;
    this.#memory = memory;
    this.#maxHeldBytes = maxHeldBytes;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Why the session is to end, where what ran did not notice. */
  get ending(): SqlError | undefined {
    return this.#reason?.severity === 'FATAL' ? this.#reason : undefined;
  }

  /** A statement (or message) starts. @param timeoutMs statement_timeout; 0: none */
  begin(timeoutMs: number): void {
    this.#running = true;
    const now = this.#clock.monotonicMs();
    this.startedMs = now;
    this.#sliceStart = now;
    this.#usedAtStart = 0;
    this.#timeoutMs = timeoutMs;
    this.#deadlineMs = timeoutMs > 0 ? now + timeoutMs : Number.POSITIVE_INFINITY;
  }

  /** A statement of a message of several: statement_timeout counts from the first one that finds it set. */
  beginNext(timeoutMs: number): void {
    if (this.#timeoutMs !== 0 || timeoutMs === 0) return;
    this.#timeoutMs = timeoutMs;
    this.#deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    // The message may be waiting already.
    this.waiting();
  }

  end(): void {
    this.#running = false;
    this.heldBytes = 0;
    this.#disarm();
    // A cancel that came too late is forgotten; the end of the session is not.
    if (this.#reason !== undefined && this.#reason.severity === 'ERROR') this.#forget();
  }

  /** The statement has to wait for something: statement_timeout needs a timer now. */
  waiting(): void {
    if (this.#timeoutMs === 0 || this.#timer !== undefined) return;
    const remaining = Math.max(0, this.#deadlineMs - this.#clock.monotonicMs());
    this.#timer = setTimeout(() => this.interrupt(statementTimeout()), remaining);
  }

  /** Aborted with the SqlError as reason. The same until it was aborted once. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Stops what runs now, or for FATAL reasons also what comes. @returns whether there was anything to stop */
  interrupt(reason: SqlError): boolean {
    if (!this.#running && reason.severity === 'ERROR') return false;
    if (this.#reason?.severity === 'FATAL') return true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    return true;
  }

  check(): void {
    if (this.#reason !== undefined) {
      const reason = this.#reason;
      if (reason.severity === 'ERROR') this.#forget();
      throw reason;
    }
    const now = this.#clock.monotonicMs();
    if (now > this.#deadlineMs) {
      this.#deadlineMs = Number.POSITIVE_INFINITY;
      throw statementTimeout();
    }
    if (now - this.#sliceStart > LONG_SLICE_MS) this.#checkBlocking(now);
  }

  /** A slice is long after a wait too; only where the event loop does not get on, nobody hears of a cancel or has a turn. */
  #checkBlocking(now: number): void {
    if (this.#blockingSinceMs === undefined) {
      this.#blockingSinceMs = now;
      setImmediate(() => {
        this.#blockingSinceMs = undefined;
        this.#sliceStart = this.#clock.monotonicMs();
      });
    } else if (now - this.#blockingSinceMs > MAX_BLOCKING_MS - LONG_SLICE_MS) {
      throw new SqlError(SqlState.statementTooComplex, 'statement is too complex', {
        detail: `A part of it that cannot give way to other sessions ran for more than ${MAX_BLOCKING_MS / 1000} s.`,
        hint: 'Write correlated sub-queries as joins.',
      });
    }
  }

  /** A wait that was aborted may not know why: then the reason is the error. */
  explain(error: SqlError): SqlError {
    const reason = this.#reason;
    if (reason === undefined || (error.code !== SqlState.queryCanceled && reason.severity === 'ERROR')) return error;
    if (reason.severity === 'ERROR') this.#forget();
    return reason;
  }

  /** Above 0: what runs can't give way now. */
  synchronousDepth = 0;

  shouldYield(): boolean {
    return this.synchronousDepth === 0 && this.#clock.monotonicMs() - this.#sliceStart > SLICE_MS;
  }

  turn(): Promise<void> {
    if (this.#usedAtStart > 0) this.#sliceEnded();
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#usedAtStart = this.#memory.usedBytes();
        this.#sliceStart = this.#clock.monotonicMs();
        resolve();
      });
    });
  }

  #sliceEnded(): void {
    // It has waited meanwhile, and what memory has grown by is others'.
    if (this.#clock.monotonicMs() - this.#sliceStart > LONG_SLICE_MS) return;
    this.heldBytes += this.#memory.usedBytes() - this.#usedAtStart;
    const most = this.#maxHeldBytes();
    if (this.heldBytes <= most) return;
    const freed = this.#memory.collect();
    if (freed === undefined) return;
    this.heldBytes -= freed;
    if (this.heldBytes > most) this.interrupt(outOfSessionMemory(this.heldBytes, most));
  }

  #forget(): void {
    this.#reason = undefined;
    if (this.#controller?.signal.aborted === true) this.#controller = undefined;
  }

  #disarm(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

function statementTimeout(): SqlError {
  return new SqlError(SqlState.queryCanceled, 'canceling statement due to statement timeout');
}

export function userCancel(): SqlError {
  return new SqlError(SqlState.queryCanceled, 'canceling statement due to user request');
}

export function terminated(): SqlError {
  return new SqlError(SqlState.adminShutdown, 'terminating connection due to administrator command', { severity: 'FATAL' });
}
