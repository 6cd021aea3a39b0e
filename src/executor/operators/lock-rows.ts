import type { TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import { type Oid, userId } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { LockTarget } from '../../planner/bind/logical.js';
import type { PlanLockRows } from '../../planner/optimize/physical.js';
import { numbersOf } from '../../planner/partitions/column-numbers.js';
import type { RowLockMode } from '../../transaction/transaction.js';
import type { Row, SqlValue } from '../../types/value.js';
import { compileFullDecoder, compileVisibility, isPartitioned } from '../access/index.js';
import { readUserPrefix } from '../access/stored-row.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Operator } from '../context.js';
import { type LockableTable, lockRow } from '../dml/lock-row.js';
import type { Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface CompiledLock {
  readonly target: LockTarget;
  readonly mode: RowLockMode;
  readonly keyPosition: number;
  /** Of a tree of tables: where the row's table stands. */
  readonly tablePosition: number | undefined;
  readonly parts: Map<Oid, TreePart>;
  readonly columns: readonly { readonly position: number; readonly number: number }[];
  readonly decode: (value: Uint8Array) => SqlValue[];
  readonly table: LockableTable;
}

interface LockRowsShape {
  readonly locks: readonly CompiledLock[];
  readonly recheck: Predicate | undefined;
}

const MODES: Readonly<Record<LockTarget['strength'], RowLockMode>> = {
  UPDATE: 'UPDATE',
  'NO KEY UPDATE': 'NO KEY UPDATE',
  SHARE: 'SHARE ROW',
  'KEY SHARE': 'KEY SHARE',
};

export function compileLockRows(plan: PlanLockRows, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const shape: LockRowsShape = {
    locks: plan.targets.map((target) => ({
      target,
      mode: MODES[target.strength],
      keyPosition: layout.positionOf(target.rowKey),
      parts: new Map(),
      tablePosition: target.tableId === undefined ? undefined : layout.positionOf(target.tableId),
      columns: target.columns.flatMap((column) => {
        const position = layout.position(column.id);
        return 'number' in column && position !== undefined ? [{ position, number: column.number }] : [];
      }),
      decode: compileFullDecoder(target.table),
      table: { table: target.table, isVisible: compileVisibility(target.table) },
    })),
    recheck: plan.recheck === undefined ? undefined : layout.predicate(plan.recheck),
  };
  return { output: plan.output, open: (frame) => new LockRowsOperator(input.open(frame), shape, frame) };
}

/** SELECT … FOR UPDATE and the like. A row that was changed meanwhile comes out in its newest version, if it still passes. */
class LockRowsOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: LockRowsShape;

  constructor(input: Operator, shape: LockRowsShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
  }

  protected *run(): Steps {
    const { frame } = this;
    if (frame.cx.transaction.options.readOnly) {
      const [first] = this.#shape.locks;
      throw new SqlError(
        SqlState.readOnlySqlTransaction,
        `cannot execute SELECT FOR ${first?.target.strength ?? 'UPDATE'} in a read-only transaction`,
      );
    }
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      // One at a time: with LIMIT 1 … SKIP LOCKED, no row is locked that isn't taken.
      for (const row of batch) {
        const locked = yield* this.#lock(row);
        if (locked !== undefined) yield [locked];
      }
      yield* breathe(frame);
    }
  }

  *#lock(input: Row): Waiting<Row | undefined> {
    const { frame } = this;
    const { cx } = frame;
    const { locks, recheck } = this.#shape;
    let row = input;
    let changed = false;
    for (const { target, table: whole, mode, keyPosition, tablePosition, parts, columns, decode: decodeWhole } of locks) {
      const part = tablePosition === undefined ? undefined : partOf(target.table, row[tablePosition] ?? null, parts, frame);
      const table = part?.table ?? whole;
      const decode = part?.decode ?? decodeWhole;
      const key = row[keyPosition] ?? null;
      if (key === null) continue;
      assert(key instanceof Uint8Array, 'a row key that is not bytes');
      const user = isPartitioned(table.table) ? userId(readUserPrefix(key)) : undefined;
      const space = cx.access.tableSpace(table.table, user);
      const locked = yield* lockRow(table, space, key, mode, target.wait, frame, 'update');
      if (locked === undefined) return undefined;
      if (!locked.changed) continue;
      const values = decode(locked.value);
      if (!changed) row = row.slice();
      changed = true;
      row[keyPosition] = locked.key;
      for (const { position, number } of columns) row[position] = values[(part?.numbers[number - 1] ?? number) - 1] ?? null;
    }
    return changed && recheck !== undefined && !recheck(row, frame) ? undefined : row;
  }

  protected free(): void {
    this.#input.close();
  }
}

interface TreePart {
  readonly table: LockableTable;
  readonly decode: (value: Uint8Array) => SqlValue[];
  readonly numbers: readonly number[];
}

/** The table below the locked one that a row is of; none where it is a row of that itself. */
function partOf(root: TableDescriptor, tableId: SqlValue, known: Map<Oid, TreePart>, { cx }: Frame): TreePart | undefined {
  if (tableId === root.oid || typeof tableId !== 'number') return undefined;
  let part = known.get(tableId);
  if (part === undefined) {
    const table = cx.catalog.relationByOid(tableId);
    assert(table?.kind === 'table', 'a row of a table that is not there');
    part = { table: { table, isVisible: compileVisibility(table) }, decode: compileFullDecoder(table), numbers: numbersOf(root, table) };
    known.set(tableId, part);
  }
  return part;
}
