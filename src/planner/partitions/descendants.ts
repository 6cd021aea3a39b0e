import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import { partitionMapOf } from './partition-map.js';

/** A table and all that inherit from it, each once: level by level, by oid (PostgreSQL's find_all_inheritors). */
export function inheritors(table: TableDescriptor, catalog: CatalogSnapshot): readonly TableDescriptor[] {
  const found: TableDescriptor[] = [table];
  const seen = new Set([table.oid]);
  for (const parent of found) {
    for (const child of catalog.childrenOf(parent.oid)) {
      if (seen.has(child.oid)) continue;
      seen.add(child.oid);
      found.push(child);
    }
  }
  return found;
}

/** The partitions of a partitioned table that have rows, in the order of their bounds. */
export function leavesOf(table: TableDescriptor, catalog: CatalogSnapshot): readonly TableDescriptor[] {
  if (table.partitionKey === undefined) return [table];
  return partitionMapOf(table, catalog).ordered.flatMap((partition) => leavesOf(partition, catalog));
}

/** Parents, their parents and so on, the nearest first. */
export function ancestorsOf(table: TableDescriptor, catalog: CatalogSnapshot): readonly TableDescriptor[] {
  const found: TableDescriptor[] = [];
  const seen = new Set([table.oid]);
  const queue = [table];
  for (const one of queue) {
    for (const oid of one.parents ?? []) {
      const parent = catalog.relationByOid(oid);
      if (parent?.kind !== 'table' || seen.has(oid)) continue;
      seen.add(oid);
      found.push(parent);
      queue.push(parent);
    }
  }
  return found;
}
