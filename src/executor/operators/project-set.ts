import type { BoundCall } from '../../planner/bind/expression.js';
import type { PlanProjectSet } from '../../planner/optimize/physical.js';
import { type Row, SqlRecord, type SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { FIRST_BATCH, grown } from './batches.js';
import { compileSet, openSet, type SetEvaluator } from './function-scan.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface ProjectSetShape {
  readonly columns: readonly (
    | { readonly set: SetEvaluator; readonly columns: NonNullable<BoundCall['rowColumns']> }
    | { readonly value: Evaluator }
  )[];
}

/** SELECT with set-returning functions: all of a row's sets advance together, and the shorter ones are padded with NULL. */
export function compileProjectSet(plan: PlanProjectSet, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const columns = plan.columns.map(({ expr }) =>
    expr.kind === 'call' && expr.returnsSet
      ? { set: compileSet(expr, layout), columns: expr.rowColumns ?? [] }
      : { value: layout.evaluator(expr) },
  );
  return { output: plan.output, open: (frame) => new ProjectSetOperator(input.open(frame), { columns }, frame) };
}

class ProjectSetOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: ProjectSetShape;

  constructor(input: Operator, shape: ProjectSetShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { columns } = this.#shape;
    const { frame } = this;
    let size = FIRST_BATCH;
    let batch: Batch = [];
    for (let rows = yield* pull(this.#input); rows !== null; rows = yield* pull(this.#input)) {
      for (const row of rows) {
        const iterators: (Iterator<SqlValue | Row> | undefined)[] = [];
        for (const column of columns) iterators.push('set' in column ? yield* openSet(column.set, row, frame) : undefined);
        const fixed: Row = columns.map((column) => ('value' in column ? column.value(row, frame) : null));
        for (;;) {
          let alive = false;
          const result = fixed.slice();
          for (let i = 0; i < iterators.length; i++) {
            const step = iterators[i]?.next();
            if (step === undefined || step.done === true) continue;
            alive = true;
            result[i] = Array.isArray(step.value) ? this.#record(i, step.value) : step.value;
          }
          if (!alive) break;
          batch.push(result);
          if (batch.length >= size) {
            yield batch;
            batch = [];
            size = grown(size);
            yield* breathe(frame);
          }
        }
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** A composite result in a select list is one value. */
  #record(index: number, values: Row): SqlValue {
    const column = this.#shape.columns[index];
    const columns = column !== undefined && 'set' in column ? column.columns : [];
    if (columns.length === 0) return values[0] ?? null;
    return new SqlRecord(
      values,
      columns.map(({ type }) => type),
      columns.map(({ name }) => name),
    );
  }

  protected free(): void {
    this.#input.close();
  }
}
