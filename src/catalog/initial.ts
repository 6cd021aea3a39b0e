import type { StorageId } from '../commons/ids.js';
import {
  DatabaseName,
  DatabaseOid,
  PredefinedRoleName,
  PredefinedRoleOid,
  RoleName,
  RoleOid,
  SchemaName,
  SchemaOid,
} from '../commons/system-names.js';
import { type DatabaseDescriptor, type Descriptor, type OwnDescriptor, Privilege, type RoleDescriptor } from './descriptors.js';

/**
 * What a new data directory starts with: the superuser, the two roles that the privileges of acting for others hang on, database postgres and what each database has.
 * @param superuserPassword a SCRAM secret
 */
export function initialDescriptors(superuserPassword: string): readonly Descriptor[] {
  const owner = RoleOid.postgres;
  return [
    {
      ...role(RoleName.postgres, owner),
      superuser: true,
      createRole: true,
      createDb: true,
      canLogin: true,
      replication: true,
      bypassRls: true,
      password: superuserPassword,
    },
    role(RoleName.service, RoleOid.service),
    role(RoleName.admin, RoleOid.admin),
    {
      kind: 'database',
      oid: DatabaseOid.postgres,
      name: DatabaseName.postgres,
      owner,
      settings: {},
      allowsConnections: true,
      comment: 'default administrative connection database',
    },
    ...initialObjects(),
  ];
}

/** What each database starts with. */
export function initialObjects(): readonly OwnDescriptor[] {
  const has = (grantee: number, privileges: number) => ({ grantee, grantor: RoleOid.databaseOwner, privileges, grantable: 0 });
  return [
    {
      kind: 'schema',
      oid: SchemaOid.public,
      name: SchemaName.public,
      owner: RoleOid.databaseOwner,
      acl: [has(RoleOid.databaseOwner, Privilege.usage | Privilege.create), has(0, Privilege.usage)],
      comment: 'standard public schema',
    },
  ];
}

/** The databases that others are made from. */
export function templateDatabases(nextStorage: () => StorageId): readonly DatabaseDescriptor[] {
  const owner = RoleOid.postgres;
  const acl = [
    { grantee: 0, grantor: owner, privileges: Privilege.connect, grantable: 0 },
    { grantee: owner, grantor: owner, privileges: Privilege.create | Privilege.temporary | Privilege.connect, grantable: 0 },
  ];
  const template = { kind: 'database', owner, settings: {}, isTemplate: true, acl } as const;
  return [
    {
      ...template,
      oid: DatabaseOid.template1,
      name: DatabaseName.template1,
      storage: nextStorage(),
      allowsConnections: true,
      comment: 'default template for new databases',
    },
    {
      ...template,
      oid: DatabaseOid.template0,
      name: DatabaseName.template0,
      storage: nextStorage(),
      allowsConnections: false,
      comment: 'unmodifiable empty database',
    },
  ];
}

/** They stand in no data directory. The first three are what pg_monitor is a member of. */
export function predefinedRoles(): readonly RoleDescriptor[] {
  const watched = [RoleOid.readAllSettings, RoleOid.readAllStats, RoleOid.statScanTables];
  return (Object.keys(PredefinedRoleOid) as (keyof typeof PredefinedRoleOid)[]).map((key) => {
    const made = role(PredefinedRoleName[key], PredefinedRoleOid[key]);
    if (key !== 'monitor') return made;
    return { ...made, memberOf: watched.map((oid) => ({ role: oid, grantor: RoleOid.postgres, admin: false })) };
  });
}

/** A role that may do nothing by itself. */
export function role(name: string, oid: number): RoleDescriptor {
  return {
    kind: 'role',
    oid,
    name,
    superuser: false,
    inherit: true,
    createRole: false,
    createDb: false,
    canLogin: false,
    replication: false,
    bypassRls: false,
    connectionLimit: -1,
    memberOf: [],
    settings: {},
  };
}
