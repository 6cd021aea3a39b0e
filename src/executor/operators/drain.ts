import { assert } from '../../commons/assert.js';
import type { Row } from '../../types/value.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';

/**
 * The next batch of a sub-query's operator. An expression can't wait, so nothing below it may: scans see the frame's synchronousDepth and
 * do not give way; functions that wait are refused when a plan is made.
 */
export function nextNow(operator: Operator): Batch | null {
  const batch = operator.next();
  assert(!(batch instanceof Promise), 'a sub-query in an expression had to wait');
  return batch;
}

/** Runs an operator to its end, calling `each` until it says stop. Closes it. */
export function drainSync(operator: Operator, frame: Frame, each: (row: Row) => boolean): void {
  frame.synchronousDepth++;
  try {
    for (let batch = nextNow(operator); batch !== null; batch = nextNow(operator)) {
      for (const row of batch) if (!each(row)) return;
      frame.cx.interrupt.check();
    }
  } finally {
    frame.synchronousDepth--;
    operator.close();
  }
}
