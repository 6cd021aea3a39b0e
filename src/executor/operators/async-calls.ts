import { isRoutineSource } from '../../catalog/made-routines.js';
import { notSupported } from '../../commons/sql-error.js';
import type { AsyncStep, PlanAsyncCalls } from '../../planner/optimize/physical.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { type Callable, callableOf, callTypes } from '../expression/calls.js';
import type { Evaluator } from '../expression/evaluator.js';
import { compileWaitingSubquery } from '../expression/subqueries.js';
import type { Frame } from '../frame.js';
import type { AsyncFunction } from '../functions/implementation.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type Waiting, wait } from '../waiting.js';
import { pull, SteppedOperator, type Steps } from './stepped-operator.js';

/** One value of a row, which may have to be waited for. */
type Step = (row: Row, frame: Frame) => Waiting<SqlValue>;

export function compileAsyncCalls(plan: PlanAsyncCalls, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const output = [...input.output];
  const steps = plan.columns.map((column): Step => {
    const step = compileStep(column, new Layout(output, scope, compiler));
    output.push(column.id);
    return step;
  });
  return { output: plan.output, open: (frame) => new AsyncCallsOperator(input.open(frame), steps, frame) };
}

function compileStep({ expr, guard: condition }: AsyncStep, layout: Layout): Step {
  const guard = condition === undefined ? undefined : layout.predicate(condition);
  const step = waitingStep(expr, layout);
  if (guard === undefined) return step;
  return function* (row, frame) {
    return guard(row, frame) ? yield* step(row, frame) : null;
  };
}

function waitingStep(expr: AsyncStep['expr'], layout: Layout): Step {
  const { compiler } = layout;
  if (expr.kind === 'subquery') return compileWaitingSubquery(expr, layout);
  const run = expr.kind === 'call' && !expr.returnsSet ? compiler.library.async(expr.source, expr.proc, callTypes(expr)) : undefined;
  if (expr.kind !== 'call' || run === undefined) return plainStep(layout.evaluator(expr));
  const now = isRoutineSource(expr.source) ? callableOf(expr, layout) : undefined;
  return callStep(
    run,
    now,
    expr.args.map((arg) => layout.evaluator(arg)),
    expr.strict,
  );
}

function plainStep(evaluate: Evaluator): Step {
  // biome-ignore lint/correctness/useYield: it is one of those that may wait, and does not
  return function* (row, frame) {
    return evaluate(row, frame);
  };
}

/** @param now where nothing may wait */
function callStep(run: AsyncFunction, now: Callable | undefined, args: readonly Evaluator[], strict: boolean): Step {
  return function* (row, frame) {
    const values = args.map((arg) => arg(row, frame));
    if (strict && values.includes(null)) return null;
    if (frame.synchronousDepth === 0) return yield* wait(run(values, frame.cx));
    if (now === undefined) throw notSupported('waiting in a correlated sub-query');
    return now(...values, frame.cx);
  };
}

class AsyncCallsOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #computed: readonly Step[];

  constructor(input: Operator, computed: readonly Step[], frame: Frame) {
    super(frame);
    this.#input = input;
    this.#computed = computed;
  }

  /** Row by row and call by call, as written: a lock is taken before the next one is asked for. */
  protected *run(): Steps {
    const { frame } = this;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const longer: Batch = [];
      for (const row of batch) {
        const result: Row = row.slice();
        for (const compute of this.#computed) result.push(yield* compute(result, frame));
        longer.push(result);
      }
      yield longer;
    }
  }

  protected free(): void {
    this.#input.close();
  }
}
