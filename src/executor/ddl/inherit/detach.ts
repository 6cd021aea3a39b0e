import { partitionConstraintDefinition } from '../../../catalog/definitions/index.js';
import type { Constraint, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { storedExpression } from '../../../planner/bind/stored-text.js';
import type { TableAlteration } from '../../../planner/parse/ast.js';
import { leavesOf } from '../../../planner/partitions/descendants.js';
import { partitionMapOf } from '../../../planner/partitions/partition-map.js';
import type { SqlValue } from '../../../types/value.js';
import { tableRows } from '../../bulk/table-rows.js';
import { declaredReference, type Reference, referencesTo } from '../../dml/reference-lookup.js';
import { referencingRows } from '../../dml/referential-actions.js';
import { columnsText } from '../../dml/violations.js';
import { constantText } from '../../functions/system/partitions.js';
import { drive } from '../../waiting.js';
import { addCheck } from '../constraints.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, lockRelation } from '../names.js';
import type { TableDraft } from '../table-draft.js';
import { leaveParent } from './join-parent.js';

/**
 * DETACH PARTITION: the partition is a table of its own again, with the indexes and keys that it has. CONCURRENTLY and FINALIZE come to the
 * same, since no statement on the partitioned table outlives the lock.
 * @throws SqlError 42P01, 55000, 23503
 */
export async function detachPartition(
  parent: TableDescriptor,
  change: Extract<TableAlteration, { type: 'detach partition' }>,
  cx: UtilityContext,
): Promise<void> {
  if (parent.partitionKey === undefined) throw new SqlError(SqlState.invalidObjectDefinition, `table "${parent.name}" is not partitioned`);
  if (change.mode === 'concurrently') {
    const map = partitionMapOf(parent, catalogOf(cx));
    if (map.defaultIndex !== -1)
      throw new SqlError(SqlState.objectNotInPrerequisiteState, 'cannot detach partitions concurrently when a default partition exists');
  }
  const found = findRelation(change.partition, cx);
  if (found.kind !== 'table' || found.parents?.[0] !== parent.oid || found.partitionBound === undefined)
    throw new SqlError(SqlState.undefinedTable, `relation "${found.name}" is not a partition of relation "${parent.name}"`);
  if (change.mode === 'finalize')
    throw new SqlError(SqlState.objectNotInPrerequisiteState, `partition "${found.name}" is not in the process of being detached`);
  await lockRelation(found.oid, cx);
  const child = catalogOf(cx).relationByOid(found.oid);
  if (child?.kind !== 'table') return;
  await refuseReferenced(child, cx);
  const {
    partitionBound: _bound,
    partitionBoundText: _text,
    detachPending: _pending,
    partFirings: _firings,
    ...rest
  } = leaveParent(child, parent);
  for (const index of catalogOf(cx).indexesOf(child.oid)) {
    if (index.parentIndex === undefined) continue;
    const { parentIndex: _parent, ...own } = index;
    cx.session.catalog.put(cx.transaction, own);
  }
  const detached = { ...rest, constraints: rest.constraints.map(ownConstraint) };
  cx.session.catalog.put(cx.transaction, change.mode === 'concurrently' ? withBoundAsCheck(detached, child, cx) : detached);
}

/** Detached concurrently, the table keeps what its bound said of its rows. */
function withBoundAsCheck(detached: TableDescriptor, partition: TableDescriptor, cx: UtilityContext): TableDescriptor {
  const catalog = catalogOf(cx);
  const exprText = partitionConstraintDefinition(catalog, partition, (value, type) => constantText(value, type, cx));
  const schema = catalog.schemaByOid(detached.schema);
  if (exprText === undefined || schema === undefined) return detached;
  const draft: TableDraft = { table: detached, schema, indexes: [], sequences: [] };
  addCheck(draft, { expr: storedExpression(cx.planner.parser, partition, exprText) }, cx);
  return draft.table;
}

function ownConstraint(constraint: Constraint): Constraint {
  if (constraint.kind === 'check') return constraint;
  const { parent: _parent, notLocal: _notLocal, ...own } = constraint;
  return own;
}

/** Rows of other tables may refer to the partition's, by way of the partitioned table. @throws SqlError 23503 */
async function refuseReferenced(child: TableDescriptor, cx: UtilityContext): Promise<void> {
  const catalog = catalogOf(cx);
  for (const leaf of leavesOf(child, catalog)) {
    const references = referencesTo(leaf, catalog).filter(({ original }) => original !== undefined);
    if (references.length === 0) continue;
    for await (const piece of tableRows(leaf, cx)) {
      for (const { values, user } of piece) {
        for (const reference of references) {
          const keys = reference.constraint.referencedColumns.map((number) => values[number - 1] ?? null);
          if (keys.includes(null)) continue;
          const [row] = await drive(referencingRows(leaf, reference, keys, user, { ...cx, catalog }));
          if (row !== undefined) throw stillNeeded(leaf, reference, keys, cx);
        }
      }
    }
  }
}

function stillNeeded(leaf: TableDescriptor, reference: Reference, keys: readonly SqlValue[], cx: UtilityContext): SqlError {
  const { child, constraint } = declaredReference(reference, catalogOf(cx));
  return new SqlError(
    SqlState.foreignKeyViolation,
    `removing partition "${leaf.name}" violates foreign key constraint "${constraint.name}"`,
    {
      table: child.name,
      constraint: constraint.name,
      detail: `Key ${columnsText(child, constraint.columns, keys, cx)} is still referenced from table "${child.name}".`,
    },
  );
}
