import { DatabaseName, DatabaseOid, RoleName, RoleOid, SchemaName, SchemaOid } from '../commons/system-names.js';
import { type Descriptor, Privilege, type RoleDescriptor } from './descriptors.js';

/**
 * What a new data directory starts with: the superuser, the two roles that the privileges of acting for others hang on, database postgres and schema public.
 * @param superuserPassword a SCRAM secret
 */
export function initialDescriptors(superuserPassword: string): readonly Descriptor[] {
  const owner = RoleOid.postgres;
  const everyone = (privileges: number) => ({ grantee: 0, grantor: owner, privileges, grantable: 0 });
  const ownerHas = (privileges: number) => ({ grantee: owner, grantor: owner, privileges, grantable: 0 });
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
    },
    {
      kind: 'schema',
      oid: SchemaOid.public,
      name: SchemaName.public,
      owner,
      acl: [ownerHas(Privilege.usage | Privilege.create), everyone(Privilege.usage)],
      comment: 'standard public schema',
    },
  ];
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
