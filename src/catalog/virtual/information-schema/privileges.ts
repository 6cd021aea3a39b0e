import type { Row } from '../../../types/value.js';
import { schemaName } from '../../definitions/index.js';
import { Privilege } from '../../descriptors.js';
import { Access, ANY_TABLE_PRIVILEGE, COLUMN_PRIVILEGE, type Grant, grantsOn } from '../access.js';
import { type ColumnRelation, hasColumns, relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { yesNo } from '../values.js';

export const PRIVILEGE_PROVIDERS: Providers = {
  'information_schema.table_privileges': (scan) => tablePrivileges(scan, false),
  'information_schema.role_table_grants': (scan) => tablePrivileges(scan, true),
  'information_schema.column_privileges': (scan) => columnPrivileges(scan, false),
  'information_schema.role_column_grants': (scan) => columnPrivileges(scan, true),
  'information_schema.usage_privileges': (scan) => sequenceUsage(scan, false),
  'information_schema.role_usage_grants': (scan) => sequenceUsage(scan, true),
  'information_schema.enabled_roles': enabledRoles,
  'information_schema.applicable_roles': (scan) => applicableRoles(scan, false),
  'information_schema.administrable_role_authorizations': (scan) => applicableRoles(scan, true),
};

/** @param ofRoles only those that an enabled role gave or got: not those that only PUBLIC has */
function* granted(
  scan: VirtualScan,
  among: number,
  ofRoles: boolean,
): Iterable<{ relation: ColumnRelation; schema: string; grant: Grant }> {
  const access = new Access(scan);
  const enabled = new Set(rolesEnabled(scan, access));
  const wanted = { schemaName: scan.text('table_schema'), name: scan.text('table_name') };
  for (const relation of relationsFor(scan.catalog, wanted)) {
    if (!hasColumns(relation)) continue;
    const schema = schemaName(scan.catalog, relation.schema);
    for (const grant of grantsOn(access, relation, among))
      if (!ofRoles || enabled.has(grant.grantor) || enabled.has(grant.grantee)) yield { relation, schema, grant };
  }
}

function* tablePrivileges(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  for (const { relation, schema, grant } of granted(scan, ANY_TABLE_PRIVILEGE, ofRoles))
    yield [
      grant.grantor,
      grant.grantee,
      scan.cx.databaseName,
      schema,
      relation.name,
      grant.privilege,
      yesNo(grant.isGrantable),
      yesNo(grant.privilege === 'SELECT'), // with_hierarchy
    ];
}

/** A privilege on a table is one on each of its columns. */
function* columnPrivileges(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  for (const { relation, schema, grant } of granted(scan, COLUMN_PRIVILEGE, ofRoles))
    for (const column of relation.columns)
      if (column.dropped !== true)
        yield [
          grant.grantor,
          grant.grantee,
          scan.cx.databaseName,
          schema,
          relation.name,
          column.name,
          grant.privilege,
          yesNo(grant.isGrantable),
        ];
}

/** Of what USAGE can be granted on, sequences and collations exist. */
function* sequenceUsage(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const database = scan.cx.databaseName;
  for (const relation of relationsFor(catalog, { schemaName: scan.text('object_schema'), name: scan.text('object_name') })) {
    if (relation.kind !== 'sequence') continue;
    const schema = schemaName(catalog, relation.schema);
    for (const grant of grantsOn(access, relation, Privilege.usage))
      if (!ofRoles || grant.grantee !== 'PUBLIC')
        yield [grant.grantor, grant.grantee, database, schema, relation.name, 'SEQUENCE', 'USAGE', yesNo(grant.isGrantable)];
  }
}

function* enabledRoles(scan: VirtualScan): Iterable<Row> {
  for (const name of rolesEnabled(scan, new Access(scan))) yield [name];
}

function* rolesEnabled(scan: VirtualScan, access: Access): Iterable<string> {
  for (const role of scan.catalog.roles()) if (access.hasRole(role.oid)) yield role.name;
}

function* applicableRoles(scan: VirtualScan, onlyGrantable: boolean): Iterable<Row> {
  const access = new Access(scan);
  for (const member of scan.catalog.roles()) {
    if (!access.hasRole(member.oid)) continue;
    for (const membership of member.memberOf) {
      const role = scan.catalog.roleByOid(membership.role);
      if (role !== undefined && (membership.admin || !onlyGrantable)) yield [member.name, role.name, yesNo(membership.admin)];
    }
  }
}
