import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SqlMultirange, SqlRange, type SqlValue } from '../value.js';
import { type Bound, boundsAdjacent, type Compare, compareBounds, emptyRange, lowerOf, rangeBetween, upperOf } from './bounds.js';

/** btree's order of ranges: empty ones first, then by lower and upper bound. */
export function compareRanges(a: SqlRange, b: SqlRange, compare: Compare): number {
  if (a.isEmpty || b.isEmpty) return a.isEmpty === b.isEmpty ? 0 : a.isEmpty ? -1 : 1;
  return compareBounds(lowerOf(a), lowerOf(b), compare) || compareBounds(upperOf(a), upperOf(b), compare);
}

export function rangesOverlap(a: SqlRange, b: SqlRange, compare: Compare): boolean {
  if (a.isEmpty || b.isEmpty) return false;
  return compareBounds(lowerOf(a), upperOf(b), compare) <= 0 && compareBounds(lowerOf(b), upperOf(a), compare) <= 0;
}

export function rangeContains(a: SqlRange, b: SqlRange, compare: Compare): boolean {
  if (b.isEmpty) return true;
  if (a.isEmpty) return false;
  return compareBounds(lowerOf(a), lowerOf(b), compare) <= 0 && compareBounds(upperOf(a), upperOf(b), compare) >= 0;
}

export function rangeContainsValue(a: SqlRange, value: SqlValue, compare: Compare): boolean {
  if (a.isEmpty) return false;
  if (a.lower !== null) {
    const order = compare(a.lower, value);
    if (order > 0 || (order === 0 && !a.lowerInclusive)) return false;
  }
  if (a.upper !== null) {
    const order = compare(a.upper, value);
    if (order < 0 || (order === 0 && !a.upperInclusive)) return false;
  }
  return true;
}

export function rangesAdjacent(a: SqlRange, b: SqlRange, compare: Compare): boolean {
  if (a.isEmpty || b.isEmpty) return false;
  return boundsAdjacent(upperOf(a), lowerOf(b), compare) || boundsAdjacent(upperOf(b), lowerOf(a), compare);
}

function least(a: Bound, b: Bound, compare: Compare): Bound {
  return compareBounds(a, b, compare) <= 0 ? a : b;
}
function greatest(a: Bound, b: Bound, compare: Compare): Bound {
  return compareBounds(a, b, compare) >= 0 ? a : b;
}

/** The smallest range that has both. @throws SqlError 22000 when strict and something lies between */
export function rangeUnion(a: SqlRange, b: SqlRange, compare: Compare, strict: boolean): SqlRange {
  if (a.isEmpty) return b;
  if (b.isEmpty) return a;
  if (strict && !rangesOverlap(a, b, compare) && !rangesAdjacent(a, b, compare)) {
    throw new SqlError(SqlState.dataException, 'result of range union would not be contiguous');
  }
  return rangeBetween(a.subtype, least(lowerOf(a), lowerOf(b), compare), greatest(upperOf(a), upperOf(b), compare), compare);
}

export function rangeIntersection(a: SqlRange, b: SqlRange, compare: Compare): SqlRange {
  if (!rangesOverlap(a, b, compare)) return emptyRange(a.subtype);
  return rangeBetween(a.subtype, greatest(lowerOf(a), lowerOf(b), compare), least(upperOf(a), upperOf(b), compare), compare);
}

const flip = (bound: Bound): Bound => ({ value: bound.value, inclusive: !bound.inclusive, isLower: !bound.isLower });

/** What is left of a range: up to two pieces. */
function subtract(a: SqlRange, b: SqlRange, compare: Compare): SqlRange[] {
  if (a.isEmpty) return [];
  if (!rangesOverlap(a, b, compare)) return [a];
  const pieces: SqlRange[] = [];
  if (compareBounds(lowerOf(a), lowerOf(b), compare) < 0) {
    pieces.push(rangeBetween(a.subtype, lowerOf(a), flip(lowerOf(b)), compare));
  }
  if (compareBounds(upperOf(a), upperOf(b), compare) > 0) {
    pieces.push(rangeBetween(a.subtype, flip(upperOf(b)), upperOf(a), compare));
  }
  return pieces.filter((piece) => !piece.isEmpty);
}

