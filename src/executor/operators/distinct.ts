import type { PlanDistinct } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { DistinctFilter } from './distinct-filter.js';
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
  readonly #filter: DistinctFilter;
  /** Used again for every row. */
  readonly #values: SqlValue[];

  constructor(input: Operator, shape: DistinctShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
    this.#filter = new DistinctFilter(frame);
    this.#values = shape.positions.map(() => null);
  }

  protected *run(): Steps {
    const { sorted } = this.#shape;
    const { frame } = this;
    let previous: HashKey | undefined;
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const fresh: Row[] = [];
      for (const row of batch) {
        const key = this.#keyOf(row);
        if (sorted) {
          if (previous !== undefined && key === previous) continue;
          previous = key;
        } else if (!this.#filter.passes(key, row)) continue;
        fresh.push(row);
      }
      yield* breathe(frame);
      if (fresh.length > 0) yield fresh;
    }
    yield* this.#filter.rest((row) => this.#keyOf(row));
  }

  #keyOf(row: Row): HashKey {
    const { positions, keyOf } = this.#shape;
    const values = this.#values;
    for (let i = 0; i < positions.length; i++) values[i] = row[positions[i] ?? 0] ?? null;
    return keyOf(values);
  }

  protected free(): void {
    this.#input.close();
    this.#filter.remove();
  }
}
