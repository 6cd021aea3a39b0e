import { type Compare, compareBounds, lowerOf, upperOf } from '../../../types/range/bounds.js';
import {
  compareMultiranges,
  compareRanges,
  piecesContain,
  piecesOf,
  piecesOverlap,
  rangeContainsValue,
  spansAdjacent,
} from '../../../types/range/operations.js';
import { type SqlMultirange, SqlRange, type SqlValue } from '../../../types/value.js';
import { compareOf } from '../codecs.js';
import type { FunctionTable } from '../table.js';

/** Either kind: a range is a list of one, or of none when it is empty. */
export type AnyRange = SqlRange | SqlMultirange;

/** The order of the values that a range is over. */
export function orderOf(value: AnyRange): Compare {
  return compareOf(value.subtype);
}

type Predicate = (a: AnyRange, b: AnyRange) => boolean;
type Test = (a: readonly SqlRange[], b: readonly SqlRange[], compare: Compare) => boolean;

function onPieces(test: Test): Predicate {
  return (a, b) => test(piecesOf(a), piecesOf(b), orderOf(a));
}

/** Both have pieces, and so a first and a last one. */
function withEnds(test: (a: SqlRange, b: SqlRange, compare: Compare) => boolean, ofA: 0 | -1, ofB: 0 | -1): Test {
  return (a, b, compare) => {
    const x = a.at(ofA);
    const y = b.at(ofB);
    return x !== undefined && y !== undefined && test(x, y, compare);
  };
}

const contains = onPieces(piecesContain);
const containedBy: Predicate = (a, b) => contains(b, a);
const overlaps = onPieces(piecesOverlap);
const before = onPieces(withEnds((a, b, compare) => compareBounds(upperOf(a), lowerOf(b), compare) < 0, -1, 0));
const after: Predicate = (a, b) => before(b, a);
const overLeft = onPieces(withEnds((a, b, compare) => compareBounds(upperOf(a), upperOf(b), compare) <= 0, -1, -1));
const overRight = onPieces(withEnds((a, b, compare) => compareBounds(lowerOf(a), lowerOf(b), compare) >= 0, 0, 0));
const adjacent = onPieces(spansAdjacent);

const containsValue = (range: AnyRange, value: SqlValue): boolean => {
  const compare = orderOf(range);
  return piecesOf(range).some((piece) => rangeContainsValue(piece, value, compare));
};

function order(a: AnyRange, b: AnyRange): number {
  const compare = orderOf(a);
  return a instanceof SqlRange ? compareRanges(a, b as SqlRange, compare) : compareMultiranges(a, b as SqlMultirange, compare);
}

const ordered = (decide: (order: number) => boolean): Predicate => {
  return (a, b) => decide(order(a, b));
};
const comparisons = {
  eq: ordered((n) => n === 0),
  ne: ordered((n) => n !== 0),
  lt: ordered((n) => n < 0),
  le: ordered((n) => n <= 0),
  gt: ordered((n) => n > 0),
  ge: ordered((n) => n >= 0),
  cmp: (a: AnyRange, b: AnyRange) => Math.sign(order(a, b)),
};

/** Which functions are one predicate over two ranges, a range and a multirange, and so on. */
const BINARY: Readonly<Record<string, readonly [Predicate, ...string[]]>> = {
  contains: [contains, 'range_contains', 'range_contains_multirange', 'multirange_contains_range', 'multirange_contains_multirange'],
  containedBy: [
    containedBy,
    'range_contained_by',
    'range_contained_by_multirange',
    'multirange_contained_by_range',
    'multirange_contained_by_multirange',
  ],
  overlaps: [overlaps, 'range_overlaps', 'range_overlaps_multirange', 'multirange_overlaps_range', 'multirange_overlaps_multirange'],
  before: [before, 'range_before', 'range_before_multirange', 'multirange_before_range', 'multirange_before_multirange'],
  after: [after, 'range_after', 'range_after_multirange', 'multirange_after_range', 'multirange_after_multirange'],
  overLeft: [overLeft, 'range_overleft', 'range_overleft_multirange', 'multirange_overleft_range', 'multirange_overleft_multirange'],
  overRight: [overRight, 'range_overright', 'range_overright_multirange', 'multirange_overright_range', 'multirange_overright_multirange'],
  adjacent: [adjacent, 'range_adjacent', 'range_adjacent_multirange', 'multirange_adjacent_range', 'multirange_adjacent_multirange'],
};

const compared = Object.entries(comparisons).flatMap(([name, compare]) =>
  ['range', 'multirange'].map((kind) => [`${kind}_${name}`, compare] as const),
);
const binary = Object.values(BINARY).flatMap(([predicate, ...sources]) => sources.map((source) => [source, predicate] as const));

export const rangePredicates: FunctionTable = {
  scalar: {
    ...Object.fromEntries(compared),
    ...Object.fromEntries(binary),
    range_contains_elem: containsValue,
    multirange_contains_elem: containsValue,
    elem_contained_by_range: (value: SqlValue, range: AnyRange) => containsValue(range, value),
    elem_contained_by_multirange: (value: SqlValue, range: AnyRange) => containsValue(range, value),
  },
};
