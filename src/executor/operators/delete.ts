import type { PlanDelete } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { refuseStream } from '../dml/append-only.js';
import { compileTarget } from '../dml/compiled-target.js';
import { compileExistingRows, type ExistingRows } from '../dml/existing-row.js';
import { ForeignKeys } from '../dml/foreign-keys.js';
import { compileReturning, type Returning } from '../dml/returning.js';
import { RowWriter } from '../dml/row-writer.js';
import { Members } from '../dml/tree/members.js';
import type { Frame } from '../frame.js';
import { Layout, type Scope } from '../scope.js';
import type { PlanCompiler } from './compile-node.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface DeleteShape {
  readonly writer: RowWriter;
  readonly rows: ExistingRows;
  readonly returning: Returning | undefined;
  readonly isMain: boolean;
}

export function compileDelete(plan: PlanDelete, scope: Scope, compiler: PlanCompiler): CompiledPlan {
  refuseStream(plan.target.table, 'delete from');
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const target = compileTarget(plan.target, scope, compiler);
  const shape: DeleteShape = {
    writer: new RowWriter(target, new ForeignKeys(plan.target.table, compiler.children)),
    rows: compileExistingRows(
      plan,
      target,
      layout,
      plan.tableId === undefined ? undefined : new Members(plan.target.table, compiler.children),
    ),
    returning: compileReturning(plan.returning, target, plan.existing, input.output, scope, compiler),
    isMain: compiler.isMain(plan),
  };
  return { output: plan.output, open: (frame) => new DeleteOperator(input.open(frame), shape, frame) };
}

class DeleteOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: DeleteShape;

  constructor(input: Operator, shape: DeleteShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { writer, rows, returning, isMain } = this.#shape;
    const { triggers } = writer.target;
    if (triggers !== undefined) yield* triggers.beforeStatement('delete', undefined, frame);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const out: Batch = [];
      for (const row of batch) {
        const taken = yield* rows.take(row, 'UPDATE', frame);
        if (taken === undefined) continue;
        const { stored, input, member } = taken;
        if (!(yield* (member?.writer ?? writer).delete(stored, frame))) continue;
        if (triggers !== undefined && member !== undefined && member.table.oid !== writer.target.table.oid)
          triggers.captureOther('delete', member.toRoot(stored.values), undefined, frame);
        if (isMain) frame.affected++;
        if (returning === undefined) continue;
        const values = member === undefined ? stored.values : member.toRoot(stored.values);
        out.push(returning.project(values, stored, input, frame, stored.user, member?.table.oid));
      }
      yield* breathe(frame);
      if (out.length > 0) yield out;
    }
    triggers?.afterStatement('delete', undefined, frame);
  }

  protected free(): void {
    this.#input.close();
  }
}
