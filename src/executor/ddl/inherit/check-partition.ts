import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { leavesOf } from '../../../planner/partitions/descendants.js';
import { bulkTarget } from '../../bulk/bound-target.js';
import { tableRows } from '../../bulk/table-rows.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';

/** Rows of a table that has just become a partition. @throws SqlError 23514 */
export async function checkPartition(partition: TableDescriptor, cx: UtilityContext): Promise<void> {
  for (const leaf of leavesOf(partition, catalogOf(cx))) {
    if (await hasStrangers(leaf, cx)) throw violated(`partition constraint of relation "${leaf.name}" is violated by some row`, leaf);
  }
}

/** Rows of a default partition that belong to a new one. @throws SqlError 23514 */
export async function checkDefaultPartition(standing: TableDescriptor, cx: UtilityContext): Promise<void> {
  for (const leaf of leavesOf(standing, catalogOf(cx))) {
    if (await hasStrangers(leaf, cx))
      throw violated(`updated partition constraint for default partition "${leaf.name}" would be violated by some row`, leaf);
  }
}

async function hasStrangers(leaf: TableDescriptor, cx: UtilityContext): Promise<boolean> {
  const { target, frame } = bulkTarget(leaf, cx);
  for await (const piece of tableRows(leaf, cx)) {
    for (const { values } of piece) if (target.isOfPartition?.(values, frame) === false) return true;
  }
  return false;
}

function violated(message: string, { name }: TableDescriptor): SqlError {
  return new SqlError(SqlState.checkViolation, message, { table: name });
}
