import type { VirtualDescriptor } from '../../catalog/descriptors.js';
import type { PlanVirtualScan } from '../../planner/optimize/physical.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, ExecutionContext } from '../context.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { CHECK_EVERY, MAX_BATCH } from './batches.js';
import { breathe, SteppedOperator, type Steps } from './stepped-operator.js';

/** Who makes the rows of virtual relations. */
export interface VirtualRelations {
  /**
   * Rows with a value for each column, by column number - 1.
   * @param equal values that columns (by number) will be filtered to: a provider may leave out other rows, or not
   */
  rows(table: VirtualDescriptor, cx: ExecutionContext, equal: ReadonlyMap<number, SqlValue>): Iterable<Row>;
}

interface VirtualScanShape {
  readonly plan: PlanVirtualScan;
  readonly relations: VirtualRelations;
  readonly positions: readonly number[];
  readonly equal: readonly { readonly number: number; readonly value: Evaluator }[];
  readonly filter: Predicate | undefined;
}

export function compileVirtualScan(
  plan: PlanVirtualScan,
  scope: Scope,
  compiler: QueryCompiler & { readonly virtualRelations: VirtualRelations },
): CompiledPlan {
  const output = plan.columns.map((column) => column.id);
  const outside = new Layout([], scope, compiler);
  const shape: VirtualScanShape = {
    plan,
    relations: compiler.virtualRelations,
    positions: plan.columns.map((column) => ('number' in column ? column.number - 1 : column.system === 'tableoid' ? -2 : -1)),
    equal: plan.equal.map(({ number, expr }) => ({ number, value: outside.evaluator(expr) })),
    filter: plan.filter === undefined ? undefined : new Layout(output, scope, compiler).predicate(plan.filter),
  };
  return { output, open: (frame) => new VirtualScanOperator(shape, frame) };
}

const NO_ROW: Row = [];
const TABLE_OID = -2;

class VirtualScanOperator extends SteppedOperator {
  readonly #shape: VirtualScanShape;

  constructor(shape: VirtualScanShape, frame: Frame) {
    super(frame);
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { plan, relations, positions, filter } = this.#shape;
    const { frame } = this;
    const equal = new Map<number, SqlValue>();
    for (const { number, value } of this.#shape.equal) {
      const wanted = value(NO_ROW, frame);
      if (wanted === null) return;
      equal.set(number, wanted);
    }
    let batch: Batch = [];
    let visited = 0;
    for (const made of relations.rows(plan.table, frame.cx, equal)) {
      const row: Row = [];
      for (const position of positions) row.push(position === TABLE_OID ? plan.table.oid : (made[position] ?? null));
      if (filter === undefined || filter(row, frame)) {
        batch.push(row);
        if (batch.length === MAX_BATCH) {
          yield batch;
          batch = [];
        }
      }
      if (++visited % CHECK_EVERY === 0) yield* breathe(frame);
    }
    if (batch.length > 0) yield batch;
  }

  protected free(): void {}
}
