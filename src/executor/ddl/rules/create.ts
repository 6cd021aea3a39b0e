import type { RelationDescriptor, RuleDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { checkRule } from '../../../planner/bind/bind.js';
import type { CreateRuleStatement } from '../../../planner/parse/ast.js';
import { deparseExpression } from '../../../planner/parse/deparse.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from '../names.js';
import { requireMaySeeRows } from '../scalar.js';
import { newOid } from '../table-draft.js';

/** CREATE [OR REPLACE] RULE. @throws SqlError 42809, 42710, 42P17, 0A000 … */
export async function createRule(statement: UtilityStatement<'create rule'>, cx: UtilityContext): Promise<UtilityResult> {
  const found = findRelation(statement.relation, cx);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const relation = catalogOf(cx).relationByOid(found.oid) ?? found;
  requireRules(relation);
  requireMaySeeRows('rule', relation, cx);
  const { event } = statement;
  if (event === 'select') throw selectRule(statement, relation);
  const before = relation.rules?.find(({ name }) => name === statement.name);
  if (before !== undefined && statement.orReplace !== true)
    throw new SqlError(SqlState.duplicateObject, `rule "${statement.name}" for relation "${relation.name}" already exists`);
  const rule: RuleDescriptor = {
    oid: before?.oid ?? newOid(cx),
    name: statement.name,
    event,
    instead: statement.instead,
    ...(statement.where === undefined ? {} : { whereText: deparseExpression(statement.where) }),
    actions: statement.actions.map(({ text }) => text),
    searchPath: cx.session.searchPath(true),
    dependsOn: [],
  };
  const offsets = statement.actions.map(({ offset }) => offset);
  const dependsOn = checkRule(rule, relation, offsets, { ...cx.planner, catalog: catalogOf(cx), paramTypes: [] });
  putRules(relation, [...(relation.rules ?? []).filter((other) => other !== before), { ...rule, dependsOn }], cx);
  return { tag: 'CREATE RULE' };
}

const PLURALS: Readonly<Record<string, string>> = { sequence: 'sequences', index: 'indexes', composite: 'composite types' };

function requireRules(relation: RelationDescriptor): asserts relation is TableDescriptor | ViewDescriptor {
  if (relation.kind === 'table' || relation.kind === 'view') return;
  throw new SqlError(SqlState.wrongObjectType, `relation "${relation.name}" cannot have rules`, {
    detail: `This operation is not supported for ${PLURALS[relation.kind] ?? relation.kind}.`,
  });
}

/** What CREATE VIEW is for. */
function selectRule({ instead, actions, where, name }: CreateRuleStatement, relation: TableDescriptor | ViewDescriptor): SqlError {
  const unsupported = (message: string, hint?: string): SqlError =>
    new SqlError(SqlState.featureNotSupported, message, hint === undefined ? {} : { hint });
  if (actions.length > 1) return unsupported('multiple actions for rules on SELECT are not implemented', 'Use views instead.');
  if (actions.length === 0 || !instead || !/^\s*(select|values|with)\b/i.test(actions[0]?.text ?? ''))
    return unsupported('rules on SELECT must have action INSTEAD SELECT');
  if (where !== undefined) return unsupported('event qualifications are not implemented for rules on SELECT');
  if (relation.kind === 'view') return new SqlError(SqlState.objectNotInPrerequisiteState, `"${relation.name}" is already a view`);
  if (name !== '_RETURN') return new SqlError(SqlState.invalidObjectDefinition, `view rule for "${relation.name}" must be named "_RETURN"`);
  return notSupported('making a view of a table by a rule');
}

/** In the order in which they apply. */
export function putRules(relation: TableDescriptor | ViewDescriptor, rules: readonly RuleDescriptor[], cx: UtilityContext): void {
  const { rules: _before, ...rest } = relation;
  const sorted = [...rules].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  cx.session.catalog.put(cx.transaction, sorted.length === 0 ? rest : { ...rest, rules: sorted });
}
