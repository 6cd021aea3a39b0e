import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { IndexDescriptor, RelationDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import { someExpr } from '../../planner/bind/tree/walk.js';
import type { PlanConflict, PlanInsert } from '../../planner/optimize/physical.js';
import type { Space } from '../../store/store.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { RowLockMode } from '../../transaction/transaction.js';
import type { Row, SqlValue } from '../../types/value.js';
import { partitionOf } from '../access/index.js';
import { rowSeq } from '../access/stored-row.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, ExecutionContext, Operator } from '../context.js';
import { refuseStream } from '../dml/append-only.js';
import { checkViews, compileTarget } from '../dml/compiled-target.js';
import { ForeignKeys } from '../dml/foreign-keys.js';
import { serializationFailure } from '../dml/lock-row.js';
import type { ChildWriters } from '../dml/referential-actions.js';
import { compileReturning, type Returning } from '../dml/returning.js';
import { type Conflict, RowWriter, type StoredRow } from '../dml/row-writer.js';
import { isTouched } from '../dml/touched.js';
import { asSeenFrom } from '../dml/tree/routed-violation.js';
import { convert, route } from '../dml/tree/router.js';
import { compileLockMode } from '../dml/update-lock-mode.js';
import { policyViolation } from '../dml/violations.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type Scope } from '../scope.js';
import { type Waiting, wait } from '../waiting.js';
import { compilePatient, type PatientLayout } from './async-calls.js';
import type { PlanCompiler } from './compile-node.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface InsertShape {
  readonly writer: RowWriter;
  readonly width: number;
  readonly values: readonly { readonly position: number; readonly value: Evaluator }[];
  readonly onConflict: ConflictShape | undefined;
  readonly returning: Returning | undefined;
  readonly isMain: boolean;
  /** Of a partitioned table: the writers of its partitions. */
  readonly children: ChildWriters;
}

interface ConflictShape {
  readonly tolerates: (index: IndexDescriptor) => boolean;
  /** Over the existing row's columns, then the proposed row's. Absent: DO NOTHING. */
  readonly update:
    | {
        readonly existing: readonly number[];
        readonly excluded: readonly number[];
        readonly sets: readonly { readonly position: number; readonly value: Evaluator }[];
        readonly changed: readonly number[];
        readonly where: Predicate | undefined;
        readonly guard: Predicate | undefined;
        /** Before these, over the same row. */
        readonly extend: PatientLayout['extend'];
        readonly lockMode: (catalog: CatalogSnapshot) => RowLockMode;
      }
    | undefined;
}

export function compileInsert(plan: PlanInsert, scope: Scope, compiler: PlanCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const target = compileTarget(plan.target, scope, compiler);
  const shape: InsertShape = {
    writer: new RowWriter(target, new ForeignKeys(plan.target.table, compiler.children)),
    width: plan.target.table.columns.length,
    values: givenFirst(plan.values).map(({ number, expr }) => ({ position: number - 1, value: layout.evaluator(expr) })),
    onConflict: plan.onConflict === undefined ? undefined : compileConflict(plan.onConflict, plan, scope, compiler),
    returning: compileReturning(plan.returning, target, plan.target.columns, [], scope, compiler),
    isMain: compiler.isMain(plan),
    children: compiler.children,
  };
  return { output: plan.output, open: (frame) => new InsertOperator(input.open(frame), shape, frame) };
}

/** A row that fails on a given value should not have used up a number of a sequence: volatile defaults are computed last. */
export function givenFirst(values: PlanInsert['values']): PlanInsert['values'] {
  const isVolatile = (expr: BoundExpr): boolean => someExpr(expr, (part) => part.kind === 'call' && part.volatility === 'v');
  return [...values.filter(({ expr }) => !isVolatile(expr)), ...values.filter(({ expr }) => isVolatile(expr))];
}

