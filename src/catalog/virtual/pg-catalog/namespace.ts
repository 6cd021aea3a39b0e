import { RoleOid, SchemaOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclValue } from '../values.js';

export const NAMESPACE_PROVIDERS: Providers = {
  'pg_catalog.pg_namespace': namespaces,
  'pg_catalog.pg_database': databases,
  'pg_catalog.pg_tablespace': () => TABLESPACES,
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
      'c', // datlocprovider: libc
      false, // datistemplate
      true, // datallowconn
      -1, // datconnlimit
      3, // datfrozenxid
      1, // datminmxid
      DEFAULT_TABLESPACE,
      'C', // datcollate
      'C', // datctype
      null, // daticulocale
      null, // datcollversion
      aclValue(scan.catalog, database.acl),
    ];
}
