import type { Row } from '../../../types/value.js';
import { relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';

export const REWRITE_PROVIDERS: Providers = { 'pg_catalog.pg_rewrite': rules };

/** Views are all the rules there are: each has its `_RETURN`, which goes by the view's own oid. */
function* rules(scan: VirtualScan): Iterable<Row> {
  const view = scan.number('ev_class') ?? scan.number('oid');
  for (const relation of relationsFor(scan.catalog, { oid: view })) {
    const query = relation.kind === 'view' ? relation : relation.kind === 'table' ? relation.materialized : undefined;
    if (query !== undefined) yield [relation.oid, '_RETURN', relation.oid, '1', 'O', true, '<>', query.queryText];
  }
}