function compileConflict(onConflict: PlanConflict, plan: PlanInsert, scope: Scope, compiler: PlanCompiler): ConflictShape {
  const { arbiters, update } = onConflict;
  const tolerates = (index: IndexDescriptor): boolean => arbiters.length === 0 || arbiters.includes(index.oid);
  if (update === undefined) return { tolerates, update: undefined };
  refuseStream(plan.target.table, 'update');
  const existing = update.existing.filter((column) => 'number' in column);
  const excluded = update.excluded.filter((column) => 'number' in column);
  const ids: ColumnId[] = [...existing, ...excluded].map((column) => column.id);
  const { layout, extend } = compilePatient(update.steps, ids, scope, compiler);
  const number = (column: (typeof existing)[number]): number => ('number' in column ? column.number : 0);
  return {
    tolerates,
    update: {
      existing: existing.map(number),
      excluded: excluded.map(number),
      changed: update.sets.map((set) => set.number),
      sets: update.sets.map((set) => ({ position: set.number - 1, value: layout.evaluator(set.expr) })),
      where: update.where === undefined ? undefined : layout.predicate(update.where),
      guard: update.guard === undefined ? undefined : layout.predicate(update.guard),
      extend,
      lockMode: compileLockMode(
        plan.target.table,
        update.sets.map((set) => set.number),
      ),
    },
  };
}

class InsertOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: InsertShape;

  constructor(input: Operator, shape: InsertShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { writer, width, values, onConflict, returning, isMain, children } = this.#shape;
    const { table } = writer.target;
    const user = partitionOf(table, frame.cx.actingUser);
    const tolerates = onConflict === undefined ? undefined : toleranceOf(onConflict, table, frame.cx.catalog);
    const { triggers: own } = writer.target;
    const updated = onConflict?.update?.changed;
    if (own !== undefined) {
      yield* own.beforeStatement('insert', undefined, frame);
      if (updated !== undefined) yield* own.beforeStatement('update', updated, frame);
    }
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      const out: Batch = [];
      for (const row of batch) {
        let stored: SqlValue[] | undefined = new Array<SqlValue>(width).fill(null);
        for (const { position, value } of values) stored[position] = value(row, frame);
        let to = writer;
        let wasThere = false;
        if (table.partitionKey !== undefined) ({ writer: to, values: stored } = route(writer.target, stored, children, frame));
        const { triggers } = to.target;
        if (triggers !== undefined && !(yield* triggers.beforeInsert(stored, frame))) continue;
        for (;;) {
          const inserting = to.insert(stored, user, frame, tolerates);
          const conflict: Conflict | undefined = yield* to === writer ? inserting : asSeenFrom(writer.target, to, stored, frame, inserting);
          if (conflict === undefined) break;
          const resolved: SqlValue[] | 'again' | undefined = yield* this.#resolve(conflict, stored, to);
          if (resolved === 'again') {
            // Whatever keeps it from an end, others have their turns, and it can be cancelled.
            frame.cx.interrupt.check();
            if (frame.synchronousDepth === 0) yield* wait(frame.cx.interrupt.turn());
            continue;
          }
          stored = resolved;
          wasThere = true;
          break;
        }
        if (stored === undefined) continue;
        if (to !== writer && writer.target.viewChecks !== undefined)
          checkViews(writer.target, convert(to.target.table, table, stored), frame);
        if (own !== undefined && to !== writer && !wasThere)
          own.captureOther('insert', undefined, convert(to.target.table, table, stored), frame);
        if (isMain) frame.affected++;
        if (returning === undefined) continue;
        if (to === writer) out.push(returning.project(stored, undefined, NO_ROW, frame, undefined, undefined, wasThere));
        else {
          const whole = convert(to.target.table, table, stored);
          out.push(returning.project(whole, undefined, NO_ROW, frame, undefined, to.target.table.oid, wasThere));
        }
      }
      yield* breathe(frame);
      if (out.length > 0) yield out;
    }
    if (updated !== undefined) own?.afterStatement('update', updated, frame);
    own?.afterStatement('insert', undefined, frame);
  }

  /** ON CONFLICT. @returns the row as stored; undefined when nothing was done; 'again' when there may be no conflict any more */
  *#resolve(conflict: Conflict, proposed: SqlValue[], writer: RowWriter): Waiting<SqlValue[] | 'again' | undefined> {
    const { frame } = this;
    const { cx } = frame;
    const { onConflict } = this.#shape;
    const root = this.#shape.writer.target.table;
    const { table } = writer.target;
    const update = onConflict?.update;
    const user = partitionOf(writer.target.table, cx.actingUser);
    const space = writer.spaceOf(user, cx);
    if (update === undefined) {
      yield* requireInSnapshot(space, conflict.rowKey, cx);
      return undefined;
    }
    if (isTouched(frame, space, conflict.rowKey)) {
      throw new SqlError(SqlState.cardinalityViolation, 'ON CONFLICT DO UPDATE command cannot affect row a second time', {
        hint: 'Ensure that no rows proposed for insertion within the same command have duplicate constrained values.',
      });
    }
    const mode = update.lockMode(cx.catalog);
    const waiting = cx.transaction.lock(lockTags.row(space, conflict.rowKey), mode);
    if (waiting instanceof Promise) {
      yield* wait(waiting);
      return 'again';
    }
    // The row that has the key now, whatever has become of the one that the snapshot shows under it.
    const newest = cx.transaction.getNewest(space, conflict.rowKey);
    const value = newest instanceof Promise ? yield* wait(newest) : newest;
    if (value === undefined || !writer.target.isVisible(value, cx)) return 'again';
    if (cx.transaction.options.isolation !== 'read committed' && rowSeq(value) > cx.view.seq) throw serializationFailure('update');
    const values = writer.target.decode(value);
    let both: Row = [];
    const here = table === root ? values : convert(table, root, values);
    const there = table === root ? proposed : convert(table, root, proposed);
    for (const number of update.existing) both.push(here[number - 1] ?? null);
    for (const number of update.excluded) both.push(there[number - 1] ?? null);
    if (update.extend !== undefined) both = yield* update.extend(both, frame);
    if (update.guard !== undefined && !update.guard(both, frame)) throw policyViolation(root.name, undefined, true);
    if (update.where !== undefined && !update.where(both, frame)) return undefined;
    let next = here.slice();
    for (const { position, value } of update.sets) next[position] = value(both, frame);
    if (table !== root) {
      next = convert(root, table, next);
      if (writer.target.isOfPartition?.(next, frame) === false) throw leavesPartition();
    }
    const old: StoredRow = { space, key: conflict.rowKey, user, value, values };
    if (!(yield* writer.update(old, next, frame, update.changed))) return undefined;
    if (table !== root) this.#shape.writer.target.triggers?.captureOther('update', here, convert(table, root, next), frame);
    return next;
  }

  protected free(): void {
    this.#input.close();
  }
}

