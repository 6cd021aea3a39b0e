import type { ColumnId } from '../../planner/bind/expression.js';
import type { PlanAppend } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import type { Frame } from '../frame.js';
import type { QueryCompiler, Scope } from '../scope.js';
import { Layout } from '../scope.js';
import { compilePruning, type Pruning } from './pruning.js';
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
  const inputs = plan.inputs.map((input) => compileMapped(compiler.compilePlan(input.plan, scope), input.outputs, scope, compiler));
  const pruning = plan.tree?.prune === undefined ? undefined : compilePruning(plan.tree.prune, scope, compiler);
  return { output: plan.output, open: (frame) => new AppendOperator(inputs, pruning, frame) };
}

class AppendOperator extends SteppedOperator {
  readonly #inputs: readonly MappedInput[];
  readonly #pruning: Pruning | undefined;
  #current: Operator | undefined;

  constructor(inputs: readonly MappedInput[], pruning: Pruning | undefined, frame: Frame) {
    super(frame);
    this.#inputs = inputs;
    this.#pruning = pruning;
  }

  protected *run(): Steps {
    const inputs = this.#pruning === undefined ? this.#inputs : wantedOf(this.#inputs, this.#pruning(this.frame));
    for (const { plan, map } of inputs) {
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

export function wantedOf<T>(inputs: readonly T[], numbers: readonly number[]): readonly T[] {
  return numbers.flatMap((number) => inputs[number] ?? []);
}
