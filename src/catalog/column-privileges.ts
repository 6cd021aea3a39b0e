import type { Oid } from '../commons/ids.js';
import type { Acl } from './acl.js';
import { columnAcl } from './born-privileges.js';
import type { CatalogSnapshot } from './catalog.js';
import type { RelationDescriptor } from './descriptors.js';
import { inheritsFrom, isSuperuser, privilegesOf, relationAclKind } from './privileges.js';

/** Privileges on columns: they are asked for only where those on the relation do not suffice. */

/** Bits that a role has on a column by the column's own list. */
export function columnPrivilegesOf(catalog: CatalogSnapshot, role: Oid, acl: Acl | undefined): number {
  let held = 0;
  for (const item of acl ?? []) if (item.grantee === 0 || inheritsFrom(catalog, role, item.grantee)) held |= item.privileges;
  return held;
}

/** Whether a role has privileges on each of these columns; where none is named, on any of them. */
export function holdsOnColumns(
  catalog: CatalogSnapshot,
  role: Oid,
  relation: RelationDescriptor,
  privileges: number,
  numbers: readonly number[],
): boolean {
  const holds = (number: number): boolean =>
    (columnPrivilegesOf(catalog, role, columnAcl(catalog, relation, number)) & privileges) === privileges;
  return numbers.length > 0 ? numbers.every(holds) : liveColumns(relation).some(holds);
}

/** Whether a role has a privilege on all of these columns, by the relation's list or theirs. */
export function mayUseColumns(
  catalog: CatalogSnapshot,
  role: Oid,
  relation: RelationDescriptor,
  privilege: number,
  numbers: readonly number[],
): boolean {
  if (isSuperuser(catalog, role)) return true;
  if ((privilegesOf(catalog, role, relationAclKind(relation), relation) & privilege) !== 0) return true;
  return numbers.length > 0 && holdsOnColumns(catalog, role, relation, privilege, numbers);
}

function liveColumns(relation: RelationDescriptor): readonly number[] {
  if (relation.kind === 'index') return [];
  if (relation.kind === 'sequence') return Object.keys(relation.columnAcls ?? {}).map(Number);
  return relation.columns.filter((column) => column.dropped !== true).map((column) => column.number);
}
