import type { Oid } from '../commons/ids.js';
import type { CatalogSnapshot } from './catalog.js';
import type { TableDescriptor } from './descriptors.js';
import { inheritsFrom, isSuperuser } from './privileges.js';

const known = new WeakMap<CatalogSnapshot, boolean>();

/** Whether any table's rows are hidden by policies. Asked for each change of the catalog once. */
export function hasRowSecurity(catalog: CatalogSnapshot): boolean {
  let found = known.get(catalog);
  if (found === undefined) {
    found = false;
    for (const relation of catalog.relations()) {
      if (relation.kind !== 'table' || relation.rowSecurity?.enabled !== true) continue;
      found = true;
      break;
    }
    known.set(catalog, found);
  }
  return found;
}

/** Whether policies hide rows of a table from a role. */
export function hidesRows(catalog: CatalogSnapshot, { rowSecurity, owner }: TableDescriptor, role: Oid): boolean {
  if (rowSecurity?.enabled !== true || isSuperuser(catalog, role) || catalog.roleByOid(role)?.bypassRls === true) return false;
  return rowSecurity.forced || !inheritsFrom(catalog, role, owner);
}
