import type { PartitionBound, TableDescriptor } from '../../../catalog/descriptors.js';
import type { PartitionBoundSpec } from '../../../planner/parse/ast.js';
import { partitionMapOf } from '../../../planner/partitions/partition-map.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, lockRelation } from '../names.js';
import type { TableDraft } from '../table-draft.js';
import { checkDefaultPartition } from './check-partition.js';
import { boundText, partitionBoundOf, refuseOverlap } from './partition-bound.js';
import { addPartitionForeignKey } from './partition-foreign-keys.js';
import { addPartitionIndex } from './partition-indexes.js';

/** PARTITION OF … FOR VALUES: the bound, beside those that are there. @throws SqlError 42P16, 42P17, 42804 */
export async function boundBeside(
  name: string,
  parent: TableDescriptor,
  spec: PartitionBoundSpec,
  cx: UtilityContext,
  bound: PartitionBound = partitionBoundOf(parent, spec, cx),
): Promise<Pick<TableDescriptor, 'partitionBound' | 'partitionBoundText'>> {
  const map = partitionMapOf(parent, catalogOf(cx));
  refuseOverlap(name, bound, map, parent, spec, cx);
  const standing = map.ordered[map.defaultIndex];
  // Rows that would now go elsewhere must not come into the default partition meanwhile.
  if (standing !== undefined) await lockRelation(standing.oid, cx);
  return { partitionBound: bound, partitionBoundText: boundText(bound, parent, cx) };
}

/** Indexes and foreign keys that a new partition has because its partitioned table has them. */
export function addPartitionParts(draft: TableDraft, parent: TableDescriptor, cx: UtilityContext): void {
  for (const index of catalogOf(cx).indexesOf(parent.oid)) addPartitionIndex(draft, parent, index, true, cx);
  for (const constraint of parent.constraints) if (constraint.kind === 'foreign key') addPartitionForeignKey(draft, parent, constraint, cx);
}

/** Once the new partition is in the catalog: the default one must not have rows of it. @throws SqlError 23514 */
export async function checkDefaultOf(parent: TableDescriptor, cx: UtilityContext): Promise<void> {
  const map = partitionMapOf(parent, catalogOf(cx));
  const standing = map.ordered[map.defaultIndex];
  if (standing !== undefined) await checkDefaultPartition(standing, cx);
}
