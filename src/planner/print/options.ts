import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { IsVisible } from '../../catalog/definitions/index.js';
import type { FormatContext } from '../../types/format-context.js';

/** How SQL text is written, and with whose names. */
export interface PrintOptions {
  /** Gives the names; may be newer than the one that the query was bound with. */
  readonly catalog: CatalogSnapshot;
  /** Relations and types that need no schema in front. */
  readonly isVisible: IsVisible;
  /** The schemas whose functions and operators need none. */
  readonly isSearched: (schema: number) => boolean;
  /** Fewest parentheses (pg_get_viewdef(…, true)). */
  readonly pretty: boolean;
  /** Clauses on lines of their own. */
  readonly indent: boolean;
  /** Select lists and FROM are broken into lines of so many characters; 0: after each entry; below 0: nowhere. */
  readonly wrapColumn: number;
  readonly format: FormatContext;
}
