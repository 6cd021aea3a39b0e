import type { Row } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';
import { SubqueryPending } from './drain.js';

/**
 * Work on each row whose expressions have sub-queries. One that takes long is run apart, where it can give way to other sessions; then the
 * row's work is done again, with its answer at hand.
 *
 * @param work has no effect unless it comes to its end
 */
export function* patiently(rows: readonly Row[], frame: Frame, work: (row: Row) => void): Waiting<void> {
  if (frame.synchronousDepth > 0) {
    for (const row of rows) work(row);
    return;
  }
  const { interrupt } = frame.cx;
  for (const row of rows) {
    for (let pending = attempt(row, frame, work); pending !== undefined; pending = attempt(row, frame, work)) yield* pending.answer(frame);
    interrupt.check();
    if (interrupt.shouldYield()) yield* wait(interrupt.turn());
  }
}

function attempt(row: Row, frame: Frame, work: (row: Row) => void): SubqueryPending | undefined {
  frame.isPatient = true;
  try {
    work(row);
    return undefined;
  } catch (error) {
    if (error instanceof SubqueryPending) return error;
    throw error;
  } finally {
    frame.isPatient = false;
  }
}
