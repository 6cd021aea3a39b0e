import { InvariantError } from '../commons/assert.js';
import { userId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { EvaluateConstant } from '../planner/optimize/fold.js';
import type { OptimizeOptions } from '../planner/optimize/optimize.js';
import type { FormatContext } from '../types/format-context.js';
import type { ExecutionContext, InterruptCheck } from './context.js';
import { evaluateExpression } from './expression/compile-expression.js';
import type { FunctionLibrary } from './functions/implementation.js';

/** What the optimizer needs of this room. `bindIndex` is the binder's. */
export function optimizeOptions(
  library: FunctionLibrary,
  format: FormatContext,
  bindIndex?: OptimizeOptions['bindIndex'],
): OptimizeOptions {
  return {
    evaluateConstant: constantEvaluator(library, format),
    isAsync: (source) => library.async(source) !== undefined,
    bindIndex,
  };
}

/** Computes immutable expressions while a statement is planned. What fails is left for run time, if it comes to it. */
export function constantEvaluator(library: FunctionLibrary, format: FormatContext): EvaluateConstant {
  const cx = new PlanningContext(format);
  return (expr) => {
    try {
      return evaluateExpression(expr, library, cx);
    } catch (error) {
      if (error instanceof SqlError) return undefined;
      throw error;
    }
  };
}

/** Immutable functions ask for nothing but formats. */
export class PlanningContext implements ExecutionContext {
  readonly params = [];
  readonly lifted = [];
  readonly workMemBytes = 0;
  readonly actingUser = userId('-');
  readonly interrupt: InterruptCheck = { check: () => undefined, shouldYield: () => false, turn: () => Promise.resolve() };
  readonly format: FormatContext;

  constructor(format: FormatContext) {
    this.format = format;
  }

  get transaction(): never {
    throw new InvariantError('a constant asked for its transaction');
  }
  get view(): never {
    throw new InvariantError('a constant asked for a view');
  }
  get catalog(): never {
    throw new InvariantError('a constant asked for the catalog');
  }
  get access(): never {
    throw new InvariantError('a constant asked for tables');
  }
  get session(): never {
    // Some immutable functions have notices to give: these are left for run time.
    throw new SqlError(SqlState.internalError, 'a constant asked for its session');
  }
}
