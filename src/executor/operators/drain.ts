import { notSupported } from '../../commons/sql-error.js';
import type { Row } from '../../types/value.js';
import type { Batch, Operator } from '../context.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';

/** Thrown in the midst of a sub-query that has run for so long that others should have their turn: it is begun anew where that is possible. */
export const TAKES_LONG: { readonly reason: string } = Object.freeze({ reason: 'a sub-query takes long' });

/** Thrown by an expression that needs a sub-query's answer first: once `answer` has run, the expression is evaluated again. */
export class SubqueryPending {
  readonly answer: (frame: Frame) => Waiting<void>;

  constructor(answer: (frame: Frame) => Waiting<void>) {
    this.answer = answer;
  }
}

/**
 * The next batch of a sub-query's operator. An expression can't wait: scans see the frame's synchronousDepth and do not give way; an
 * uncorrelated sub-query that takes locks has been run before (eager-subqueries.ts). A correlated one that has to wait is an error.
 */
function nextNow(operator: Operator): Batch | null {
  const batch = operator.next();
  if (!(batch instanceof Promise)) return batch;
  // Nobody is left to hear of its end.
  batch.catch(() => undefined);
  throw notSupported('waiting in a correlated sub-query');
}

/** Runs an operator to its end, calling `each` until it says stop. Closes it. */
export function drainSync(operator: Operator, frame: Frame, each: (row: Row) => boolean): void {
  frame.synchronousDepth++;
  try {
    for (let batch = nextNow(operator); batch !== null; batch = nextNow(operator)) {
      for (const row of batch) if (!each(row)) return;
      checkPatience(frame);
    }
  } finally {
    frame.synchronousDepth--;
    operator.close();
  }
}

/** Within a sub-query of an expression. */
export function checkPatience(frame: Frame): void {
  const { interrupt } = frame.cx;
  interrupt.check();
  if (frame.isPatient && interrupt.shouldYield()) throw TAKES_LONG;
}
