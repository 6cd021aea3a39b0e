import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { MergeAction } from '../../planner/bind/logical.js';
import type { PlanMerge } from '../../planner/optimize/physical.js';
import type { RowLockMode } from '../../transaction/transaction.js';
import type { Row, SqlValue } from '../../types/value.js';
import { partitionOf } from '../access/index.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { ExecutionContext, Operator } from '../context.js';
import { refuseStream } from '../dml/append-only.js';
import { checkViews, compileTarget } from '../dml/compiled-target.js';
import { compileExistingRows, type ExistingRows, type TakenRow } from '../dml/existing-row.js';
import { ForeignKeys } from '../dml/foreign-keys.js';
import type { ChildWriters } from '../dml/referential-actions.js';
import { RowWriter } from '../dml/row-writer.js';
import { Members } from '../dml/tree/members.js';
import { convert, route } from '../dml/tree/router.js';
import { updateMember } from '../dml/tree/update-member.js';
import type { TableTriggers } from '../dml/triggers/table-triggers.js';
import { compileLockMode } from '../dml/update-lock-mode.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type Scope } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { compilePatient, type PatientLayout } from './async-calls.js';
import type { PlanCompiler } from './compile-node.js';
import { givenFirst } from './insert.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

type Values = readonly { readonly position: number; readonly value: Evaluator }[];

interface CompiledAction {
  readonly kind: MergeAction['kind'];
  readonly condition: Predicate | undefined;
  readonly values: Values;
  /** Before both, over the same row. */
  readonly extend: PatientLayout['extend'];
  /** The columns that it sets. */
  readonly changed: readonly number[];
  readonly lockMode: (cx: ExecutionContext) => RowLockMode;
}

interface Chosen {
  readonly action: CompiledAction;
  /** What the action's values are computed over. */
  readonly source: Row;
}

interface MergeShape {
  readonly writer: RowWriter;
  readonly rows: ExistingRows;
  readonly members: Members | undefined;
  readonly children: ChildWriters;
  readonly keyPosition: number;
  /** Where the target's row stands in the input. */
  readonly targetPositions: readonly number[];
  readonly width: number;
  readonly matched: readonly CompiledAction[];
  readonly unmatched: readonly CompiledAction[];
  readonly isMain: boolean;
}

export function compileMerge(plan: PlanMerge, scope: Scope, compiler: PlanCompiler): CompiledPlan {
  refuseStream(plan.target.table, 'update');
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const target = compileTarget(plan.target, scope, compiler);
  const compiled = plan.actions.map((action) => ({
    matched: action.matched,
    action: compileAction(action, plan, compilePatient(action.steps, input.output, scope, compiler)),
  }));
  const keyPosition = layout.positionOf(plan.rowKey);
  const members = plan.tableId === undefined ? undefined : new Members(plan.target.table, compiler.children);
  const shape: MergeShape = {
    writer: new RowWriter(target, new ForeignKeys(plan.target.table, compiler.children)),
    rows: compileExistingRows(plan, target, layout, members),
    members,
    children: compiler.children,
    keyPosition,
    targetPositions: [keyPosition, ...plan.existing.flatMap((column) => layout.position(column.id) ?? [])],
    width: plan.target.table.columns.length,
    matched: compiled.filter(({ matched }) => matched).map(({ action }) => action),
    unmatched: compiled.filter(({ matched }) => !matched).map(({ action }) => action),
    isMain: compiler.isMain(plan),
  };
  return { output: plan.output, open: (frame) => new MergeOperator(input.open(frame), shape, frame) };
}

function compileAction(action: MergeAction, plan: PlanMerge, { layout, extend }: PatientLayout): CompiledAction {
  const assigned = action.kind === 'update' ? action.sets : action.kind === 'insert' ? givenFirst(action.values) : [];
  const numbers = assigned.map(({ number }) => number);
  const modes = action.kind === 'update' ? compileLockMode(plan.target.table, numbers) : undefined;
  return {
    kind: action.kind,
    condition: action.condition === undefined ? undefined : layout.predicate(action.condition),
    values: assigned.map(({ number, expr }) => ({ position: number - 1, value: layout.evaluator(expr) })),
    extend,
    changed: numbers,
    lockMode: (cx) => modes?.(cx.catalog) ?? 'UPDATE',
  };
}

