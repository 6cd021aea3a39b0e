import type { TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName, TableAlteration } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, kindWord, lockRelation, requireOwner } from '../names.js';
import { refuseTransitionTriggers } from '../triggers/parts.js';
import { attachPartition } from './attach.js';
import { detachPartition } from './detach.js';
import { joinParent, leaveParent, refuseCircle } from './join-parent.js';
import { requireSameTableType } from './parents.js';

type TreeChange = Extract<TableAlteration, { type: 'inherit' | 'no inherit' | 'attach partition' | 'detach partition' }>;

/** Changes of the tree itself. */
export function isTreeChange(change: TableAlteration): change is TreeChange {
  switch (change.type) {
    case 'inherit':
    case 'no inherit':
    case 'attach partition':
    case 'detach partition':
      return true;
    default:
      return false;
  }
}

export async function alterTreeOf(oid: Oid, change: TreeChange, cx: UtilityContext): Promise<void> {
  const table = catalogOf(cx).relationByOid(oid);
  if (table?.kind !== 'table') return;
  switch (change.type) {
    case 'inherit':
      await inherit(table, change.parent, cx);
      return;
    case 'no inherit':
      await disinherit(table, change.parent, cx);
      return;
    case 'attach partition':
      await attachPartition(table, change, cx);
      return;
    case 'detach partition':
      await detachPartition(table, change, cx);
  }
}

function wrong(message: string): SqlError {
  return new SqlError(SqlState.wrongObjectType, message);
}

/** INHERIT: the table has all that the parent has already. @throws SqlError 42809, 42P07, 42804, 42P17 */
async function inherit(child: TableDescriptor, name: QName, cx: UtilityContext): Promise<void> {
  if (child.ofType !== undefined) throw wrong('cannot change inheritance of typed table');
  if (child.partitionBound !== undefined) throw wrong('cannot change inheritance of a partition');
  if (child.partitionKey !== undefined) throw wrong('cannot change inheritance of partitioned table');
  const found = findRelation(name, cx);
  if (found.kind !== 'table') throw wrong(`"${found.name}" is not a table or foreign table`);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const parent = catalogOf(cx).relationByOid(found.oid);
  if (parent?.kind !== 'table') return;
  if (parent.persistence === 'temporary' && child.persistence !== 'temporary')
    throw wrong(`cannot inherit from temporary relation "${parent.name}"`);
  if (parent.partitionKey !== undefined) throw wrong(`cannot inherit from partitioned ${kindWord(parent)} "${parent.name}"`);
  if (parent.partitionBound !== undefined) throw wrong('cannot inherit from a partition');
  requireSameTableType(child, parent);
  if (child.parents?.includes(parent.oid) === true)
    throw new SqlError(SqlState.duplicateTable, `relation "${parent.name}" would be inherited from more than once`);
  refuseCircle(parent, child, cx);
  refuseTransitionTriggers(child, 'an inheritance child');
  cx.session.catalog.put(cx.transaction, joinParent(child, parent, false));
}

async function disinherit(child: TableDescriptor, name: QName, cx: UtilityContext): Promise<void> {
  if (child.partitionBound !== undefined) throw wrong('cannot change inheritance of a partition');
  const parent = findRelation(name, cx);
  if (parent.kind !== 'table' || child.parents?.includes(parent.oid) !== true)
    throw new SqlError(SqlState.undefinedTable, `relation "${parent.name}" is not a parent of relation "${child.name}"`);
  // Statements on the parent must not be under way.
  await lockRelation(parent.oid, cx);
  cx.session.catalog.put(cx.transaction, leaveParent(child, parent));
}
