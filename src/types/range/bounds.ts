import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SqlRange, type SqlValue } from '../value.js';

/** The order of a range's subtype. */
export type Compare = (a: SqlValue, b: SqlValue) => number;

export interface Bound {
  /** NULL: infinite. */
  readonly value: SqlValue;
  readonly inclusive: boolean;
  readonly isLower: boolean;
}

export const lowerOf = (range: SqlRange): Bound => ({ value: range.lower, inclusive: range.lowerInclusive, isLower: true });
export const upperOf = (range: SqlRange): Bound => ({ value: range.upper, inclusive: range.upperInclusive, isLower: false });

/** The order of bounds as places between values: an exclusive lower bound lies behind its value, an exclusive upper one before it. */
export function compareBounds(a: Bound, b: Bound, compare: Compare): number {
  if (a.value === null || b.value === null) {
    if (a.value === null && b.value === null) return a.isLower === b.isLower ? 0 : a.isLower ? -1 : 1;
    if (a.value === null) return a.isLower ? -1 : 1;
    return b.isLower ? 1 : -1;
  }
  const order = compare(a.value, b.value);
  if (order !== 0) return order;
  if (!a.inclusive && !b.inclusive) return a.isLower === b.isLower ? 0 : a.isLower ? 1 : -1;
  if (!a.inclusive) return a.isLower ? 1 : -1;
  if (!b.inclusive) return b.isLower ? -1 : 1;
  return 0;
}

/** Does a range that begins here follow directly on one that ends there? */
export function boundsAdjacent(upper: Bound, lower: Bound, compare: Compare): boolean {
  if (upper.value === null || lower.value === null) return false;
  return compare(upper.value, lower.value) === 0 && upper.inclusive !== lower.inclusive;
}

export const emptyRange = (subtype: number): SqlRange => new SqlRange(subtype, null, null, false, false, true);

/** Between two bounds that are known to be of one range; empty when nothing lies between. @throws SqlError 22000 */
export function rangeBetween(subtype: number, lower: Bound, upper: Bound, compare: Compare): SqlRange {
  if (lower.value !== null && upper.value !== null) {
    const order = compare(lower.value, upper.value);
    if (order > 0) {
      throw new SqlError(SqlState.dataException, 'range lower bound must be less than or equal to range upper bound');
    }
    if (order === 0 && !(lower.inclusive && upper.inclusive)) return emptyRange(subtype);
  }
  return new SqlRange(subtype, lower.value, upper.value, lower.inclusive && lower.value !== null, upper.inclusive && upper.value !== null);
}
