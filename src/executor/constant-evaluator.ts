import { isRoutineSource } from '../catalog/made-routines.js';
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
  raises = false,
): OptimizeOptions {
  return {
    evaluateConstant: constantEvaluator(library, format, raises),
    isAsync: (source) => isRoutineSource(source) || library.async(source) !== undefined,
    bindIndex,
  };
}

/**
 * Computes immutable expressions while a statement is planned. What fails is left for run time, if it comes to it.
 * @param raises it fails now: the statement is about to run
 */
export function constantEvaluator(library: FunctionLibrary, format: FormatContext, raises = false): EvaluateConstant {
  const cx = new PlanningContext(format);
  return (expr) => {
    cx.interrupt.begin();
    try {
      return evaluateExpression(expr, library, cx);
    } catch (error) {
      if (error instanceof SqlError && !(raises && isOfData(error))) return undefined;
      throw error;
    }
  };
}

/** Constants that take long are left for run time, which can be cancelled. */
const LONG_MS = 10;

class PlanningInterrupt implements InterruptCheck {
  #deadlineMs = Number.POSITIVE_INFINITY;

  begin(): void {
    this.#deadlineMs = performance.now() + LONG_MS;
  }

  check(): void {
    if (performance.now() > this.#deadlineMs) throw new SqlError(SqlState.queryCanceled, 'a constant takes long');
  }

  shouldYield(): boolean {
    return false;
  }

  turn(): Promise<void> {
    return Promise.resolve();
  }
}

/** An error of the values, not of what planning has not at hand. */
function isOfData({ code }: SqlError): boolean {
  return code.startsWith('22');
}

/** Immutable functions ask for nothing but formats. */
export class PlanningContext implements ExecutionContext {
  readonly params = [];
  readonly lifted = [];
  readonly workMemBytes = 0;
  readonly spills = { tempFiles: 0, tempBytes: 0 };
  readonly actingUser = userId('-');
  readonly interrupt = new PlanningInterrupt();
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
    // Some immutable functions look up row types: these are left for run time.
    throw new SqlError(SqlState.internalError, 'a constant asked for the catalog');
  }
  get access(): never {
    throw new InvariantError('a constant asked for tables');
  }
  get session(): never {
    // Some immutable functions have notices to give: these are left for run time.
    throw new SqlError(SqlState.internalError, 'a constant asked for its session');
  }
}
