import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { requireNoWaitingChecks } from '../../dml/constraint-checks.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, lockRelation, lookUpRelation, nameText, requireOwner } from '../names.js';
import { notice } from '../notices.js';
import { putRules } from '../rules/create.js';
import { noTrigger } from './alter.js';
import { putTriggers } from './create.js';

/** DROP TRIGGER and DROP RULE. @throws SqlError 42P01, 42704, 42501 */
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
  const members: readonly { readonly name: string }[] = (objectType === 'trigger' ? holder?.triggers : holder?.rules) ?? [];
  if (holder === undefined || !members.some((member) => member.name === name)) {
    if (statement.ifExists === true) {
      notice(cx, `${objectType} "${name}" for relation "${found.name}" does not exist, skipping`);
      return { tag };
    }
    if (objectType === 'trigger') throw noTrigger(name, found);
    throw new SqlError(SqlState.undefinedObject, `rule "${name}" for relation "${found.name}" does not exist`);
  }
  if (holder.kind === 'table') requireNoWaitingChecks(cx.session.constraintChecks, holder, tag);
  if (objectType === 'trigger')
    putTriggers(
      holder,
      (holder.triggers ?? []).filter((trigger) => trigger.name !== name),
      cx,
    );
  else
    putRules(
      holder,
      (holder.rules ?? []).filter((rule) => rule.name !== name),
      cx,
    );
  return { tag };
}
