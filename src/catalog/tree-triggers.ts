import type { Oid } from '../commons/ids.js';
import type { CatalogSnapshot } from './catalog.js';
import type { TableDescriptor, TriggerDescriptor, ViewDescriptor } from './descriptors.js';

/** A trigger as a relation has it. */
export interface HeldTrigger {
  readonly trigger: TriggerDescriptor;
  /** Of a partition: the oid of the partitioned table's trigger that it is part of; 0: its own. */
  readonly parent: Oid;
}

export function ownTriggers({ triggers }: TableDescriptor | ViewDescriptor): readonly HeldTrigger[] {
  return (triggers ?? []).map((trigger) => ({ trigger, parent: 0 }));
}

/**
 * A table's triggers with those that its rows have from the partitioned tables above it, in the order of their names. A partition's part of a
 * trigger is not stored: its oid follows from the trigger's and the partition's.
 */
export function triggersOfTree(table: TableDescriptor, catalog: CatalogSnapshot): readonly HeldTrigger[] {
  const own = ownTriggers(table);
  const above = table.partitionBound === undefined ? undefined : catalog.relationByOid(table.parents?.[0] ?? 0);
  if (above?.kind !== 'table') return own;
  const parts = triggersOfTree(above, catalog).flatMap(({ trigger }): readonly HeldTrigger[] =>
    trigger.level === 'row' ? [{ trigger: partOf(trigger, above, table), parent: trigger.oid }] : [],
  );
  return [...own, ...parts].sort((a, b) => (a.trigger.name < b.trigger.name ? -1 : a.trigger.name > b.trigger.name ? 1 : 0));
}

function partOf(trigger: TriggerDescriptor, above: TableDescriptor, table: TableDescriptor): TriggerDescriptor {
  const columns = trigger.columns?.map((number) => {
    const name = above.columns[number - 1]?.name;
    return table.columns.find((column) => column.name === name && column.dropped !== true)?.number ?? 0;
  });
  const oid = partOid(trigger.oid, table.oid);
  const { firing: whole, ...rest } = trigger;
  const own = table.partFirings?.find((one) => one.trigger === oid)?.firing ?? whole;
  const firing = own === undefined || own === 'origin' ? {} : { firing: own };
  return { ...rest, oid, ...firing, ...(columns === undefined ? {} : { columns }) };
}

/** Above all oids that are given out, and the same for the same two. */
function partOid(trigger: Oid, partition: Oid): Oid {
  return (0x8000_0000 | (Math.imul(trigger, 0x9e37_79b1) ^ Math.imul(partition, 0x85eb_ca6b))) >>> 0;
}
