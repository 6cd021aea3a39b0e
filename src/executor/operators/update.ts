import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { PlanUpdate } from '../../planner/optimize/physical.js';
import type { RowLockMode } from '../../transaction/transaction.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { refuseStream } from '../dml/append-only.js';
import { compileTarget } from '../dml/compiled-target.js';
import { compileExistingRows, type ExistingRows } from '../dml/existing-row.js';
import { ForeignKeys } from '../dml/foreign-keys.js';
import { compileReturning, type Returning } from '../dml/returning.js';
import { RowWriter } from '../dml/row-writer.js';
import { Members } from '../dml/tree/members.js';
import { updateMember } from '../dml/tree/update-member.js';
import { compileLockMode } from '../dml/update-lock-mode.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type Scope } from '../scope.js';
import { compilePatient, type PatientLayout } from './async-calls.js';
import type { PlanCompiler } from './compile-node.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface UpdateShape {
  readonly writer: RowWriter;
  readonly rows: ExistingRows;
  /** The tables of a tree. */
  readonly members: Members | undefined;
  readonly sets: readonly { readonly position: number; readonly value: Evaluator }[];
  /** Before `sets`, over the same row. */
  readonly extend: PatientLayout['extend'];
  readonly changed: readonly number[];
  readonly lockModes: (catalog: CatalogSnapshot) => RowLockMode;
  readonly returning: Returning | undefined;
  readonly isMain: boolean;
}

export function compileUpdate(plan: PlanUpdate, scope: Scope, compiler: PlanCompiler): CompiledPlan {
  refuseStream(plan.target.table, 'update');
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const target = compileTarget(plan.target, scope, compiler);
  const members = plan.tableId === undefined ? undefined : new Members(plan.target.table, compiler.children);
  const patient = compilePatient(plan.steps, input.output, scope, compiler);
  const shape: UpdateShape = {
    writer: new RowWriter(target, new ForeignKeys(plan.target.table, compiler.children)),
    rows: compileExistingRows(plan, target, layout, members),
    members,
    sets: plan.sets.map(({ number, expr }) => ({ position: number - 1, value: patient.layout.evaluator(expr) })),
    extend: patient.extend,
    changed: plan.sets.map(({ number }) => number),
    lockModes: compileLockMode(
      plan.target.table,
      plan.sets.map(({ number }) => number),
    ),
    returning: compileReturning(plan.returning, target, plan.target.columns, input.output, scope, compiler),
    isMain: compiler.isMain(plan),
  };
  return { output: plan.output, open: (frame) => new UpdateOperator(input.open(frame), shape, frame) };
}

class UpdateOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: UpdateShape;

  constructor(input: Operator, shape: UpdateShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { writer, rows, members, sets, extend, changed, lockModes, returning, isMain } = this.#shape;
    const mode = lockModes(frame.cx.catalog);
    const { triggers } = writer.target;
    if (triggers !== undefined) yield* triggers.beforeStatement('update', changed, frame);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const out: Batch = [];
      for (const row of batch) {
        const taken = yield* rows.take(row, mode, frame);
        if (taken === undefined) continue;
        const source = extend === undefined ? taken.input : yield* extend(taken.input, frame);
        if (taken.member !== undefined && members !== undefined) {
          const { stored, input, member } = taken;
          const values = stored.values.slice();
          for (const { position, value } of sets) values[(member.numbers[position] ?? 0) - 1] = value(source, frame);
          const written = yield* updateMember(writer.target, members, member, stored, values, frame, changed);
          if (written === undefined) continue;
          if (triggers !== undefined && member.table.oid !== writer.target.table.oid)
            triggers.captureOther('update', member.toRoot(stored.values), written.values, frame);
          if (isMain) frame.affected++;
          if (returning !== undefined) out.push(returning.project(written.values, undefined, input, frame, stored.user, written.table));
          continue;
        }
        const { stored, input } = taken;
        const values = stored.values.slice();
        for (const { position, value } of sets) values[position] = value(source, frame);
        if (writer.target.triggers === undefined) yield* writer.replace(stored, values, frame);
        else if (!(yield* writer.update(stored, values, frame, changed))) continue;
        if (isMain) frame.affected++;
        if (returning !== undefined) out.push(returning.project(values, undefined, input, frame, stored.user));
      }
      yield* breathe(frame);
      if (out.length > 0) yield out;
    }
    triggers?.afterStatement('update', changed, frame);
  }

  protected free(): void {
    this.#input.close();
  }
}
