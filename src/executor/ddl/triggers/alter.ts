import type { TableDescriptor, TriggerDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { isSuperuser } from '../../../catalog/privileges.js';
import { ownTriggers, triggersOfTree } from '../../../catalog/tree-triggers.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Firing, RenameStatement, TableAlteration } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from '../names.js';
import { putTriggers } from './create.js';
import { withFiring, withKeyFiring } from './firing-modes.js';
import { alteredParts, duplicateTrigger, partitionWithTrigger } from './parts.js';

/** ALTER TABLE ENABLE and DISABLE TRIGGER. @throws SqlError 42704 */
export function alteredTriggers(
  relation: TableDescriptor | ViewDescriptor,
  { firing, which }: Extract<TableAlteration, { readonly type: 'trigger' }>,
): readonly TriggerDescriptor[] {
  const triggers = relation.triggers ?? [];
  if (typeof which !== 'string' && !triggers.some(({ name }) => name === which.name)) throw noTrigger(which.name, relation);
  return triggers.map((trigger) => (typeof which === 'string' || trigger.name === which.name ? withFiring(trigger, firing) : trigger));
}

/** Of a table, which as a partition may have parts of triggers. @throws SqlError 42704, 42501 */
export function withAlteredTriggers(
  table: TableDescriptor,
  change: Extract<TableAlteration, { readonly type: 'trigger' }>,
  cx: UtilityContext,
): TableDescriptor {
  const { which, firing } = change;
  const catalog = catalogOf(cx);
  const held = triggersOfTree(table, catalog);
  const parted = held.some(({ parent }) => parent !== 0) ? alteredParts(table, change, catalog) : table;
  const isPart = typeof which !== 'string' && held.some(({ trigger, parent }) => parent !== 0 && trigger.name === which.name);
  if (isPart) return parted;
  const altered = which === 'all' ? withKeys(parted, firing, cx) : parted;
  const triggers = alteredTriggers(table, change);
  return triggers.length === 0 ? altered : { ...altered, triggers };
}

/** ALL: what keeps foreign keys too. @throws SqlError 42501 */
function withKeys(table: TableDescriptor, firing: Firing, cx: UtilityContext): TableDescriptor {
  const catalog = catalogOf(cx);
  const key =
    table.constraints.find(({ kind }) => kind === 'foreign key') ??
    catalog.referencingTables(table.oid)[0]?.constraints.find((one) => one.kind === 'foreign key' && one.referencedTable === table.oid);
  if (key === undefined) return table;
  if (!isSuperuser(catalog, cx.session.currentRole))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied: "RI_ConstraintTrigger_${key.oid}" is a system trigger`);
  return withKeyFiring(table, firing);
}

export function noTrigger(name: string, relation: { readonly name: string }): SqlError {
  return new SqlError(SqlState.undefinedObject, `trigger "${name}" for table "${relation.name}" does not exist`);
}

/** ALTER TRIGGER … RENAME TO. @throws SqlError 42704, 42710 */
export async function renameTrigger({ relation: name, member, to }: RenameStatement, cx: UtilityContext): Promise<void> {
  const found = findRelation(name, cx);
  if (found.kind !== 'table' && found.kind !== 'view')
    throw new SqlError(SqlState.wrongObjectType, `relation "${found.name}" cannot have triggers`);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const relation = catalogOf(cx).relationByOid(found.oid);
  if (relation?.kind !== 'table' && relation?.kind !== 'view') throw noTrigger(member ?? '', found);
  const triggers = relation.triggers ?? [];
  const trigger = triggers.find((candidate) => candidate.name === member);
  if (relation.kind === 'table') refusePart(relation, member ?? '', cx);
  const held = relation.kind === 'table' ? triggersOfTree(relation, catalogOf(cx)) : ownTriggers(relation);
  if (held.some((other) => other.trigger.name === to)) throw duplicateTrigger(to ?? '', relation);
  if (trigger === undefined) throw noTrigger(member ?? '', relation);
  const taken = relation.kind === 'table' && trigger.level === 'row' ? partitionWithTrigger(relation, to ?? '', catalogOf(cx)) : undefined;
  if (taken !== undefined) throw duplicateTrigger(to ?? '', taken);
  putTriggers(relation, [...triggers.filter((other) => other !== trigger), { ...trigger, name: to }], cx);
}

/** @throws SqlError XX000 */
function refusePart(table: TableDescriptor, name: string, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  if (!triggersOfTree(table, catalog).some(({ trigger, parent }) => trigger.name === name && parent !== 0)) return;
  const above = catalog.relationByOid(table.parents?.[0] ?? 0);
  throw new SqlError(SqlState.internalError, `cannot rename trigger "${name}" on table "${table.name}"`, {
    hint: `Rename the trigger on the partitioned table "${above?.name ?? ''}" instead.`,
  });
}
