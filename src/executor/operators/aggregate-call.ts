import type { Row, SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';
import { MemoryBudget } from './memory.js';

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
  /** Keeps its input: grows with every row. */
  readonly grows: boolean;
  /** Bytes that a row adds, for those that grow. */
  added(row: Row, frame: Frame): number;
}

/** Aggregates that keep their input (array_agg) may go beyond work_mem, which they can't spill, but not without end. */
const LEAST_STATE_LIMIT_BYTES = 128 * 1024 * 1024;

/** What the states of aggregates that grow count against. */
export function stateBudget(frame: Frame): MemoryBudget {
  return new MemoryBudget(Math.max(frame.cx.workMemBytes, LEAST_STATE_LIMIT_BYTES));
}