/** @throws SqlError 22000 when two pieces are left */
export function rangeMinus(a: SqlRange, b: SqlRange, compare: Compare): SqlRange {
  if (a.isEmpty || b.isEmpty) return a;
  const pieces = subtract(a, b, compare);
  if (pieces.length > 1) throw new SqlError(SqlState.dataException, 'result of range difference would not be contiguous');
  return pieces[0] ?? emptyRange(a.subtype);
}

/** Any ranges as a multirange: sorted, without empty ones, joined where they meet. */
export function multirangeOf(subtype: number, ranges: readonly SqlRange[], compare: Compare): SqlMultirange {
  const sorted = ranges.filter((range) => !range.isEmpty).sort((a, b) => compareRanges(a, b, compare));
  const joined: SqlRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && (rangesOverlap(last, range, compare) || rangesAdjacent(last, range, compare))) {
      joined[joined.length - 1] = rangeUnion(last, range, compare, false);
    } else joined.push(range);
  }
  return new SqlMultirange(subtype, joined);
}

export function multirangeMinus(a: SqlMultirange, b: SqlMultirange, compare: Compare): SqlMultirange {
  let left = [...a.ranges];
  for (const taken of b.ranges) left = left.flatMap((range) => subtract(range, taken, compare));
  return multirangeOf(a.subtype, left, compare);
}

export function multirangeIntersection(a: SqlMultirange, b: SqlMultirange, compare: Compare): SqlMultirange {
  const common = a.ranges.flatMap((x) => b.ranges.map((y) => rangeIntersection(x, y, compare)));
  return multirangeOf(a.subtype, common, compare);
}

export function compareMultiranges(a: SqlMultirange, b: SqlMultirange, compare: Compare): number {
  const length = Math.max(a.ranges.length, b.ranges.length);
  for (let i = 0; i < length; i++) {
    const x = a.ranges[i];
    const y = b.ranges[i];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const order = compareRanges(x, y, compare);
    if (order !== 0) return order;
  }
  return 0;
}

/** From the first range's beginning to the last one's end; empty for none. */
export function multirangeSpan(value: SqlMultirange): SqlRange {
  const first = value.ranges[0];
  const last = value.ranges.at(-1);
  if (first === undefined || last === undefined) return emptyRange(value.subtype);
  return new SqlRange(value.subtype, first.lower, last.upper, first.lowerInclusive, last.upperInclusive);
}

/** A range or multirange as ranges, none of them empty. */
export function piecesOf(value: SqlRange | SqlMultirange): readonly SqlRange[] {
  if (value instanceof SqlMultirange) return value.ranges;
  return value.isEmpty ? [] : [value];
}

/** Every piece of b lies within a piece of a. */
export function piecesContain(a: readonly SqlRange[], b: readonly SqlRange[], compare: Compare): boolean {
  return b.every((piece) => a.some((whole) => rangeContains(whole, piece, compare)));
}

export function piecesOverlap(a: readonly SqlRange[], b: readonly SqlRange[], compare: Compare): boolean {
  return a.some((x) => b.some((y) => rangesOverlap(x, y, compare)));
}

/** Touching from outside: the last of one and the first of the other. */
export function spansAdjacent(a: readonly SqlRange[], b: readonly SqlRange[], compare: Compare): boolean {
  const [firstA, firstB] = [a[0], b[0]];
  const [lastA, lastB] = [a.at(-1), b.at(-1)];
  if (firstA === undefined || firstB === undefined || lastA === undefined || lastB === undefined) return false;
  return boundsAdjacent(upperOf(lastA), lowerOf(firstB), compare) || boundsAdjacent(upperOf(lastB), lowerOf(firstA), compare);
}
