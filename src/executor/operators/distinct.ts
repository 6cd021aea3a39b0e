import type { PlanDistinct } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface DistinctShape {
  readonly sorted: boolean;
  readonly positions: readonly number[];
  readonly keyOf: (values: readonly SqlValue[]) => HashKey;
}

export function compileDistinctRows(plan: PlanDistinct, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const shape: DistinctShape = {
    sorted: plan.strategy === 'sorted',
    positions: plan.on.map((column) => layout.positionOf(column.id)),
    keyOf: groupKeyOf(plan.on.map((column) => hasherOf(column.type))),
  };
  return { output: plan.output, open: (frame) => new DistinctOperator(input.open(frame), shape, frame) };
}

/** Keeps the first row of each key: of all that was seen, or of its neighbours when the input is sorted. */
class DistinctOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: DistinctShape;

  constructor(input: Operator, shape: DistinctShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { sorted, positions, keyOf } = this.#shape;
    const { frame } = this;
    const seen = new Set<HashKey>();
    const budget = new MemoryBudget(frame.cx.workMemBytes);
    let previous: HashKey | undefined;
    const values: SqlValue[] = positions.map(() => null);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const fresh: Row[] = [];
      for (const row of batch) {
        for (let i = 0; i < positions.length; i++) values[i] = row[positions[i] ?? 0] ?? null;
        const key = keyOf(values);
        if (sorted) {
          if (previous !== undefined && key === previous) continue;
          previous = key;
        } else {
          if (seen.has(key)) continue;
          seen.add(key);
          if (!budget.add(rowBytes(values))) throw outOfWorkMemory('DISTINCT');
        }
        fresh.push(row);
      }
      yield* breathe(frame);
      if (fresh.length > 0) yield fresh;
    }
  }

  protected free(): void {
    this.#input.close();
  }
}
