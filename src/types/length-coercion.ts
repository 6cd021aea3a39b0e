import type { SqlValue } from './value.js';

/**
 * The function that fits a value to a typmod (varchar(5), numeric(10,2), timestamp(3) …); undefined when there is nothing to do.
 * An explicit cast truncates text silently; an assignment raises 22001.
 */
export function applyTypmod(_oid: number, _typmod: number, _isExplicitCast: boolean): ((value: SqlValue) => SqlValue) | undefined {
  return undefined;
}