/** MERGE (PostgreSQL manual, "MERGE"): a row that is changed or gone when it is locked is looked at again as it is then. */
class MergeOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: MergeShape;

  constructor(input: Operator, shape: MergeShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { triggers } = this.#shape.writer.target;
    if (triggers !== undefined) yield* this.#beforeStatement(triggers);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) yield* this.#merge(row);
      yield* breathe(this.frame);
    }
    if (triggers !== undefined)
      for (const event of this.#events().toReversed()) triggers.afterStatement(event, this.#changed(), this.frame);
  }

  *#beforeStatement(triggers: TableTriggers): Waiting<void> {
    for (const event of this.#events()) yield* triggers.beforeStatement(event, this.#changed(), this.frame);
  }

  /** What the statement may do, whether it comes to it or not. */
  #events(): readonly ('insert' | 'update' | 'delete')[] {
    const actions = [...this.#shape.matched, ...this.#shape.unmatched];
    return (['insert', 'update', 'delete'] as const).filter((event) => actions.some(({ kind }) => kind === event));
  }

  #changed(): readonly number[] {
    return this.#shape.matched.flatMap(({ changed }) => changed);
  }

  *#merge(row: Row): Waiting<void> {
    const { keyPosition, targetPositions } = this.#shape;
    if (row[keyPosition] === null || row[keyPosition] === undefined) {
      yield* this.#insert(row);
      return;
    }
    const chosen = yield* this.#choose(this.#shape.matched, row);
    if (chosen === undefined || chosen.action.kind === 'nothing') return;
    const { rows } = this.#shape;
    if (rows.isTouched(row, this.frame)) throw twice();
    const taken = yield* rows.take(row, chosen.action.lockMode(this.frame.cx), this.frame);
    if (taken !== undefined) {
      yield* this.#change(taken, taken.input === row ? chosen : yield* this.#choose(this.#shape.matched, taken.input));
      return;
    }
    const alone = row.slice();
    for (const position of targetPositions) alone[position] = null;
    yield* this.#insert(alone);
  }

  *#choose(actions: readonly CompiledAction[], row: Row): Waiting<Chosen | undefined> {
    for (const action of actions) {
      const source = action.extend === undefined ? row : yield* action.extend(row, this.frame);
      if (action.condition === undefined || action.condition(source, this.frame)) return { action, source };
    }
    return undefined;
  }

  *#change({ stored, member }: TakenRow, chosen: Chosen | undefined): Waiting<void> {
    if (chosen === undefined || chosen.action.kind === 'nothing') return;
    const { action, source } = chosen;
    const { frame } = this;
    const { writer, members, isMain } = this.#shape;
    if (action.kind === 'delete') {
      if (!(yield* (member?.writer ?? writer).delete(stored, frame, 'updated or deleted'))) return;
    } else if (member !== undefined && members !== undefined) {
      const values = stored.values.slice();
      for (const { position, value } of action.values) values[(member.numbers[position] ?? 0) - 1] = value(source, frame);
      if ((yield* updateMember(writer.target, members, member, stored, values, frame, action.changed)) === undefined) return;
    } else {
      const values = stored.values.slice();
      for (const { position, value } of action.values) values[position] = value(source, frame);
      if (!(yield* writer.update(stored, values, frame, action.changed, 'updated or deleted'))) return;
    }
    if (isMain) frame.affected++;
  }

  *#insert(row: Row): Waiting<void> {
    const { frame } = this;
    const { writer, unmatched, width, isMain } = this.#shape;
    const chosen = yield* this.#choose(unmatched, row);
    if (chosen === undefined || chosen.action.kind === 'nothing') return;
    const { action, source } = chosen;
    const values = new Array<SqlValue>(width).fill(null);
    for (const { position, value } of action.values) values[position] = value(source, frame);
    const user = partitionOf(writer.target.table, frame.cx.actingUser);
    const isRouted = writer.target.table.partitionKey !== undefined;
    const to = isRouted ? route(writer.target, values, this.#shape.children, frame) : { writer, values };
    const { triggers } = to.writer.target;
    if (triggers !== undefined && !(yield* triggers.beforeInsert(to.values, frame))) return;
    yield* to.writer.insert(to.values, user, frame, undefined);
    if (isRouted && writer.target.viewChecks !== undefined)
      checkViews(writer.target, convert(to.writer.target.table, writer.target.table, to.values), frame);
    if (isMain) frame.affected++;
  }

  protected free(): void {
    this.#input.close();
  }
}

function twice(): SqlError {
  return new SqlError(SqlState.cardinalityViolation, 'MERGE command cannot affect row a second time', {
    hint: 'Ensure that not more than one source row matches any one target row.',
  });
}
