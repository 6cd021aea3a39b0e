import type { Oid } from '../commons/ids.js';
import { RoleOid, SchemaOid } from '../commons/system-names.js';
import { type AclOwner, grantOptions } from './acl.js';
import type { CatalogSnapshot } from './catalog.js';
import { type AclItem, Privilege, type RelationDescriptor, type SchemaDescriptor } from './descriptors.js';
import { CatalogOid } from './virtual/class-oids.js';

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
  language: Privilege.usage,
  tablespace: Privilege.create,
  column: Privilege.insert | Privilege.select | Privilege.update | Privilege.references,
  parameter: Privilege.set | Privilege.alterSystem,
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
  language: Privilege.usage,
  tablespace: 0,
  column: 0,
  parameter: 0,
};

export interface AclObject {
  readonly owner: Oid;
  readonly acl?: readonly AclItem[] | undefined;
  readonly kind?: string;
  readonly oid?: Oid;
}

export function isSuperuser(catalog: CatalogSnapshot, role: Oid): boolean {
  return catalog.roleByOid(role)?.superuser === true;
}

/** The acl as it is in force: the stored one, or the default that stands for none. */
export function effectiveAcl(kind: AclKind, object: AclObject): readonly AclItem[] {
  return object.acl ?? defaultAcl(kind, object.owner);
}

export function defaultAcl(kind: AclKind, owner: Oid): readonly AclItem[] {
  if (kind === 'column') return [];
  const own: AclItem = { grantee: owner, grantor: owner, privileges: ALL_PRIVILEGES[kind], grantable: 0 };
  const everyone = PUBLIC_DEFAULT[kind];
  return everyone === 0 ? [own] : [{ grantee: 0, grantor: owner, privileges: everyone, grantable: 0 }, own];
}

/** As it is kept: PostgreSQL's own relations have theirs elsewhere once somebody has changed them. Undefined: the default. */
export function storedAcl(catalog: CatalogSnapshot, object: AclObject): readonly AclItem[] | undefined {
  if (object.kind !== 'virtual' || object.oid === undefined || !catalog.hasObjectPrivileges) return object.acl;
  return catalog.objectPrivileges(CatalogOid.pgClass, object.oid)?.acl ?? object.acl;
}

/** Bits of Privilege that a role has on an object, by itself, by PUBLIC and by the roles it is a member of. */
export function privilegesOf(catalog: CatalogSnapshot, role: Oid, kind: AclKind, object: AclObject): number {
  if (isSuperuser(catalog, role)) return ALL_PRIVILEGES[kind];
  let held = 0;
  for (const item of storedAcl(catalog, object) ?? defaultAcl(kind, object.owner))
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
  if (isSuperuser(catalog, role)) return ALL_PRIVILEGES[kind];
  return grantOptions(storedAcl(catalog, object) ?? [], role, ownerIn(catalog, object.owner)) & ALL_PRIVILEGES[kind];
}

/** Of an object's privileges: whose they are, and who has whose. */
export function ownerIn(catalog: CatalogSnapshot, owner: Oid): AclOwner {
  return { owner, inherits: (member, role) => inheritsFrom(catalog, member, role) };
}

/** A role and all roles whose privileges it has, the nearest first. */
export function inheritedRoles(catalog: CatalogSnapshot, role: Oid): readonly Oid[] {
  const found = [role];
  for (let i = 0; i < found.length; i++) {
    const member = catalog.roleByOid(found[i] ?? 0);
    if (member?.inherit !== true) continue;
    for (const { role: of } of member.memberOf) if (!found.includes(of)) found.push(of);
  }
  if (catalog.databaseOwner !== undefined && found.includes(catalog.databaseOwner) && !found.includes(RoleOid.databaseOwner))
    found.push(RoleOid.databaseOwner);
  return found;
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

/** The same without superusers, who are members of all: for rules that name whom they mean. */
export function isListedMember(catalog: CatalogSnapshot, member: Oid, role: Oid): boolean {
  return reaches(catalog, member, role, () => true);
}

/** May grant membership in a role: has been given it, or a role that has, WITH ADMIN OPTION. Superusers may all. */
export function isAdminOf(catalog: CatalogSnapshot, member: Oid, role: Oid): boolean {
  if (isSuperuser(catalog, member)) return true;
  const seen = new Set<Oid>([member]);
  for (const oid of seen)
    for (const membership of catalog.roleByOid(oid)?.memberOf ?? []) {
      if (membership.role === role && membership.admin) return true;
      seen.add(membership.role);
    }
  return false;
}

function reaches(catalog: CatalogSnapshot, member: Oid, role: Oid, through: (oid: Oid) => boolean): boolean {
  if (member === role) return true;
  // Its only member is the owner of the database at hand.
  if (role === RoleOid.databaseOwner) {
    return catalog.databaseOwner !== undefined && reaches(catalog, member, catalog.databaseOwner, through);
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
  ['s', Privilege.set],
  ['A', Privilege.alterSystem],
];

/** 0: there is no such privilege. */
export function letterPrivilege(letter: string): number {
  return LETTERS.find(([known]) => known === letter)?.[1] ?? 0;
}

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
