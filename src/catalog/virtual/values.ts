import { SqlArray, type SqlValue } from '../../types/value.js';
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
