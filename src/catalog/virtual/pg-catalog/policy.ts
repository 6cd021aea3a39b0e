import type { Row } from '../../../types/value.js';
import { schemaName } from '../../definitions/index.js';
import type { PolicyDescriptor } from '../../descriptors.js';
import { tablesFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { array } from '../values.js';

export const POLICY_PROVIDERS: Providers = {
  'pg_catalog.pg_policy': policies,
  'pg_catalog.pg_policies': readablePolicies,
};

const LETTERS = { all: '*', select: 'r', insert: 'a', update: 'w', delete: 'd' } as const;

/** In the order in which they were made, as psql lists them. polqual and polwithcheck hold the kept SQL text, which pg_get_expr shows with the names of now. */
function* policies(scan: VirtualScan): Iterable<Row> {
  for (const table of tablesFor(scan.catalog, { oid: scan.number('polrelid') }))
    for (const policy of (table.policies ?? []).toSorted((a, b) => a.oid - b.oid))
      yield [
        policy.oid,
        policy.name,
        table.oid,
        LETTERS[policy.command],
        policy.permissive,
        array(policy.roles),
        policy.usingText ?? null,
        policy.checkText ?? null,
      ];
}

function* readablePolicies(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const { texts } = scan.cx;
  for (const table of tablesFor(catalog, { schemaName: scan.text('schemaname'), name: scan.text('tablename') })) {
    const shown = (text: string | undefined): string | null =>
      text === undefined ? null : (texts?.expression(text, table, { pretty: false }) ?? text);
    for (const policy of table.policies ?? [])
      yield [
        schemaName(catalog, table.schema),
        table.name,
        policy.name,
        policy.permissive ? 'PERMISSIVE' : 'RESTRICTIVE',
        array(roleNames(policy, scan)),
        policy.command.toUpperCase(),
        shown(policy.usingText),
        shown(policy.checkText),
      ];
  }
}

function roleNames({ roles }: PolicyDescriptor, { catalog }: VirtualScan): readonly string[] {
  return roles.map((oid) => (oid === 0 ? 'public' : (catalog.roleByOid(oid)?.name ?? String(oid))));
}
