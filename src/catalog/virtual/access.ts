import type { Oid } from '../../commons/ids.js';
import { RoleName, RoleOid } from '../../commons/system-names.js';
import type { SqlValue } from '../../types/value.js';
import { columnAcl } from '../born-privileges.js';
import type { CatalogSnapshot } from '../catalog.js';
import { columnPrivilegesOf } from '../column-privileges.js';
import { type AclItem, Privilege, type RelationDescriptor, type SchemaDescriptor } from '../descriptors.js';
import {
  type AclKind,
  type AclObject,
  defaultAcl,
  inheritsFrom,
  isMemberOf,
  isSuperuser,
  privilegesOf,
  relationAclKind,
  storedAcl,
} from '../privileges.js';
import type { VirtualScan } from './scan.js';

/** What the current role may see; made once a scan, since a scan asks about every relation. */
export class Access {
  readonly catalog: CatalogSnapshot;
  readonly role: Oid;
  readonly isSuperuser: boolean;
  readonly boundUser: string | undefined;
  readonly #roles = new Map<Oid, boolean>();

  constructor(scan: VirtualScan) {
    this.catalog = scan.catalog;
    this.role = scan.cx.currentRole;
    this.isSuperuser = isSuperuser(scan.catalog, this.role);
    this.boundUser = scan.cx.boundUser;
  }

  /**
   * What a session does that logged in as `owner`, maybe to act for an end user alone. Those share roles, and must not see each other: only who may act
   * for all of them does.
   */
  maySeeSession(owner: SqlValue | undefined, endUser: SqlValue | undefined): boolean {
    if (typeof owner !== 'number') return this.isAdministrator;
    if (this.boundUser !== undefined) return endUser === this.boundUser && this.hasRole(owner);
    if (this.isAdministrator) return true;
    return this.hasRole(owner) && (typeof endUser !== 'string' || isMemberOf(this.catalog, this.role, RoleOid.service));
  }

  /** pg_has_role(role, 'USAGE'). */
  hasRole(role: Oid): boolean {
    if (this.isSuperuser || role === this.role) return true;
    let has = this.#roles.get(role);
    if (has === undefined) {
      has = inheritsFrom(this.catalog, this.role, role);
      this.#roles.set(role, has);
    }
    return has;
  }

  /** Owns it, or has at least one of the privileges on it or on one of its columns. */
  may(relation: RelationDescriptor, privileges: number): boolean {
    if (this.#mayWhole(relation, privileges)) return true;
    if ((privileges & COLUMN_PRIVILEGE) === 0 || relation.kind === 'index' || relation.kind === 'sequence') return false;
    return relation.columns.some((column) => column.dropped !== true && this.#holdsOn(relation, column.number, privileges));
  }

  mayColumn(relation: RelationDescriptor, column: number, privileges: number): boolean {
    return this.#mayWhole(relation, privileges) || this.#holdsOn(relation, column, privileges);
  }

  #mayWhole(relation: RelationDescriptor, privileges: number): boolean {
    if (this.hasRole(relation.owner)) return true;
    return (privilegesOf(this.catalog, this.role, relationAclKind(relation), relation) & privileges) !== 0;
  }

  #holdsOn(relation: RelationDescriptor, column: number, privileges: number): boolean {
    const acl = columnAcl(this.catalog, relation, column);
    return acl !== undefined && (columnPrivilegesOf(this.catalog, this.role, acl) & privileges) !== 0;
  }

  maySchema(schema: SchemaDescriptor, privileges: number): boolean {
    if (this.hasRole(schema.owner)) return true;
    return (privilegesOf(this.catalog, this.role, 'schema', schema) & privileges) !== 0;
  }

  /** Superusers and members of kalamdb_admin see the lines of all. */
  get isAdministrator(): boolean {
    if (this.boundUser !== undefined) return false;
    if (this.isSuperuser) return true;
    const admin = this.catalog.role(RoleName.admin);
    return admin !== undefined && isMemberOf(this.catalog, this.role, admin.oid);
  }
}

export const ANY_TABLE_PRIVILEGE =
  Privilege.select | Privilege.insert | Privilege.update | Privilege.delete | Privilege.truncate | Privilege.references | Privilege.trigger;

/** What the information schema wants before it shows constraints: all but SELECT. */
export const CHANGING_PRIVILEGE = ANY_TABLE_PRIVILEGE & ~Privilege.select;
/** What columns can be granted. */
export const COLUMN_PRIVILEGE = Privilege.select | Privilege.insert | Privilege.update | Privilege.references;

const NAMES: readonly (readonly [privilege: number, name: string])[] = [
  [Privilege.insert, 'INSERT'],
  [Privilege.select, 'SELECT'],
  [Privilege.update, 'UPDATE'],
  [Privilege.delete, 'DELETE'],
  [Privilege.truncate, 'TRUNCATE'],
  [Privilege.references, 'REFERENCES'],
  [Privilege.trigger, 'TRIGGER'],
  [Privilege.usage, 'USAGE'],
  [Privilege.execute, 'EXECUTE'],
];

export interface Grant {
  readonly grantor: string;
  /** PUBLIC for all. */
  readonly grantee: string;
  readonly privilege: string;
  readonly isGrantable: boolean;
}

/**
 * The privileges on an object one by one, as far as the current role gave them, got them, or everyone has them.
 * @param among bits of those that matter
 */
export function grantsOn(access: Access, kind: AclKind, object: AclObject, among: number): Iterable<Grant> {
  return grantsIn(access, storedAcl(access.catalog, object) ?? defaultAcl(kind, object.owner), object.owner, among);
}

export function* grantsIn(access: Access, acl: readonly AclItem[], owner: Oid, among: number): Iterable<Grant> {
  const { catalog } = access;
  for (const item of acl) {
    if (item.grantee !== 0 && !access.hasRole(item.grantor) && !access.hasRole(item.grantee)) continue;
    const grantor = roleName(catalog, item.grantor);
    const grantee = item.grantee === 0 ? 'PUBLIC' : roleName(catalog, item.grantee);
    for (const [bit, privilege] of NAMES) {
      if ((item.privileges & among & bit) === 0) continue;
      yield { grantor, grantee, privilege, isGrantable: isGrantable(catalog, item, bit, owner) };
    }
  }
}

function isGrantable(catalog: CatalogSnapshot, item: AclItem, bit: number, owner: Oid): boolean {
  if ((item.grantable & bit) !== 0) return true;
  return item.grantee !== 0 && (isSuperuser(catalog, item.grantee) || inheritsFrom(catalog, item.grantee, owner));
}

/** As pg_get_userbyid. */
export function roleName(catalog: CatalogSnapshot, oid: Oid): string {
  return catalog.roleByOid(oid)?.name ?? `unknown (OID=${oid})`;
}
