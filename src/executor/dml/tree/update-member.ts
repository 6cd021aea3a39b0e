import type { SqlValue } from '../../../types/value.js';
import { partitionOf } from '../../access/index.js';
import type { Frame } from '../../frame.js';
import type { Waiting } from '../../waiting.js';
import { type CompiledTarget, checkViews } from '../compiled-target.js';
import type { StoredRow } from '../row-writer.js';
import type { ChangedColumns } from '../triggers/table-triggers.js';
import type { Member, Members } from './members.js';
import { asSeenFrom } from './routed-violation.js';
import { convert, route } from './router.js';

/** A row as it was written, by the root's columns, and where. */
export interface WrittenRow {
  readonly values: SqlValue[];
  readonly table: number;
}

/** So that the new row counts as changed by the statement, which may come across it. */
const TOLERATES_NOTHING = (): boolean => false;

/**
 * Replaces a row of a member of the tree. One that its partition can't have any more is deleted there and inserted where it belongs.
 * @param values the new row by the member's columns
 * @param changed the root's columns that are set
 * @returns undefined: a trigger said that nothing is to be done
 * @throws SqlError 23514, 0A000, and as RowWriter's
 */
export function* updateMember(
  root: CompiledTarget,
  members: Members,
  member: Member,
  old: StoredRow,
  values: SqlValue[],
  frame: Frame,
  changed: ChangedColumns,
): Waiting<WrittenRow | undefined> {
  const { writer } = member;
  const own = changed?.map((number) => member.numbers[number - 1] ?? 0);
  if (writer.target.triggers !== undefined && !(yield* writer.beforeUpdate(old, values, own, frame))) return undefined;
  if (root.table.partitionKey === undefined || writer.target.isOfPartition?.(values, frame) !== false) {
    yield* asSeenFrom(root, writer, values, frame, writer.replace(old, values, frame, own));
    return written(root, member.toRoot(values), member.table.oid, frame);
  }
  const routed = route(root, member.toRoot(values), members.children, frame);
  if (writer.target.triggers !== undefined && !(yield* writer.beforeDelete(old, frame))) return undefined;
  writer.moveOut(old, frame);
  const { triggers } = routed.writer.target;
  if (triggers !== undefined && !(yield* triggers.beforeInsert(routed.values, frame))) return undefined;
  const user = old.user ?? partitionOf(routed.writer.target.table, frame.cx.actingUser);
  yield* asSeenFrom(root, routed.writer, routed.values, frame, routed.writer.insert(routed.values, user, frame, TOLERATES_NOTHING));
  yield* writer.moved(old, convert(routed.writer.target.table, member.table, routed.values), frame);
  const { table } = routed.writer.target;
  return written(root, convert(table, root.table, routed.values), table.oid, frame);
}

/** Views and policies are the target's, whichever of its tables has the row. @throws SqlError 44000, 42501 */
function written(root: CompiledTarget, values: SqlValue[], table: number, frame: Frame): WrittenRow {
  if (root.viewChecks !== undefined) checkViews(root, values, frame);
  return { values, table };
}
