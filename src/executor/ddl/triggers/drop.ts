import type { TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { triggersOfTree } from '../../../catalog/tree-triggers.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { requireNoWaitingChecks } from '../../dml/constraint-checks.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, describeRelation, lockRelation, lookUpRelation, nameText, requireOwner } from '../names.js';
import { notice } from '../notices.js';
import { noPolicy, putPolicies } from '../policies/create.js';
import { putRules } from '../rules/create.js';
import { noTrigger } from './alter.js';
import { putTriggers } from './create.js';

/** DROP TRIGGER, RULE and POLICY. @throws SqlError 42P01, 42704, 42501 */
export async function dropMember(statement: UtilityStatement<'drop member'>, cx: UtilityContext): Promise<UtilityResult> {
  const { objectType, name } = statement;
  const tag = `DROP ${objectType.toUpperCase()}`;
  const found = lookUpRelation(statement.relation, cx);
  if (found === undefined) {
    const schema = statement.relation.schema;
    const text =
      schema !== undefined && catalogOf(cx).schema(schema) === undefined
        ? `schema "${schema}" does not exist`
        : `relation "${nameText(statement.relation)}" does not exist`;
    if (statement.ifExists !== true)
      throw new SqlError(text.startsWith('schema') ? SqlState.invalidSchemaName : SqlState.undefinedTable, text);
    notice(cx, `${text}, skipping`);
    return { tag };
  }
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const relation = catalogOf(cx).relationByOid(found.oid);
  const holder = relation?.kind === 'table' || relation?.kind === 'view' ? relation : undefined;
  if (objectType === 'trigger' && holder?.kind === 'table') refusePart(holder, name, cx);
  const members = holder === undefined ? [] : membersOf(holder, objectType);
  if (holder === undefined || !members.some((member) => member.name === name)) {
    if (statement.ifExists === true) {
      notice(cx, `${objectType} "${name}" for relation "${found.name}" does not exist, skipping`);
      return { tag };
    }
    if (objectType === 'trigger') throw noTrigger(name, found);
    if (objectType === 'policy') throw noPolicy(name, found);
    throw new SqlError(SqlState.undefinedObject, `rule "${name}" for relation "${found.name}" does not exist`);
  }
  if (holder.kind === 'table') requireNoWaitingChecks(cx.session.constraintChecks, holder, tag);
  if (objectType === 'trigger')
    putTriggers(
      holder,
      (holder.triggers ?? []).filter((trigger) => trigger.name !== name),
      cx,
    );
  else if (objectType === 'policy') {
    if (holder.kind === 'table')
      putPolicies(
        holder,
        (holder.policies ?? []).filter((policy) => policy.name !== name),
        cx,
      );
  } else
    putRules(
      holder,
      (holder.rules ?? []).filter((rule) => rule.name !== name),
      cx,
    );
  return { tag };
}

function membersOf(
  holder: TableDescriptor | ViewDescriptor,
  objectType: UtilityStatement<'drop member'>['objectType'],
): readonly { readonly name: string }[] {
  if (objectType === 'policy') return (holder.kind === 'table' ? holder.policies : undefined) ?? [];
  return (objectType === 'trigger' ? holder.triggers : holder.rules) ?? [];
}

/** A partition's part of a trigger goes with the trigger only. @throws SqlError 2BP01 */
function refusePart(table: TableDescriptor, name: string, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const held = triggersOfTree(table, catalog).find(({ trigger, parent }) => trigger.name === name && parent !== 0);
  const above = catalog.relationByOid(table.parents?.[0] ?? 0);
  if (held === undefined || above === undefined) return;
  const what = `trigger ${name} on ${describeRelation(above, cx)}`;
  throw new SqlError(
    SqlState.dependentObjectsStillExist,
    `cannot drop trigger ${name} on ${describeRelation(table, cx)} because ${what} requires it`,
    { hint: `You can drop ${what} instead.` },
  );
}
