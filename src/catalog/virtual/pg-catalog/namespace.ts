import { RoleOid, SchemaOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclValue, withChangedAcls } from '../values.js';

export const NAMESPACE_PROVIDERS: Providers = {
  'pg_catalog.pg_namespace': namespaces,
  'pg_catalog.pg_database': databases,
  'pg_catalog.pg_tablespace': (scan) => withChangedAcls(scan.catalog, CatalogOid.pgTablespace, TABLESPACES, 3),
};

function* namespaces(scan: VirtualScan): Iterable<Row> {
  for (const schema of scan.catalog.schemas()) yield [schema.oid, schema.name, schema.owner, aclValue(scan.catalog, schema.acl)];
  // It holds nothing here, but clients know it.
  yield [SchemaOid.pgToast, 'pg_toast', RoleOid.postgres, null];
}

const DEFAULT_TABLESPACE = 1663;
const GLOBAL_TABLESPACE = 1664;
const TABLESPACES: readonly Row[] = [
  [DEFAULT_TABLESPACE, 'pg_default', RoleOid.postgres, null, null],
  [GLOBAL_TABLESPACE, 'pg_global', RoleOid.postgres, null, null],
];

/** pg_encoding_to_char(6) is UTF8. */
const UTF8 = 6;

function* databases(scan: VirtualScan): Iterable<Row> {
  for (const database of scan.catalog.databases())
    yield [
      database.oid,
      database.name,
      database.owner,
      UTF8,
      database.locale?.provider ?? 'c', // datlocprovider: libc
      database.isTemplate === true,
      database.allowsConnections !== false,
      database.connectionLimit ?? -1,
      3, // datfrozenxid
      1, // datminmxid
      DEFAULT_TABLESPACE,
      database.locale?.collate ?? 'C',
      database.locale?.ctype ?? 'C',
      database.locale?.icu ?? null,
      database.locale?.collationVersion ?? null,
      aclValue(scan.catalog, database.acl),
    ];
}
