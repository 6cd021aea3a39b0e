import type { ViewDescriptor } from '../descriptors.js';
import type { DefinitionTexts, TextForm } from './texts.js';

/** pg_get_viewdef, with PostgreSQL's leading space and closing semicolon (pg_dump counts on both); without `texts` the query as it is kept. */
export function viewDefinition(view: ViewDescriptor, texts?: DefinitionTexts, form: TextForm = {}): string {
  return texts === undefined ? ` ${view.queryText.trim().replace(/;\s*$/, '')};` : texts.view(view, form);
}
