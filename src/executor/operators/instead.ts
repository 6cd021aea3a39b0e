import { assert } from '../../commons/assert.js';
import type { PlanInstead } from '../../planner/optimize/physical.js';
import type { SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { type CompiledTarget, checkViews, compileTarget } from '../dml/compiled-target.js';
import { compileReturning, type Returning } from '../dml/returning.js';
import type { TableTriggers } from '../dml/triggers/table-triggers.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type Scope } from '../scope.js';
import type { PlanCompiler } from './compile-node.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface InsteadShape {
  readonly event: PlanInstead['event'];
  readonly target: CompiledTarget;
  readonly triggers: TableTriggers;
  /** Where the old row's columns stand in the input, by number - 1. */
  readonly existing: readonly number[];
  readonly values: readonly { readonly position: number; readonly value: Evaluator }[];
  readonly changed: readonly number[];
  readonly returning: Returning | undefined;
  readonly isMain: boolean;
}

/** A change of a view, which its INSTEAD OF triggers carry out row by row (PostgreSQL manual, "Overview of Trigger Behavior"). */
export function compileInstead(plan: PlanInstead, scope: Scope, compiler: PlanCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const target = compileTarget(plan.target, scope, compiler);
  assert(target.triggers !== undefined, 'a view with INSTEAD OF triggers');
  const existing: number[] = [];
  for (const column of plan.existing) if ('number' in column) existing[column.number - 1] = layout.positionOf(column.id);
  const shape: InsteadShape = {
    event: plan.event,
    target,
    triggers: target.triggers,
    existing,
    values: plan.values.map(({ number, expr }) => ({ position: number - 1, value: layout.evaluator(expr) })),
    changed: plan.values.map(({ number }) => number),
    returning: compileReturning(plan.returning, target, plan.target.columns, input.output, scope, compiler),
    isMain: compiler.isMain(plan),
  };
  return { output: plan.output, open: (frame) => new InsteadOperator(input.open(frame), shape, frame) };
}

class InsteadOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: InsteadShape;

  constructor(input: Operator, shape: InsteadShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { event, target, triggers, existing, values, changed, returning, isMain } = this.#shape;
    yield* triggers.beforeStatement(event, changed, frame);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const out: Batch = [];
      for (const row of batch) {
        const old = event === 'insert' ? undefined : existing.map((position) => row[position] ?? null);
        const next = event === 'delete' ? undefined : (old?.slice() ?? new Array<SqlValue>(target.columnCount).fill(null));
        if (next !== undefined) for (const { position, value } of values) next[position] = value(row, frame);
        if (!(yield* triggers.instead(event, old, next, frame))) continue;
        if (next !== undefined && target.viewChecks !== undefined) checkViews(target, next, frame);
        if (isMain) frame.affected++;
        if (returning !== undefined) out.push(returning.project(next ?? old ?? [], undefined, row, frame));
      }
      yield* breathe(frame);
      if (out.length > 0) yield out;
    }
    triggers.afterStatement(event, changed, frame);
  }

  protected free(): void {
    this.#input.close();
  }
}
