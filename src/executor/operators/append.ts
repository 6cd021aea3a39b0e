import type { ColumnId } from '../../planner/bind/expression.js';
import { hasSubquery } from '../../planner/optimize/expressions.js';
import type { PhysicalPlan, PlanAppend, PlanMergeAppend } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Frame } from '../frame.js';
import type { QueryCompiler, Scope } from '../scope.js';
import { Layout } from '../scope.js';
import { compilePruning } from './pruning.js';
import { pull, SteppedOperator, type Steps } from './stepped-operator.js';

/** An input, and how its rows become the node's. */
export interface MappedInput {
  readonly plan: CompiledPlan;
  /** Absent: as they are. */
  readonly map: ((row: Row) => Row) | undefined;
}

export function compileMapped(plan: CompiledPlan, outputs: readonly ColumnId[], scope: Scope, compiler: QueryCompiler): MappedInput {
  const layout = new Layout(plan.output, scope, compiler);
  const positions = outputs.map((id) => layout.positionOf(id));
  if (positions.length === plan.output.length && positions.every((position, i) => position === i)) return { plan, map: undefined };
  return {
    plan,
    map: (row) => {
      const mapped: Row = [];
      for (const position of positions) mapped.push(row[position] ?? null);
      return mapped;
    },
  };
}

export function compileAppend(plan: PlanAppend, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const { open } = compileInputs(plan, scope, compiler);
  return { output: plan.output, open: (frame) => new AppendOperator(open, frame) };
}

/** The inputs that an execution needs. */
export interface CompiledInputs {
  readonly open: (frame: Frame) => readonly MappedInput[];
}

/** Of a thousand partitions an execution mostly needs one: where values decide that each time, inputs are compiled as they are needed. */
export function compileInputs(plan: PlanAppend | PlanMergeAppend, scope: Scope, compiler: QueryCompiler): CompiledInputs {
  const compile = (input: PlanAppend['inputs'][number]): MappedInput =>
    compileMapped(compiler.compilePlan(input.plan, scope), input.outputs, scope, compiler);
  const prune = plan.tree?.prune;
  if (prune === undefined) {
    const all = plan.inputs.map(compile);
    return { open: () => all };
  }
  const pruning = compilePruning(prune, scope, compiler);
  const compiled: (MappedInput | undefined)[] = plan.inputs.map((input) => (isPlainScan(input.plan) ? undefined : compile(input)));
  const take = (number: number): MappedInput | undefined => {
    const input = plan.inputs[number];
    if (input !== undefined) compiled[number] ??= compile(input);
    return compiled[number];
  };
  return { open: (frame) => pruning(frame).flatMap((number) => take(number) ?? []) };
}

/** A sub-query may have to be run before anything else: it is compiled with the statement. */
function isPlainScan(plan: PhysicalPlan): boolean {
  return (plan.kind === 'table scan' || plan.kind === 'index scan') && (plan.filter === undefined || !hasSubquery(plan.filter));
}

class AppendOperator extends SteppedOperator {
  readonly #open: CompiledInputs['open'];
  #current: Operator | undefined;

  constructor(open: CompiledInputs['open'], frame: Frame) {
    super(frame);
    this.#open = open;
  }

  protected *run(): Steps {
    for (const { plan, map } of this.#open(this.frame)) {
      const input = plan.open(this.frame);
      this.#current = input;
      for (let batch = yield* pull(input); batch !== null; batch = yield* pull(input)) yield map === undefined ? batch : batch.map(map);
      input.close();
    }
  }

  protected free(): void {
    this.#current?.close();
  }
}
