import type { CatalogSnapshot } from '../catalog.js';
import type { RuleDescriptor, TableDescriptor, ViewDescriptor } from '../descriptors.js';
import { quoteIdentifier, relationName } from './identifiers.js';
import type { DefinitionOptions } from './index-definition.js';

/** pg_get_ruledef: the CREATE RULE statement, its commands as they were written. */
export function ruleDefinition(
  catalog: CatalogSnapshot,
  relation: TableDescriptor | ViewDescriptor,
  rule: RuleDescriptor,
  options: DefinitionOptions = {},
): string {
  const name = relationName(catalog, relation, options.pretty === true ? options.isVisible : undefined);
  const where =
    rule.whereText === undefined
      ? ''
      : `\n   WHERE ${options.texts?.triggerCondition(rule.whereText, relation, options) ?? rule.whereText}`;
  const [only] = rule.actions;
  const actions =
    only === undefined
      ? 'NOTHING;'
      : rule.actions.length === 1
        ? ` ${only};`
        : `( ${rule.actions.map((action) => `${action};`).join('\n ')}\n)`;
  return `CREATE RULE ${quoteIdentifier(rule.name)} AS\n    ON ${rule.event.toUpperCase()} TO ${name}${where} DO ${rule.instead ? 'INSTEAD ' : ''}${actions}`;
}
