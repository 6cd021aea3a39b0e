import { RoleOid, SchemaOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import { initialObjects } from '../../initial.js';
import { builtinSchemas } from '../../system-relations.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclFromText, aclValue } from '../values.js';

export const INIT_PRIVILEGE_PROVIDERS: Providers = { 'pg_catalog.pg_init_privs': initialPrivileges };

/** Privileges that objects were born with (those of information_schema came later): pg_dump tells only what is different now. */
function* initialPrivileges(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const { pgClass, pgNamespace, pgProc } = CatalogOid;
  for (const schema of builtinSchemas(RoleOid.postgres))
    if (schema.oid !== SchemaOid.informationSchema) yield [schema.oid, pgNamespace, 0, 'i', aclValue(catalog, schema.acl)];
  for (const object of initialObjects())
    if (object.kind === 'schema') yield [object.oid, pgNamespace, 0, 'i', aclValue(catalog, object.acl)];
  for (const relation of catalog.relations())
    if (relation.kind === 'virtual' && relation.acl !== undefined && relation.schema !== SchemaOid.informationSchema)
      yield [relation.oid, pgClass, 0, 'i', aclValue(catalog, relation.acl)];
  for (const relation of catalog.builtin.systemRelations())
    for (const { number, acl } of relation.columns) if (acl !== undefined) yield [relation.oid, pgClass, number, 'i', aclFromText(acl)];
  for (const proc of catalog.builtin.procs()) if (proc.acl !== undefined) yield [proc.oid, pgProc, 0, 'i', aclFromText(proc.acl)];
}
