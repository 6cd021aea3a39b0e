import type { Row, SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';
import type { GroupStates } from './group-states.js';

/** One aggregate of a node. What it needs of a group lies in the group's list of states, at the aggregate's place. */
export interface AggregateCall {
  init(frame: Frame): unknown;
  /** @returns the state, which may be a new one */
  step(state: unknown, row: Row, frame: Frame): unknown;
  /** Leaves the state as it is: more rows may be added. */
  final(state: unknown, frame: Frame): SqlValue;
  /** As `final`, once, giving way now and then: for those that have much to do at the end. */
  readonly settle?: ((state: unknown, frame: Frame) => Waiting<SqlValue>) | undefined;
  /** Takes a row out again that was added first of all that are left; false where that can't be. Absent: it never can. */
  readonly remove?: ((state: unknown, row: Row, frame: Frame) => boolean) | undefined;
  /** States of many groups in less memory than an object each. */
  readonly packed?: (() => GroupStates) | undefined;
  /** Keeps its input: grows with every row. */
  readonly grows: boolean;
  /** Bytes that a row adds, for those that grow. */
  added(row: Row, frame: Frame): number;
}

/** Aggregates that keep their input (array_agg) may go beyond work_mem, which they can't spill: so far by themselves, and then together. */
const OWN_STATE_BYTES = 128 * 1024 * 1024;
const BORROWED_AT_ONCE = 16 * 1024 * 1024;

/** What the states of aggregates that grow count against: what is above its own comes from the server's shared memory. */
export class StateBudget {
  readonly #frame: Frame;
  readonly #own: number;
  #limit: number;
  #used = 0;

  constructor(frame: Frame) {
    this.#frame = frame;
    this.#own = Math.max(frame.cx.workMemBytes, OWN_STATE_BYTES);
    this.#limit = this.#own;
  }

  /** @returns false once there is no more */
  add(bytes: number): boolean {
    this.#used += bytes;
    return this.#used <= this.#limit || this.#borrow();
  }

  /** The states are gone; what was borrowed stays until the statement ends. */
  reset(): void {
    this.#used = 0;
  }

  #borrow(): boolean {
    const { sharedMemory } = this.#frame.cx.session;
    if (this.#limit === this.#own) this.#frame.keep(this);
    while (this.#used > this.#limit) {
      if (!sharedMemory.take(BORROWED_AT_ONCE)) return false;
      this.#limit += BORROWED_AT_ONCE;
    }
    return true;
  }

  close(): void {
    this.#frame.cx.session.sharedMemory.giveBack(this.#limit - this.#own);
    this.#limit = this.#own;
  }
}

export function stateBudget(frame: Frame): StateBudget {
  return new StateBudget(frame);
}
