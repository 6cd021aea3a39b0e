import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import type { TableDescriptor, TriggerDescriptor } from '../../../catalog/descriptors.js';
import { triggersOfTree } from '../../../catalog/tree-triggers.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { TableAlteration } from '../../../planner/parse/ast.js';
import { MODES, withKeyFiring } from './firing-modes.js';

type Change = Extract<TableAlteration, { readonly type: 'trigger' }>;
type PartFirings = NonNullable<TableDescriptor['partFirings']>;

/** ENABLE and DISABLE TRIGGER on a partition, as far as they are about its parts of triggers. */
export function alteredParts(table: TableDescriptor, { firing, which }: Change, catalog: CatalogSnapshot): TableDescriptor {
  const parts = triggersOfTree(table, catalog).filter(
    ({ trigger, parent }) => parent !== 0 && (typeof which === 'string' || trigger.name === which.name),
  );
  return withParts(
    table,
    parts.map(({ trigger }) => ({ trigger: trigger.oid, firing: MODES[firing] ?? 'origin' })),
  );
}

/** What the same on a partitioned table makes of a partition: its parts follow; with ONLY they stay as they were. */
export function followedParts(
  table: TableDescriptor,
  parent: { readonly before: TableDescriptor; readonly after: TableDescriptor },
  { which, firing }: Change,
  only: boolean,
  catalog: CatalogSnapshot,
): TableDescriptor {
  const parts = triggersOfTree(table, catalog).filter((held) => held.parent !== 0);
  if (!only) {
    const following = new Set(parts.filter(({ trigger }) => typeof which === 'string' || trigger.name === which.name).map(oidOf));
    const rest = (table.partFirings ?? []).filter(({ trigger }) => !following.has(trigger));
    const followed = withParts({ ...table, partFirings: [] }, rest);
    return which === 'all' ? withKeyFiring(followed, firing) : followed;
  }
  const before = firings(parent.before, catalog);
  const after = firings(parent.after, catalog);
  const kept = new Set(table.partFirings?.map(({ trigger }) => trigger));
  const moved = parts.filter((held) => !kept.has(held.trigger.oid) && before.get(held.parent) !== after.get(held.parent));
  return withParts(
    table,
    moved.map((held) => ({ trigger: held.trigger.oid, firing: before.get(held.parent) ?? 'origin' })),
  );
}

function oidOf({ trigger }: { readonly trigger: TriggerDescriptor }): Oid {
  return trigger.oid;
}

function firings(table: TableDescriptor, catalog: CatalogSnapshot): Map<Oid, PartFirings[number]['firing']> {
  return new Map(triggersOfTree(table, catalog).map(({ trigger }) => [trigger.oid, trigger.firing ?? 'origin']));
}

function withParts(table: TableDescriptor, changed: PartFirings): TableDescriptor {
  const { partFirings = [], ...rest } = table;
  const names = new Set(changed.map(({ trigger }) => trigger));
  const all = [...partFirings.filter(({ trigger }) => !names.has(trigger)), ...changed];
  return all.length === 0 ? rest : { ...rest, partFirings: all };
}

/** A trigger of a partitioned table needs its name in each partition. @returns the first that has one of its own by the name */
export function partitionWithTrigger(table: TableDescriptor, name: string, catalog: CatalogSnapshot): TableDescriptor | undefined {
  for (const part of partitionsBelow(table, catalog)) if (part.triggers?.some((own) => own.name === name) === true) return part;
  return undefined;
}

export function* partitionsBelow(table: TableDescriptor, catalog: CatalogSnapshot): Iterable<TableDescriptor> {
  if (table.partitionKey === undefined) return;
  for (const { oid } of catalog.childrenOf(table.oid)) {
    const part = catalog.relationByOid(oid);
    if (part?.kind !== 'table') continue;
    yield part;
    yield* partitionsBelow(part, catalog);
  }
}

export function duplicateTrigger(name: string, relation: { readonly name: string }): SqlError {
  return new SqlError(SqlState.duplicateObject, `trigger "${name}" for relation "${relation.name}" already exists`);
}

/** A table that becomes a partition gets parts of the triggers. @throws SqlError 42710, 55000 */
export function requireRoomForParts(child: TableDescriptor, parent: TableDescriptor, catalog: CatalogSnapshot): void {
  for (const { trigger } of triggersOfTree(parent, catalog)) {
    if (trigger.level !== 'row') continue;
    const taken =
      child.triggers?.some(({ name }) => name === trigger.name) === true ? child : partitionWithTrigger(child, trigger.name, catalog);
    if (taken !== undefined) throw duplicateTrigger(trigger.name, taken);
  }
}

/** @throws SqlError 55000 */
export function refuseTransitionTriggers(child: TableDescriptor, role: 'a partition' | 'an inheritance child'): void {
  const refused = child.triggers?.find((one) => one.level === 'row' && (one.oldTable ?? one.newTable) !== undefined);
  if (refused === undefined) return;
  throw new SqlError(
    SqlState.objectNotInPrerequisiteState,
    `trigger "${refused.name}" prevents table "${child.name}" from becoming ${role}`,
    {
      detail: `ROW triggers with transition tables are not supported ${role === 'a partition' ? 'on partitions' : 'in inheritance hierarchies'}.`,
    },
  );
}
