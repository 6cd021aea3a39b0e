import type { Oid } from '../commons/ids.js';
import { RoleOid, SchemaOid } from '../commons/system-names.js';
import type { CatalogSnapshot } from './catalog.js';
import { type AclItem, Privilege, type RelationDescriptor, type SchemaDescriptor } from './descriptors.js';

/**
 * Who may do what: PostgreSQL's rules (manual, chapters "Privileges" and "Role Membership") over descriptors. Superusers pass everything;
 * an owner has all privileges of its object unless it revoked them from itself; a member of a role has that role's.
 */

/** What the owner has by default, by kind of object. */
export const ALL_PRIVILEGES = {
  table:
    Privilege.insert |
    Privilege.select |
    Privilege.update |
    Privilege.delete |
    Privilege.truncate |
    Privilege.references |
    Privilege.trigger,
  sequence: Privilege.usage | Privilege.select | Privilege.update,
  schema: Privilege.usage | Privilege.create,
  type: Privilege.usage,
  routine: Privilege.execute,
  database: Privilege.create | Privilege.temporary | Privilege.connect,
} as const;
export type AclKind = keyof typeof ALL_PRIVILEGES;

/** What PUBLIC has by default. */
const PUBLIC_DEFAULT: Readonly<Record<AclKind, number>> = {
  table: 0,
  sequence: 0,
  schema: 0,
  type: Privilege.usage,
  routine: Privilege.execute,
  database: Privilege.temporary | Privilege.connect,
};

export interface AclObject {
  readonly owner: Oid;
  readonly acl?: readonly AclItem[];
}

export function isSuperuser(catalog: CatalogSnapshot, role: Oid): boolean {
  return catalog.roleByOid(role)?.superuser === true;
}

/** The acl as it is in force: the stored one, or the default that stands for none. */
export function effectiveAcl(kind: AclKind, object: AclObject): readonly AclItem[] {
  if (object.acl !== undefined) return object.acl;
  const owner: AclItem = { grantee: object.owner, grantor: object.owner, privileges: ALL_PRIVILEGES[kind], grantable: 0 };
  const everyone = PUBLIC_DEFAULT[kind];
  return everyone === 0 ? [owner] : [{ grantee: 0, grantor: object.owner, privileges: everyone, grantable: 0 }, owner];
}

/** Bits of Privilege that a role has on an object, by itself, by PUBLIC and by the roles it is a member of. */
export function privilegesOf(catalog: CatalogSnapshot, role: Oid, kind: AclKind, object: AclObject): number {
  if (isSuperuser(catalog, role)) return ALL_PRIVILEGES[kind];
  let held = 0;
  for (const item of effectiveAcl(kind, object))
    if (item.grantee === 0 || inheritsFrom(catalog, role, item.grantee)) held |= item.privileges;
  return held | ofPredefinedRoles(catalog, role, kind);
}

/** pg_read_all_data and pg_write_all_data. Whose rows of user tables are read is another matter. */
function ofPredefinedRoles(catalog: CatalogSnapshot, role: Oid, kind: AclKind): number {
  const read = READ_ALL[kind];
  const write = WRITE_ALL[kind];
  if (read === undefined || write === undefined) return 0;
  return (inheritsFrom(catalog, role, RoleOid.readAllData) ? read : 0) | (inheritsFrom(catalog, role, RoleOid.writeAllData) ? write : 0);
}

const READ_ALL: Partial<Record<AclKind, number>> = { table: Privilege.select, sequence: Privilege.select, schema: Privilege.usage };
const WRITE_ALL: Partial<Record<AclKind, number>> = {
  table: Privilege.insert | Privilege.update | Privilege.delete,
  sequence: Privilege.usage | Privilege.update,
  schema: Privilege.usage,
};

/** Bits that a role may grant on: the owner and superusers all, others what they hold WITH GRANT OPTION. */
export function grantableBy(catalog: CatalogSnapshot, role: Oid, kind: AclKind, object: AclObject): number {
  if (isSuperuser(catalog, role) || inheritsFrom(catalog, role, object.owner)) return ALL_PRIVILEGES[kind];
  let grantable = 0;
  for (const item of object.acl ?? []) if (inheritsFrom(catalog, role, item.grantee)) grantable |= item.grantable;
  return grantable;
}

export function hasSchemaPrivilege(catalog: CatalogSnapshot, role: Oid, schema: SchemaDescriptor, privilege: number): boolean {
  if (schema.oid === catalog.tempSchema?.oid || schema.oid === SchemaOid.pgCatalog) return true;
  return (privilegesOf(catalog, role, 'schema', schema) & privilege) === privilege;
}

export function relationAclKind(relation: RelationDescriptor): AclKind {
  if (relation.kind === 'composite') return 'type';
  return relation.kind === 'sequence' ? 'sequence' : 'table';
}

/** May use the privileges of `role` without SET ROLE: itself, or a member through roles that inherit. */
export function inheritsFrom(catalog: CatalogSnapshot, member: Oid, role: Oid): boolean {
  return reaches(catalog, member, role, (oid) => catalog.roleByOid(oid)?.inherit === true);
}

/** A member, directly or not: may SET ROLE to it. Superusers are members of every role. */
export function isMemberOf(catalog: CatalogSnapshot, member: Oid, role: Oid): boolean {
  return isSuperuser(catalog, member) || reaches(catalog, member, role, () => true);
}

function reaches(catalog: CatalogSnapshot, member: Oid, role: Oid, through: (oid: Oid) => boolean): boolean {
  if (member === role) return true;
  // Its only member is the owner of the database at hand.
  if (role === RoleOid.databaseOwner) {
    const [database] = catalog.databases();
    return reaches(catalog, member, database?.owner ?? RoleOid.postgres, through);
  }
  const seen = new Set<Oid>([member]);
  const waiting = [member];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (!through(oid)) continue;
    for (const membership of catalog.roleByOid(oid)?.memberOf ?? []) {
      if (membership.role === role) return true;
      if (!seen.has(membership.role)) {
        seen.add(membership.role);
        waiting.push(membership.role);
      }
    }
  }
  return false;
}

const LETTERS: readonly (readonly [letter: string, privilege: number])[] = [
  ['a', Privilege.insert],
  ['r', Privilege.select],
  ['w', Privilege.update],
  ['d', Privilege.delete],
  ['D', Privilege.truncate],
  ['x', Privilege.references],
  ['t', Privilege.trigger],
  ['X', Privilege.execute],
  ['U', Privilege.usage],
  ['C', Privilege.create],
  ['T', Privilege.temporary],
  ['c', Privilege.connect],
];

/** As PostgreSQL prints an aclitem: `alice=arw*d/postgres`. */
export function aclItemText(catalog: CatalogSnapshot, item: AclItem): string {
  const name = (oid: Oid) => (oid === 0 ? '' : (catalog.roleByOid(oid)?.name ?? String(oid)));
  let letters = '';
  for (const [letter, privilege] of LETTERS) {
    if ((item.privileges & privilege) === 0) continue;
    letters += (item.grantable & privilege) === 0 ? letter : `${letter}*`;
  }
  return `${quoteRole(name(item.grantee))}=${letters}/${quoteRole(name(item.grantor))}`;
}

function quoteRole(name: string): string {
  return /^[a-zA-Z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
