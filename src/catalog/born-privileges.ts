import type { Oid } from '../commons/ids.js';
import { PredefinedRoleName, PredefinedRoleOid, RoleOid } from '../commons/system-names.js';
import type { Acl } from './acl.js';
import type { BuiltinLanguage, BuiltinProc } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import { Privilege, type RelationDescriptor } from './descriptors.js';
import { type AclObject, isSuperuser, letterPrivilege, privilegesOf } from './privileges.js';
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

/** A type of PostgreSQL's own, an array's elements; undefined where nobody has revoked anything. */
export function bornType(snapshot: CatalogSnapshot, oid: Oid): AclObject | undefined {
  if (!snapshot.hasObjectPrivileges) return undefined;
  const type = snapshot.builtin.typeByOid(oid);
  return bornObject(snapshot, CatalogOid.pgType, type?.isArray === true ? type.element : oid);
}

/** Untrusted languages are the superusers'. */
export function mayUseLanguage(snapshot: CatalogSnapshot, role: Oid, { oid, trusted }: BuiltinLanguage): boolean {
  if (isSuperuser(snapshot, role)) return true;
  return trusted && (privilegesOf(snapshot, role, 'language', bornObject(snapshot, CatalogOid.pgLanguage, oid)) & Privilege.usage) !== 0;
}

/** Whether SET has been granted on a setting. @param name in lower case, or as it is shown */
export function maySetParameter(snapshot: CatalogSnapshot, role: Oid, name: string): boolean {
  const lower = name.toLowerCase();
  const granted = snapshot.parameterPrivileges().find((parameter) => parameter.name === lower);
  return (
    granted !== undefined &&
    (privilegesOf(snapshot, role, 'parameter', { owner: RoleOid.postgres, acl: granted.acl }) & Privilege.set) !== 0
  );
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
      return relation.columnAcls?.[number];
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
