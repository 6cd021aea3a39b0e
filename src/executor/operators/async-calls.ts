import { isRoutineSource } from '../../catalog/made-routines.js';
import { assert } from '../../commons/assert.js';
import { notSupported } from '../../commons/sql-error.js';
import type { PlanAsyncCalls } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { type Callable, callableOf, callTypes } from '../expression/calls.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { AsyncFunction } from '../functions/implementation.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { wait } from '../waiting.js';
import { pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface AsyncCall {
  readonly run: AsyncFunction;
  readonly args: readonly Evaluator[];
  readonly strict: boolean;
  /** Where nothing may wait. */
  readonly now: Callable | undefined;
}

export function compileAsyncCalls(plan: PlanAsyncCalls, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const calls = plan.columns.map(({ expr }): AsyncCall => {
    assert(expr.kind === 'call', 'something else than a call among the waiting ones');
    const run = compiler.library.async(expr.source, expr.proc, callTypes(expr));
    if (run === undefined) throw notSupported(`function ${expr.name}`);
    const now = isRoutineSource(expr.source) ? callableOf(expr, layout) : undefined;
    return { run, args: expr.args.map((arg) => layout.evaluator(arg)), strict: expr.strict, now };
  });
  return { output: plan.output, open: (frame) => new AsyncCallsOperator(input.open(frame), calls, frame) };
}

class AsyncCallsOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #calls: readonly AsyncCall[];

  constructor(input: Operator, calls: readonly AsyncCall[], frame: Frame) {
    super(frame);
    this.#input = input;
    this.#calls = calls;
  }

  /** Row by row and call by call, as written: a lock is taken before the next one is asked for. */
  protected *run(): Steps {
    const { frame } = this;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const longer: Batch = [];
      for (const row of batch) {
        const result: Row = row.slice();
        for (const { run, args, strict, now } of this.#calls) {
          const values = args.map((arg) => arg(row, frame));
          if (strict && values.includes(null)) result.push(null);
          else if (now !== undefined && frame.synchronousDepth > 0) result.push(now(...values, frame.cx));
          else result.push(yield* wait(run(values, frame.cx)));
        }
        longer.push(result);
      }
      yield longer;
    }
  }

  protected free(): void {
    this.#input.close();
  }
}
