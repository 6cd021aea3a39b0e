import type { Oid } from '../commons/ids.js';
import { PredefinedRoleName, PredefinedRoleOid, RoleOid } from '../commons/system-names.js';
import type { Acl } from './acl.js';
import type { BuiltinProc } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import type { RelationDescriptor } from './descriptors.js';
import { type AclObject, letterPrivilege } from './privileges.js';
import { CatalogOid } from './virtual/class-oids.js';

/** Privileges on what no descriptor is kept of: those that it was born with, until somebody grants or revokes. */

/** @param catalog the catalog that it is a row of @param initial what it was born with; undefined: the default of its kind */
export function bornObject(snapshot: CatalogSnapshot, catalog: Oid, object: Oid, initial?: Acl): AclObject {
  const changed = snapshot.hasObjectPrivileges ? snapshot.objectPrivileges(catalog, object)?.acl : undefined;
  return { owner: snapshot.builtin.ownerOf(object) ?? RoleOid.postgres, acl: changed ?? initial };
}

/** A function of PostgreSQL's own, or of an extension. */
export function bornProc(snapshot: CatalogSnapshot, { oid, acl }: BuiltinProc): AclObject {
  return bornObject(snapshot, CatalogOid.pgProc, oid, acl === undefined ? undefined : initialAcl(acl));
}

/** Privileges on a column besides those on its relation. */
export function columnAcl(catalog: CatalogSnapshot, relation: RelationDescriptor, number: number): Acl | undefined {
  switch (relation.kind) {
    case 'table':
      return number > 0 ? relation.columns[number - 1]?.acl : relation.systemColumnAcls?.[number];
    case 'view':
    case 'composite':
      return relation.columns[number - 1]?.acl;
    case 'virtual':
      return catalog.hasObjectPrivileges ? catalog.objectPrivileges(CatalogOid.pgClass, relation.oid)?.columns?.[number] : undefined;
    case 'sequence':
    case 'index':
      return undefined;
  }
}

/** An acl of the data files as text: `{postgres=arwdDxt/postgres,=r/postgres}`. */
export function initialAcl(text: string): Acl {
  return text
    .slice(1, -1)
    .split(',')
    .filter((item) => item !== '')
    .map((item) => {
      const [, grantee = '', letters = '', grantor = ''] = /^([^=]*)=([^/]*)\/(.*)$/.exec(item) ?? [];
      let privileges = 0;
      for (const letter of letters) privileges |= letterPrivilege(letter);
      return { grantee: roleCalled(grantee), grantor: roleCalled(grantor), privileges, grantable: 0 };
    });
}

function roleCalled(name: string): Oid {
  if (name === '') return 0;
  for (const key of Object.keys(PredefinedRoleName) as (keyof typeof PredefinedRoleName)[])
    if (PredefinedRoleName[key] === name) return PredefinedRoleOid[key];
  return RoleOid.postgres;
}
