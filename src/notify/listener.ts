import type { CatalogSnapshot } from '../catalog/catalog.js';
import { isMemberOf } from '../catalog/privileges.js';
import { CatalogOid } from '../catalog/virtual/class-oids.js';
import { unreachable } from '../commons/assert.js';
import { type Oid, type UserId, userId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { RoleOid } from '../commons/system-names.js';
import { checkPrivileges } from '../executor/privileges.js';
import type { RequiredPrivilege } from '../planner/bind/logical.js';

/** Who has said LISTEN, as far as that decides what he may hear. */
export interface Listener {
  readonly sessionRole: Oid;
  readonly currentUser: string;
  readonly currentRole: Oid;
  /** The session acts for one end user for whom it logged in, and nothing changes that. */
  readonly isBound: boolean;
}

/** The checks of LISTEN in another state of the catalog: privileges and memberships may be revoked since, roles dropped. */
export function mayListen(listener: Listener, user: UserId, required: readonly RequiredPrivilege[], catalog: CatalogSnapshot): boolean {
  const { sessionRole, currentUser, currentRole, isBound } = listener;
  if (catalog.roleByOid(currentRole) === undefined) return false;
  if (!isBound && user !== userId(currentUser) && !isMemberOf(catalog, sessionRole, RoleOid.service)) return false;
  try {
    checkPrivileges(required, { catalog, session: listener });
    return true;
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
}

/** Nothing that decides about these privileges differs between two states of a catalog, roles apart. */
export function sameRights(required: readonly RequiredPrivilege[], before: CatalogSnapshot, now: CatalogSnapshot): boolean {
  return required.every(({ objectKind, oid }) => {
    switch (objectKind) {
      case 'table':
      case 'sequence':
        return before.relationByOid(oid) === now.relationByOid(oid);
      case 'schema':
        return before.schemaByOid(oid) === now.schemaByOid(oid);
      case 'function':
        return (
          before.routine(oid) === now.routine(oid) &&
          before.objectPrivileges(CatalogOid.pgProc, oid) === now.objectPrivileges(CatalogOid.pgProc, oid)
        );
      default:
        return unreachable(objectKind);
    }
  });
}
