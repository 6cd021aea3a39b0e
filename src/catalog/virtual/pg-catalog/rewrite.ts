import { FIRST_USER_OID } from '../../../commons/ids.js';
import type { Row } from '../../../types/value.js';
import { relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { FIRING_LETTERS } from './trigger.js';

export const REWRITE_PROVIDERS: Providers = { 'pg_catalog.pg_rewrite': rules };

const EVENT_LETTERS = { update: '2', insert: '3', delete: '4' } as const;

/** Users' rules, and of each view its `_RETURN`, which goes by the view's own oid. */
function* rules(scan: VirtualScan): Iterable<Row> {
  for (const relation of relationsFor(scan.catalog, { oid: scan.number('ev_class') })) {
    for (const rule of relation.kind === 'table' || relation.kind === 'view' ? (relation.rules ?? []) : [])
      yield [
        rule.oid,
        rule.name,
        relation.oid,
        EVENT_LETTERS[rule.event],
        rule.firing === undefined ? 'O' : FIRING_LETTERS[rule.firing],
        rule.instead,
        rule.whereText ?? '<>',
        rule.actions.join('; '),
      ];
    const query = relation.kind === 'view' ? relation : relation.kind === 'table' ? relation.materialized : undefined;
    if (relation.kind === 'virtual' && relation.relkind === 'v' && relation.schema < FIRST_USER_OID)
      yield [relation.oid, '_RETURN', relation.oid, '1', 'O', true, '<>', ''];
    if (query !== undefined) yield [relation.oid, '_RETURN', relation.oid, '1', 'O', true, '<>', query.queryText];
  }
}
