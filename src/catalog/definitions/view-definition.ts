import type { RelationDescriptor, ViewDescriptor } from '../descriptors.js';
import type { DefinitionTexts, TextForm } from './texts.js';

/** A view's or materialized view's query, and what its result's columns are called. */
export type StoredQuery = Pick<ViewDescriptor, 'queryText' | 'searchPath' | 'columns'>;

/** Undefined: it is neither a view nor a materialized one. */
export function storedQueryOf(relation: RelationDescriptor | undefined): StoredQuery | undefined {
  if (relation?.kind === 'view') return relation;
  if (relation?.kind !== 'table' || relation.materialized === undefined) return undefined;
  const { queryText, searchPath } = relation.materialized;
  return { queryText, searchPath, columns: relation.columns };
}

/** pg_get_viewdef, with PostgreSQL's leading space and closing semicolon (pg_dump counts on both); without `texts` the query as it is kept. */
export function viewDefinition(view: StoredQuery, texts?: DefinitionTexts, form: TextForm = {}): string {
  return texts === undefined ? ` ${view.queryText.trim().replace(/;\s*$/, '')};` : texts.view(view, form);
}
