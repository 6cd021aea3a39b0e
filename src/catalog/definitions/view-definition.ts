import type { ViewDescriptor } from '../descriptors.js';

/** pg_get_viewdef: the defining query as it is stored, with PostgreSQL's leading space and closing semicolon (pg_dump counts on both). */
export function viewDefinition(view: ViewDescriptor): string {
  return ` ${view.queryText.trim().replace(/;\s*$/, '')};`;
}
