import { isRoutineSource } from '../../catalog/made-routines.js';
import { notSupported } from '../../commons/sql-error.js';
import type { ColumnId } from '../../planner/bind/expression.js';
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
export type AsyncRowStep = (row: Row, frame: Frame) => Waiting<SqlValue>;
type Step = AsyncRowStep;

export function compileAsyncCalls(plan: PlanAsyncCalls, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const steps = compileAsyncSteps(plan, input.output, scope, compiler);
  // A function that may change rows, or look at what the statement changes, is called when those before it have gone on.
  const isByRow = plan.columns.some(({ expr }) => expr.kind === 'call' && expr.volatility === 'v' && isRoutineSource(expr.source));
  return { output: plan.output, open: (frame) => new AsyncCallsOperator(input.open(frame), steps, isByRow, frame) };
}

/** The values that are computed for a row, each behind those before it. @param input what stands in the row before */
export function compileAsyncSteps(
  { columns }: Pick<PlanAsyncCalls, 'columns'>,
  input: readonly ColumnId[],
  scope: Scope,
  compiler: QueryCompiler,
): readonly AsyncRowStep[] {
  const output = [...input];
  return columns.map((column): AsyncRowStep => {
    const step = compileStep(column, new Layout(output, scope, compiler));
    output.push(column.id);
    return step;
  });
}

/** Adds the steps' values to a row. */
type Extend = (row: Row, frame: Frame) => Waiting<Row>;

/** Expressions that are evaluated one row at a time, some parts of which may have to be waited for. */
export interface PatientLayout {
  readonly layout: Layout;
  /** To be done with a row before the expressions over `layout`. */
  readonly extend: Extend | undefined;
}

/** @param input what stands in the row before */
export function compilePatient(
  steps: readonly AsyncStep[] | undefined,
  input: readonly ColumnId[],
  scope: Scope,
  compiler: QueryCompiler,
): PatientLayout {
  if (steps === undefined) return { layout: new Layout(input, scope, compiler), extend: undefined };
  const computed = compileAsyncSteps({ columns: steps }, input, scope, compiler);
  return {
    layout: new Layout([...input, ...steps.map(({ id }) => id)], scope, compiler),
    *extend(row, frame) {
      const longer: Row = row.slice();
      for (const compute of computed) longer.push(yield* compute(longer, frame));
      return longer;
    },
  };
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
  const now = compiler.library.scalar(expr.source, expr.proc, callTypes(expr)) === undefined ? undefined : callableOf(expr, layout);
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
  readonly #isByRow: boolean;

  constructor(input: Operator, computed: readonly Step[], isByRow: boolean, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#computed = computed;
    this.#isByRow = isByRow;
  }

  /** Row by row and call by call, as written: a lock is taken before the next one is asked for. */
  protected *run(): Steps {
    const { frame } = this;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const longer: Batch = [];
      for (const row of batch) {
        const result: Row = row.slice();
        for (const compute of this.#computed) result.push(yield* compute(result, frame));
        if (this.#isByRow) yield [result];
        else longer.push(result);
      }
      if (longer.length > 0) yield longer;
    }
  }

  protected free(): void {
    this.#input.close();
  }
}
