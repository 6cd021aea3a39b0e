import type { Oid } from '../../commons/ids.js';
import { type Row, SqlArray, type SqlValue } from '../../types/value.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { AclItem } from '../descriptors.js';
import { aclItemText } from '../privileges.js';

/** An int2vector or oidvector: counted from 0. */
export function vector(elements: readonly number[]): SqlArray {
  return new SqlArray(elements, [elements.length], [0]);
}

export function array(elements: readonly SqlValue[]): SqlArray {
  return new SqlArray(elements);
}

/** NULL instead of an empty array. */
export function arrayOrNull(elements: readonly SqlValue[] | undefined): SqlArray | null {
  return elements === undefined || elements.length === 0 ? null : new SqlArray(elements);
}

/** NULL where PostgreSQL's default privileges hold. */
export function aclValue(catalog: CatalogSnapshot, acl: readonly AclItem[] | undefined): SqlArray | null {
  return acl === undefined ? null : new SqlArray(acl.map((item) => aclItemText(catalog, item)));
}

/** Rows of objects that come with the system, with the privileges that have been changed since. @param column where they stand */
export function withChangedAcls(catalog: CatalogSnapshot, classOid: Oid, rows: readonly Row[], column: number): readonly Row[] {
  if (!catalog.hasObjectPrivileges) return rows;
  return rows.map((row) => {
    const acl = catalog.objectPrivileges(classOid, Number(row[0]))?.acl;
    return acl === undefined ? row : [...row.slice(0, column), aclValue(catalog, acl), ...row.slice(column + 1)];
  });
}

/** The elements of an array of aclitem as its text prints it. */
export function aclFromText(text: string | undefined): SqlArray | null {
  if (text === undefined) return null;
  const inner = text.slice(1, -1);
  return new SqlArray(inner === '' ? [] : inner.split(','));
}

/** `{name=value, …}`: reloptions, setconfig. */
export function optionsValue(options: Readonly<Record<string, string>>): SqlArray | null {
  return arrayOrNull(Object.entries(options).map(([name, value]) => `${name}=${value}`));
}

export function yesNo(value: boolean): string {
  return value ? 'YES' : 'NO';
}
