import { assert } from '../../../commons/assert.js';
import { type UserId, userId } from '../../../commons/ids.js';
import type { ColumnId } from '../../../planner/bind/expression.js';
import type { PlanDelete, PlanMerge, PlanUpdate } from '../../../planner/optimize/physical.js';
import type { Row } from '../../../types/value.js';
import { isPartitioned } from '../../access/index.js';
import { readUserPrefix } from '../../access/stored-row.js';
import type { Frame } from '../../frame.js';
import type { Layout } from '../../scope.js';
import type { ExistingRows } from '../existing-row.js';
import { lockRow } from '../lock-row.js';
import { isTouched } from '../touched.js';
import { requireUnmodified } from '../triggers/self-modified.js';
import type { Member, Members } from './members.js';

/** Rows of a tree of tables: each is looked for in the table that it came from. */
export function compileMemberRows(
  plan: PlanUpdate | PlanDelete | PlanMerge,
  tableId: ColumnId,
  layout: Layout,
  members: Members,
): ExistingRows {
  const recheck = plan.recheck === undefined ? undefined : layout.predicate(plan.recheck);
  const keyPosition = layout.positionOf(plan.rowKey);
  const tablePosition = layout.positionOf(tableId);
  const columns = plan.existing.flatMap((column) => {
    const position = layout.position(column.id);
    return 'number' in column && position !== undefined ? [{ position, number: column.number }] : [];
  });
  const command = plan.kind === 'merge' ? 'updated or deleted' : plan.kind === 'delete' ? 'deleted' : 'updated';
  const userOf = (member: Member, key: Uint8Array): UserId | undefined =>
    isPartitioned(member.table) ? userId(readUserPrefix(key)) : undefined;
  const memberOf = (input: Row, frame: Frame): Member => members.of(input[tablePosition] ?? null, frame.cx);
  return {
    isTouched(input, frame) {
      const key = input[keyPosition];
      if (!(key instanceof Uint8Array)) return false;
      const member = memberOf(input, frame);
      return isTouched(frame, member.writer.spaceOf(userOf(member, key), frame.cx), key);
    },
    *take(input, mode, frame) {
      const key = input[keyPosition];
      if (key === null) return undefined;
      assert(key instanceof Uint8Array, 'a row key that is not bytes');
      const member = memberOf(input, frame);
      const { target } = member.writer;
      const user = userOf(member, key);
      const space = member.writer.spaceOf(user, frame.cx);
      if (isTouched(frame, space, key)) return undefined;
      const locked = yield* lockRow(target, space, key, mode, 'wait', frame);
      if (frame.firing !== undefined && locked?.changed !== true) yield* requireUnmodified(space, key, locked?.value, command, frame);
      if (locked === undefined) return undefined;
      const values = target.decode(locked.value);
      const stored = { space, key: locked.key, user, value: locked.value, values };
      if (!locked.changed) return { stored, input, member };
      const current = input.slice();
      current[keyPosition] = locked.key;
      for (const { position, number } of columns) current[position] = values[(member.numbers[number - 1] ?? 0) - 1] ?? null;
      if (recheck !== undefined && !recheck(current, frame)) return undefined;
      if (locked.key !== key && isTouched(frame, space, locked.key)) return undefined;
      return { stored, input: current, member };
    },
  };
}
