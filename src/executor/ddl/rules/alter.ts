import type { RuleDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { RenameStatement, TableAlteration } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from '../names.js';
import { withFiring } from '../triggers/firing-modes.js';
import { putRules } from './create.js';

export function noRule(name: string, relation: { readonly name: string }): SqlError {
  return new SqlError(SqlState.undefinedObject, `rule "${name}" for relation "${relation.name}" does not exist`);
}

/** ALTER TABLE ENABLE and DISABLE RULE. @throws SqlError 42704 */
export function alteredRules(
  relation: TableDescriptor | ViewDescriptor,
  { firing, name }: Extract<TableAlteration, { readonly type: 'rule' }>,
): readonly RuleDescriptor[] {
  const rules = relation.rules ?? [];
  if (!rules.some((rule) => rule.name === name)) throw noRule(name, relation);
  return rules.map((rule) => (rule.name === name ? withFiring(rule, firing) : rule));
}

/** ALTER RULE … RENAME TO. @throws SqlError 42704, 42710 */
export async function renameRule({ relation: name, member = '', to }: RenameStatement, cx: UtilityContext): Promise<void> {
  const found = findRelation(name, cx);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const relation = catalogOf(cx).relationByOid(found.oid);
  if (relation?.kind !== 'table' && relation?.kind !== 'view') throw noRule(member, found);
  const rules = relation.rules ?? [];
  const rule = rules.find((candidate) => candidate.name === member);
  if (rule === undefined) throw noRule(member, relation);
  if (rules.some((other) => other.name === to))
    throw new SqlError(SqlState.duplicateObject, `rule "${to}" for relation "${relation.name}" already exists`);
  putRules(relation, [...rules.filter((other) => other !== rule), { ...rule, name: to }], cx);
}
