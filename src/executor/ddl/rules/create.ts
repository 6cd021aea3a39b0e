import type { RuleDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { notSupported } from '../../../commons/sql-error.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';

export async function createRule(_statement: UtilityStatement<'create rule'>, _cx: UtilityContext): Promise<UtilityResult> {
  throw notSupported('CREATE RULE');
}

/** In the order in which they apply. */
export function putRules(relation: TableDescriptor | ViewDescriptor, rules: readonly RuleDescriptor[], cx: UtilityContext): void {
  const { rules: _before, ...rest } = relation;
  const sorted = [...rules].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  cx.session.catalog.put(cx.transaction, sorted.length === 0 ? rest : { ...rest, rules: sorted });
}
