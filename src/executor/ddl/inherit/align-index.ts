import type { IndexDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../../planner/parse/ast.js';
import { buildIndex, checkRows } from '../../bulk/index.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from '../names.js';
import { putDraft, type TableDraft } from '../table-draft.js';
import { addPartitionIndex, isSameIndex, linkIndex, matchingIndex } from './partition-indexes.js';

/** Gives a partition, and those below it, its part of an index of the partitioned table: a like one that it has, or a new one. */
export async function alignIndex(childOid: Oid, parent: TableDescriptor, index: IndexDescriptor, cx: UtilityContext): Promise<void> {
  const child = catalogOf(cx).relationByOid(childOid);
  if (child?.kind !== 'table') return;
  const existing = matchingIndex(child, parent, index, cx);
  if (existing !== undefined) {
    linkIndex(child, existing, index, cx);
    return;
  }
  const schema = catalogOf(cx).schemaByOid(child.schema);
  if (schema === undefined) return;
  const draft: TableDraft = { table: child, schema, indexes: [], sequences: [] };
  const part = addPartitionIndex(draft, parent, index, false, cx);
  putDraft(draft, cx);
  if (child.partitionKey !== undefined) {
    await indexPartitions(draft.table, part, cx);
    return;
  }
  await checkRows(child, draft.table, cx);
  await buildIndex(draft.table, part, cx);
}

/** A new index of a partitioned table comes on all its partitions. */
export async function indexPartitions(table: TableDescriptor, index: IndexDescriptor, cx: UtilityContext): Promise<void> {
  for (const { oid } of catalogOf(cx).childrenOf(table.oid)) {
    await lockRelation(oid, cx, 'SHARE');
    await alignIndex(oid, table, index, cx);
  }
}

/** ALTER INDEX … ATTACH PARTITION. @throws SqlError 55000, 42P17, 42809 */
export async function attachIndex(parentIndex: IndexDescriptor, name: QName, cx: UtilityContext): Promise<void> {
  const found = findRelation(name, cx);
  if (found.kind !== 'index') throw new SqlError(SqlState.wrongObjectType, `"${found.name}" is not an index`);
  requireOwner(found, cx);
  // As the partitioned table: other partitions may be worked on meanwhile.
  await lockRelation(found.table, cx, 'SHARE UPDATE EXCLUSIVE');
  const part = catalogOf(cx).relationByOid(found.oid);
  if (part?.kind !== 'index') return;
  const catalog = catalogOf(cx);
  const parent = catalog.relationByOid(parentIndex.table);
  const child = catalog.relationByOid(part.table);
  if (parent?.kind !== 'table' || child?.kind !== 'table') return;
  if (parent.partitionKey === undefined)
    throw new SqlError(SqlState.wrongObjectType, `ALTER action ATTACH PARTITION cannot be performed on relation "${parentIndex.name}"`, {
      detail: 'This operation is not supported for indexes.',
    });
  if (part.parentIndex === parentIndex.oid) return;
  const refuse = (code: typeof SqlState.objectNotInPrerequisiteState | typeof SqlState.invalidObjectDefinition, detail: string): SqlError =>
    new SqlError(code, `cannot attach index "${part.name}" as a partition of index "${parentIndex.name}"`, { detail });
  if (part.parentIndex !== undefined)
    throw refuse(SqlState.objectNotInPrerequisiteState, `Index "${part.name}" is already attached to another index.`);
  if (child.partitionBound === undefined || child.parents?.[0] !== parent.oid)
    throw refuse(SqlState.objectNotInPrerequisiteState, `Index "${part.name}" is not an index on any partition of table "${parent.name}".`);
  if (!isSameIndex(child, { ...part, constraint: parentIndex.constraint ?? 0 }, parent, parentIndex))
    throw refuse(SqlState.invalidObjectDefinition, 'The index definitions do not match.');
  if (parentIndex.constraint !== undefined && part.constraint === undefined)
    throw refuse(
      SqlState.invalidObjectDefinition,
      `The index "${parentIndex.name}" belongs to a constraint in table "${parent.name}" but no constraint exists for index "${part.name}".`,
    );
  if (catalog.indexesOf(child.oid).some((other) => other.parentIndex === parentIndex.oid))
    throw refuse(SqlState.objectNotInPrerequisiteState, `Another index is already attached for partition "${child.name}".`);
  linkIndex(child, part, parentIndex, cx);
  validate(parentIndex.oid, cx);
}

/** An index of a partitioned table is valid once every partition has its part, which is valid itself. */
function validate(oid: Oid, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const index = catalog.relationByOid(oid);
  if (index?.kind !== 'index' || index.invalid !== true) return;
  const isWhole = catalog
    .childrenOf(index.table)
    .every((child) => catalog.indexesOf(child.oid).some((part) => part.parentIndex === oid && part.invalid !== true));
  if (!isWhole) return;
  const { invalid: _invalid, ...valid } = index;
  cx.session.catalog.put(cx.transaction, valid);
  if (valid.parentIndex !== undefined) validate(valid.parentIndex, cx);
}
