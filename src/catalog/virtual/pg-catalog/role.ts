import type { Row, SqlArray, SqlValue } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { RoleDescriptor } from '../../descriptors.js';
import { Access } from '../access.js';
import type { Providers, VirtualScan } from '../scan.js';
import { array, optionsValue } from '../values.js';

export const ROLE_PROVIDERS: Providers = {
  'pg_catalog.pg_authid': (scan) => roles(scan, 'rolname', authIdRow(new Access(scan).isSuperuser)),
  'pg_catalog.pg_roles': (scan) => roles(scan, 'rolname', roleRow),
  'pg_catalog.pg_shadow': shadow,
  'pg_catalog.pg_user': (scan) => roles(scan, 'usename', (role) => (role.canLogin ? userRow(role, HIDDEN_PASSWORD) : undefined)),
  'pg_catalog.pg_group': (scan) => roles(scan, 'groname', (role) => (role.canLogin ? undefined : groupRow(scan.catalog, role))),
  'pg_catalog.pg_auth_members': memberships,
  'pg_catalog.pg_db_role_setting': roleSettings,
};

/** Secrets are for superusers only, whatever is granted on the relations. */
function secretOf(role: RoleDescriptor, isSuperuser: boolean): string | null {
  return isSuperuser ? (role.password ?? null) : null;
}

function shadow(scan: VirtualScan): Iterable<Row> {
  const { isSuperuser } = new Access(scan);
  return roles(scan, 'usename', (role) => (role.canLogin ? userRow(role, secretOf(role, isSuperuser)) : undefined));
}

const HIDDEN_PASSWORD = '********';

function* roles(scan: VirtualScan, nameColumn: string, row: (role: RoleDescriptor) => Row | undefined): Iterable<Row> {
  const { catalog } = scan;
  const name = scan.text(nameColumn);
  const oid = scan.number('oid') ?? scan.number('usesysid') ?? scan.number('grosysid');
  const one = name !== undefined ? catalog.role(name) : oid !== undefined ? catalog.roleByOid(oid) : undefined;
  const found = name !== undefined || oid !== undefined ? (one === undefined ? [] : [one]) : catalog.roles();
  for (const role of found) {
    const made = row(role);
    if (made !== undefined) yield made;
  }
}

function authIdRow(isSuperuser: boolean): (role: RoleDescriptor) => Row {
  return (role) => [
    role.oid,
    role.name,
    role.superuser,
    role.inherit,
    role.createRole,
    role.createDb,
    role.canLogin,
    role.replication,
    role.bypassRls,
    role.connectionLimit,
    secretOf(role, isSuperuser),
    role.validUntil ?? null,
  ];
}

function roleRow(role: RoleDescriptor): Row {
  return [
    role.name,
    role.superuser,
    role.inherit,
    role.createRole,
    role.createDb,
    role.canLogin,
    role.replication,
    role.connectionLimit,
    HIDDEN_PASSWORD,
    role.validUntil ?? null,
    role.bypassRls,
    optionsValue(role.settings),
    role.oid,
  ];
}

function userRow(role: RoleDescriptor, password: SqlValue): Row {
  return [
    role.name,
    role.oid,
    role.createDb,
    role.superuser,
    role.replication,
    role.bypassRls,
    password,
    role.validUntil ?? null,
    optionsValue(role.settings),
  ];
}

function groupRow(catalog: CatalogSnapshot, group: RoleDescriptor): Row {
  return [group.name, group.oid, membersOf(catalog, group)];
}

function membersOf(catalog: CatalogSnapshot, group: RoleDescriptor): SqlArray {
  const members: number[] = [];
  for (const role of catalog.roles()) if (role.memberOf.some((membership) => membership.role === group.oid)) members.push(role.oid);
  return array(members);
}

function* memberships(scan: VirtualScan): Iterable<Row> {
  for (const role of scan.catalog.roles())
    for (const membership of role.memberOf) yield [membership.role, role.oid, membership.grantor, membership.admin];
}

function* roleSettings(scan: VirtualScan): Iterable<Row> {
  for (const role of scan.catalog.roles()) {
    const settings = optionsValue(role.settings);
    if (settings !== null) yield [0, role.oid, settings];
    for (const [database, own] of Object.entries(role.settingsIn ?? {})) {
      const settingsThere = optionsValue(own);
      if (settingsThere !== null) yield [Number(database), role.oid, settingsThere];
    }
  }
  for (const database of scan.catalog.databases()) {
    const settings = optionsValue(database.settings);
    if (settings !== null) yield [database.oid, 0, settings];
  }
}
