import type { Oid } from '../commons/ids.js';
import type { CatalogSnapshot } from './catalog.js';
import type { TableDescriptor } from './descriptors.js';
import { inheritsFrom, isSuperuser } from './privileges.js';

/** Whether policies hide rows of a table from a role. */
export function hidesRows(catalog: CatalogSnapshot, { rowSecurity, owner }: TableDescriptor, role: Oid): boolean {
  if (rowSecurity?.enabled !== true || isSuperuser(catalog, role) || catalog.roleByOid(role)?.bypassRls === true) return false;
  return rowSecurity.forced || !inheritsFrom(catalog, role, owner);
}
