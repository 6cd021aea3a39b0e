import type { ColumnId } from '../planner/bind/expression.js';
import type { Operator } from './context.js';
import type { Frame } from './frame.js';

/** A plan node ready to run, any number of times and by any number of executions at once. */
export interface CompiledPlan {
  readonly output: readonly ColumnId[];
  /** Cheap: the work starts with the operator's first `next`. Correlated columns are read from the frame's slots from then on. */
  open(frame: Frame): Operator;
}
