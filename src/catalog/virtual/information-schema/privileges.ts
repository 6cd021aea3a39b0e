import { RoleOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import { bornProc, columnAcl } from '../../born-privileges.js';
import { schemaName } from '../../definitions/index.js';
import { Privilege } from '../../descriptors.js';
import { relationAclKind } from '../../privileges.js';
import { Access, ANY_TABLE_PRIVILEGE, COLUMN_PRIVILEGE, type Grant, grantsIn, grantsOn, roleName } from '../access.js';
import { type ColumnRelation, hasColumns, relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { yesNo } from '../values.js';
import { procsWanted } from './routines.js';

export const PRIVILEGE_PROVIDERS: Providers = {
  'information_schema.table_privileges': (scan) => tablePrivileges(scan, false),
  'information_schema.role_table_grants': (scan) => tablePrivileges(scan, true),
  'information_schema.column_privileges': (scan) => columnPrivileges(scan, false),
  'information_schema.role_column_grants': (scan) => columnPrivileges(scan, true),
  'information_schema.usage_privileges': (scan) => usage(scan, false),
  'information_schema.role_usage_grants': (scan) => usage(scan, true),
  'information_schema.routine_privileges': (scan) => routinePrivileges(scan, false),
  'information_schema.role_routine_grants': (scan) => routinePrivileges(scan, true),
  'information_schema.udt_privileges': (scan) => typePrivileges(scan, false),
  'information_schema.role_udt_grants': (scan) => typePrivileges(scan, true),
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
    for (const grant of grantsOn(access, relationAclKind(relation), relation, among))
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

/** A privilege on a table is one on each of its columns; then those on columns alone. */
function* columnPrivileges(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  const access = new Access(scan);
  const enabled = new Set(rolesEnabled(scan, access));
  const wanted = { schemaName: scan.text('table_schema'), name: scan.text('table_name') };
  for (const relation of relationsFor(scan.catalog, wanted)) {
    if (!hasColumns(relation) || relation.kind === 'composite') continue;
    const schema = schemaName(scan.catalog, relation.schema);
    const onAll = [...grantsOn(access, relationAclKind(relation), relation, COLUMN_PRIVILEGE)];
    for (const column of relation.columns) {
      if (column.dropped === true) continue;
      const own = columnAcl(scan.catalog, relation, column.number);
      const grants = own === undefined ? onAll : distinct([...onAll, ...grantsIn(access, own, relation.owner, COLUMN_PRIVILEGE)]);
      for (const { grantor, grantee, privilege, isGrantable } of grants)
        if (!ofRoles || enabled.has(grantor) || enabled.has(grantee))
          yield [grantor, grantee, scan.cx.databaseName, schema, relation.name, column.name, privilege, yesNo(isGrantable)];
    }
  }
}

function distinct(grants: readonly Grant[]): readonly Grant[] {
  const byText = new Map(
    grants.map((grant) => [JSON.stringify([grant.grantor, grant.grantee, grant.privilege, grant.isGrantable]), grant]),
  );
  return [...byText.values()];
}

/** What USAGE is granted on: collations (to everyone), domains and sequences. */
function* usage(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const database = scan.cx.databaseName;
  const enabled = new Set(rolesEnabled(scan, access));
  const isShown = (grant: Pick<Grant, 'grantor' | 'grantee'>) => !ofRoles || enabled.has(grant.grantor) || enabled.has(grant.grantee);
  if (isShown({ grantor: roleName(catalog, RoleOid.postgres), grantee: 'PUBLIC' }))
    for (const { name, namespace } of catalog.builtin.collations())
      yield [roleName(catalog, RoleOid.postgres), 'PUBLIC', database, schemaName(catalog, namespace), name, 'COLLATION', 'USAGE', 'NO'];
  for (const type of catalog.types()) {
    if (type.form !== 'domain') continue;
    for (const grant of grantsOn(access, 'type', type, Privilege.usage))
      if (isShown(grant))
        yield [
          grant.grantor,
          grant.grantee,
          database,
          schemaName(catalog, type.schema),
          type.name,
          'DOMAIN',
          'USAGE',
          yesNo(grant.isGrantable),
        ];
  }
  for (const relation of relationsFor(catalog, { schemaName: scan.text('object_schema'), name: scan.text('object_name') })) {
    if (relation.kind !== 'sequence') continue;
    const schema = schemaName(catalog, relation.schema);
    for (const grant of grantsOn(access, 'sequence', relation, Privilege.usage))
      if (isShown(grant))
        yield [grant.grantor, grant.grantee, database, schema, relation.name, 'SEQUENCE', 'USAGE', yesNo(grant.isGrantable)];
  }
}

function* routinePrivileges(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const enabled = new Set(rolesEnabled(scan, access));
  const database = scan.cx.databaseName;
  for (const { proc, schema, specificName } of procsWanted(scan)) {
    const object = catalog.routine(proc.oid) ?? bornProc(catalog, proc);
    for (const { grantor, grantee, isGrantable } of grantsOn(access, 'routine', object, Privilege.execute))
      if (!ofRoles || enabled.has(grantor) || enabled.has(grantee))
        yield [grantor, grantee, database, schema, specificName, database, schema, proc.name, 'EXECUTE', yesNo(isGrantable)];
  }
}

/** Of composite types; rows of relations are everyone's. */
function* typePrivileges(scan: VirtualScan, ofRoles: boolean): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const enabled = new Set(rolesEnabled(scan, access));
  for (const relation of relationsFor(catalog, { schemaName: scan.text('udt_schema'), name: scan.text('udt_name') })) {
    if (!hasColumns(relation)) continue;
    const object = relation.kind === 'composite' ? relation : { owner: relation.owner };
    for (const { grantor, grantee, isGrantable } of grantsOn(access, 'type', object, Privilege.usage))
      if (!ofRoles || enabled.has(grantor) || enabled.has(grantee))
        yield [
          grantor,
          grantee,
          scan.cx.databaseName,
          schemaName(catalog, relation.schema),
          relation.name,
          'TYPE USAGE',
          yesNo(isGrantable),
        ];
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