/** ON CONFLICT names indexes of the target; a partition's own are parts of those. */
function toleranceOf({ tolerates }: ConflictShape, table: TableDescriptor, catalog: CatalogSnapshot): ConflictShape['tolerates'] {
  if (table.partitionKey === undefined) return tolerates;
  return (index) => {
    for (let at: RelationDescriptor | undefined = index; at?.kind === 'index'; at = catalog.relationByOid(at.parentIndex ?? 0)) {
      if (tolerates(at)) return true;
    }
    return false;
  };
}

function leavesPartition(): SqlError {
  return new SqlError(SqlState.featureNotSupported, 'invalid ON UPDATE specification', {
    detail: 'The result tuple would appear in a different partition than the original tuple.',
  });
}

/** A conflict with a row that a fixed snapshot does not show cannot be passed over. @throws SqlError 40001 */
function* requireInSnapshot(space: Space, key: Uint8Array, cx: ExecutionContext): Waiting<void> {
  if (cx.transaction.options.isolation === 'read committed') return;
  const newest = cx.transaction.getNewest(space, key);
  const value = newest instanceof Promise ? yield* wait(newest) : newest;
  if (value !== undefined && rowSeq(value) > cx.view.seq) throw serializationFailure('update');
}

const NO_ROW: Row = [];
