import { assert } from '../../commons/assert.js';
import { userId } from '../../commons/ids.js';
import type { PlanDelete, PlanMerge, PlanUpdate } from '../../planner/optimize/physical.js';
import type { Space } from '../../store/store.js';
import type { RowLockMode } from '../../transaction/transaction.js';
import type { Row, SqlValue } from '../../types/value.js';
import { isPartitioned } from '../access/index.js';
import { readUserPrefix } from '../access/stored-row.js';
import type { Frame } from '../frame.js';
import type { Layout } from '../scope.js';
import type { Waiting } from '../waiting.js';
import type { CompiledTarget } from './compiled-target.js';
import { lockRow } from './lock-row.js';
import type { StoredRow } from './row-writer.js';
import { isTouched } from './touched.js';
import { compileMemberRows } from './tree/member-rows.js';
import type { Member, Members } from './tree/members.js';
import { requireUnmodified } from './triggers/self-modified.js';

/** The rows that an UPDATE or DELETE works on, as its input names them. */
export interface ExistingRows {
  /** Locks a row of the input, and brings the input up to date where the row has changed. Undefined: leave it alone. */
  take(input: Row, mode: RowLockMode, frame: Frame): Waiting<TakenRow | undefined>;
  /** This statement has changed the input's row already. */
  isTouched(input: Row, frame: Frame): boolean;
}

export interface TakenRow {
  readonly stored: StoredRow;
  /** The input row, with the newest values of the row's columns. */
  readonly input: Row;
  /** Of a tree of tables: the one that has the row. */
  readonly member?: Member;
}

/** @param layout of the plan's input */
export function compileExistingRows(
  plan: PlanUpdate | PlanDelete | PlanMerge,
  target: CompiledTarget,
  layout: Layout,
  members?: Members,
): ExistingRows {
  if (members !== undefined && plan.tableId !== undefined) return compileMemberRows(plan, plan.tableId, layout, members);
  const { rowKey, existing } = plan;
  const recheck = plan.recheck === undefined ? undefined : layout.predicate(plan.recheck);
  const keyPosition = layout.positionOf(rowKey);
  const { table } = target;
  const columns = existing.flatMap((column) => {
    const position = layout.position(column.id);
    return 'number' in column && position !== undefined ? [{ position, number: column.number }] : [];
  });
  const command = plan.kind === 'merge' ? 'updated or deleted' : plan.kind === 'delete' ? 'deleted' : 'updated';
  const partitioned = isPartitioned(table);
  const isWhole = columns.length === table.columns.filter((column) => column.dropped !== true).length;
  const valuesOf = (input: Row): SqlValue[] => {
    const values = new Array<SqlValue>(table.columns.length).fill(null);
    for (const { position, number } of columns) values[number - 1] = input[position] ?? null;
    return values;
  };
  const spaceOf = (key: Uint8Array, frame: Frame): Space =>
    frame.cx.access.tableSpace(table, partitioned ? userId(readUserPrefix(key)) : undefined);
  return {
    isTouched(input, frame) {
      const key = input[keyPosition];
      return key instanceof Uint8Array && isTouched(frame, spaceOf(key, frame), key);
    },
    *take(input, mode, frame) {
      const key = input[keyPosition];
      // The row of the nullable side of an outer join is no row.
      if (key === null) return undefined;
      assert(key instanceof Uint8Array, 'a row key that is not bytes');
      const user = partitioned ? userId(readUserPrefix(key)) : undefined;
      const space = spaceOf(key, frame);
      if (isTouched(frame, space, key)) return undefined;
      const locked = yield* lockRow(target, space, key, mode, 'wait', frame);
      if (frame.firing !== undefined && locked?.changed !== true) yield* requireUnmodified(space, key, locked?.value, command, frame);
      if (locked === undefined) return undefined;
      if (!locked.changed) {
        const values = isWhole ? valuesOf(input) : target.decode(locked.value);
        return { stored: { space, key, user, value: locked.value, values }, input };
      }
      const values = target.decode(locked.value);
      const current = input.slice();
      current[keyPosition] = locked.key;
      for (const { position, number } of columns) current[position] = values[number - 1] ?? null;
      if (recheck !== undefined && !recheck(current, frame)) return undefined;
      if (locked.key !== key && isTouched(frame, space, locked.key)) return undefined;
      return { stored: { space, key: locked.key, user, value: locked.value, values }, input: current };
    },
  };
}
