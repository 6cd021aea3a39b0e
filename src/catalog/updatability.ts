import type { Oid } from '../commons/ids.js';
import type { CatalogSnapshot } from './catalog.js';
import type { RelationDescriptor, ViewDescriptor } from './descriptors.js';

/** Bits of pg_relation_is_updatable: PostgreSQL's CmdType. */
export const UpdatableEvent = { update: 4, insert: 8, delete: 16 } as const;

const ALL_EVENTS = UpdatableEvent.update | UpdatableEvent.insert | UpdatableEvent.delete;

/** What can be done to a relation's rows (pg_relation_is_updatable). @param withTriggers INSTEAD OF triggers count */
export function updatableEvents(catalog: CatalogSnapshot, relation: RelationDescriptor | undefined, withTriggers: boolean): number {
  let events = ALL_EVENTS;
  let triggered = 0;
  for (let current = relation; ; ) {
    if (current?.kind === 'table') return events | triggered;
    if (current?.kind !== 'view') return triggered;
    if (withTriggers) triggered |= triggeredEvents(current);
    if (current.updates === undefined) return triggered;
    if (current.updates.columns.every((number) => number === 0)) events = UpdatableEvent.delete;
    current = catalog.relationByOid(current.updates.relation);
  }
}

/** What INSTEAD OF triggers do. */
export function triggeredEvents({ triggers }: ViewDescriptor): number {
  let events = 0;
  for (const trigger of triggers ?? []) {
    if (trigger.timing !== 'instead of') continue;
    for (const event of trigger.events) if (event !== 'truncate') events |= UpdatableEvent[event];
  }
  return events;
}

/** Whether an UPDATE may set the column (pg_column_is_updatable). */
export function isColumnUpdatable(catalog: CatalogSnapshot, oid: Oid, number: number): boolean {
  let column = number;
  for (let current = catalog.relationByOid(oid); column > 0; ) {
    if (current?.kind === 'table') return current.columns[column - 1]?.dropped !== true && column <= current.columns.length;
    if (current?.kind !== 'view') return false;
    column = updatedColumn(current, column);
    current = current.updates === undefined ? undefined : catalog.relationByOid(current.updates.relation);
  }
  return false;
}

function updatedColumn({ updates }: ViewDescriptor, number: number): number {
  return updates?.columns[number - 1] ?? 0;
}
