import type { TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { TableAlteration } from '../../../planner/parse/ast.js';
import { checkRows } from '../../bulk/index.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from '../names.js';
import { liveColumns, putDraft, type TableDraft } from '../table-draft.js';
import { refuseTransitionTriggers, requireRoomForParts } from '../triggers/parts.js';
import { alignIndex } from './align-index.js';
import { checkPartition } from './check-partition.js';
import { joinParent, refuseCircle } from './join-parent.js';
import { boundBeside, checkDefaultOf } from './new-partition.js';
import { requireSameTableType } from './parents.js';
import { partitionBoundOf } from './partition-bound.js';
import { addPartitionForeignKey } from './partition-foreign-keys.js';

function wrong(message: string): SqlError {
  return new SqlError(SqlState.wrongObjectType, message);
}

/** ATTACH PARTITION: the table must fit, with its rows. @throws SqlError 42809, 42804, 42P17, 23514 … */
export async function attachPartition(
  parent: TableDescriptor,
  change: Extract<TableAlteration, { type: 'attach partition' }>,
  cx: UtilityContext,
): Promise<void> {
  if (parent.partitionKey === undefined || change.bound === undefined)
    throw new SqlError(SqlState.invalidObjectDefinition, `table "${parent.name}" is not partitioned`);
  const given = partitionBoundOf(parent, change.bound, cx);
  const found = findRelation(change.partition, cx);
  if (found.kind !== 'table') throw wrong(`"${found.name}" is not a table or foreign table`);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const child = catalogOf(cx).relationByOid(found.oid);
  if (child?.kind !== 'table') return;
  requireAttachable(child, parent, cx);
  const joined = joinParent(child, parent, true);
  const bound = await boundBeside(child.name, parent, change.bound, cx, given);
  cx.session.catalog.put(cx.transaction, { ...joined, ...bound });
  await alignParts(child.oid, parent.oid, cx);
  const attached = catalogOf(cx).relationByOid(child.oid);
  if (attached?.kind === 'table') await checkPartition(attached, cx);
  await checkDefaultOf(parent, cx);
}

function requireAttachable(child: TableDescriptor, parent: TableDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  if (child.partitionBound !== undefined) throw wrong(`"${child.name}" is already a partition`);
  if (child.ofType !== undefined) throw wrong('cannot attach a typed table as partition');
  if (child.parents !== undefined) throw wrong('cannot attach inheritance child as partition');
  if (child.partitionKey === undefined && catalog.childrenOf(child.oid).length > 0)
    throw wrong('cannot attach inheritance parent as partition');
  refuseCircle(parent, child, cx);
  if (parent.persistence !== 'temporary' && child.persistence === 'temporary')
    throw wrong(`cannot attach a temporary relation as partition of permanent relation "${parent.name}"`);
  if (parent.persistence === 'temporary' && child.persistence !== 'temporary')
    throw wrong(`cannot attach a permanent relation as partition of temporary relation "${parent.name}"`);
  requireSameTableType(child, parent);
  const known = new Set(liveColumns(parent).map(({ name }) => name));
  const stranger = liveColumns(child).find(({ name }) => !known.has(name));
  if (stranger !== undefined)
    throw new SqlError(
      SqlState.datatypeMismatch,
      `table "${child.name}" contains column "${stranger.name}" not found in parent "${parent.name}"`,
      { detail: 'The new partition may contain only the columns present in parent.' },
    );
  refuseTransitionTriggers(child, 'a partition');
  requireRoomForParts(child, parent, catalog);
}

/** Gives a partition, and those below it, their parts of the parent's indexes and foreign keys; like ones that they have are taken. */
async function alignParts(childOid: Oid, parentOid: Oid, cx: UtilityContext): Promise<void> {
  const parent = catalogOf(cx).relationByOid(parentOid);
  if (parent?.kind !== 'table') return;
  for (const index of catalogOf(cx).indexesOf(parent.oid)) await alignIndex(childOid, parent, index, cx);
  if (parent.constraints.some(({ kind }) => kind === 'foreign key')) await alignForeignKeys(childOid, parent, cx);
}

async function alignForeignKeys(childOid: Oid, parent: TableDescriptor, cx: UtilityContext): Promise<void> {
  const child = catalogOf(cx).relationByOid(childOid);
  const schema = child === undefined ? undefined : catalogOf(cx).schemaByOid(child.schema);
  if (child?.kind !== 'table' || schema === undefined) return;
  const draft: TableDraft = { table: child, schema, indexes: [], sequences: [] };
  for (const key of parent.constraints) if (key.kind === 'foreign key') addPartitionForeignKey(draft, parent, key, cx);
  putDraft(draft, cx);
  if (child.partitionKey === undefined) {
    await checkRows(child, draft.table, cx);
    return;
  }
  for (const { oid } of catalogOf(cx).childrenOf(child.oid)) {
    await lockRelation(oid, cx);
    await alignForeignKeys(oid, draft.table, cx);
  }
}
