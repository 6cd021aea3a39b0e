import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { SqlArray, type SqlValue } from '../value.js';
import { boundsText } from './format.js';
import { MAX_ARRAY_SIZE, MAX_DIMENSIONS } from './parse.js';

type Compare = NonNullable<TypeCodec['compare']>;

const EMPTY = new SqlArray([]);

/** What one call makes at once: more elements would hold everybody up. */
const MAX_MADE_ELEMENTS = 2 ** 23;

function oneDimensionOnly(): SqlError {
  return new SqlError(SqlState.dataException, 'argument must be empty or one-dimensional array');
}

function checkSize(size: number): void {
  if (size > MAX_ARRAY_SIZE)
    throw new SqlError(SqlState.programLimitExceeded, `array size exceeds the maximum allowed (${MAX_ARRAY_SIZE})`);
}

/** @throws SqlError 54000 */
export function checkMade(elements: number): void {
  if (elements > MAX_MADE_ELEMENTS) {
    throw new SqlError(SqlState.programLimitExceeded, `array size exceeds the maximum allowed (${MAX_MADE_ELEMENTS})`, {
      detail: 'Larger arrays cannot be made by one call of a function.',
    });
  }
}

/** array_append(array, element); a null array is an empty one. @throws SqlError 22000 for more dimensions */
export function arrayAppend(array: SqlArray | null, element: SqlValue): SqlArray {
  if (array === null || array.dimensions.length === 0) return new SqlArray([element]);
  if (array.dimensions.length > 1) throw oneDimensionOnly();
  checkSize(array.elements.length + 1);
  return new SqlArray([...array.elements, element], [array.elements.length + 1], array.lowerBounds);
}

/** array_prepend(element, array); the lower bound stays. @throws SqlError 22000 for more dimensions */
export function arrayPrepend(element: SqlValue, array: SqlArray | null): SqlArray {
  if (array === null || array.dimensions.length === 0) return new SqlArray([element]);
  if (array.dimensions.length > 1) throw oneDimensionOnly();
  checkSize(array.elements.length + 1);
  return new SqlArray([element, ...array.elements], [array.elements.length + 1], array.lowerBounds);
}

function incompatible(detail: string): SqlError {
  return new SqlError(SqlState.arraySubscriptError, 'cannot concatenate incompatible arrays', { detail });
}

/** array_cat: arrays of the same dimensions, or one that is an element of the other. Null is nothing. @throws SqlError 2202E */
export function arrayConcat(a: SqlArray | null, b: SqlArray | null): SqlArray | null {
  if (a === null || a.dimensions.length === 0) return b ?? a;
  if (b === null || b.dimensions.length === 0) return a;
  const difference = a.dimensions.length - b.dimensions.length;
  if (Math.abs(difference) > 1) {
    throw incompatible(`Arrays of ${a.dimensions.length} and ${b.dimensions.length} dimensions are not compatible for concatenation.`);
  }
  checkMade(a.elements.length + b.elements.length);
  const elements = [...a.elements, ...b.elements];
  const [ax = 0, ...aRest] = a.dimensions;
  const [bx = 0, ...bRest] = b.dimensions;
  if (difference === 0) {
    if (!sameLists(aRest, bRest) || !sameLists(a.lowerBounds.slice(1), b.lowerBounds.slice(1))) {
      throw incompatible('Arrays with differing element dimensions are not compatible for concatenation.');
    }
    return new SqlArray(elements, [ax + bx, ...aRest], a.lowerBounds);
  }
  const [outer, outerFirst, outerRest, inner] = difference > 0 ? [a, ax, aRest, b] : [b, bx, bRest, a];
  if (!sameLists(outerRest, inner.dimensions) || !sameLists(outer.lowerBounds.slice(1), inner.lowerBounds)) {
    throw incompatible('Arrays with differing dimensions are not compatible for concatenation.');
  }
  return new SqlArray(elements, [outerFirst + 1, ...outerRest], outer.lowerBounds);
}

function sameLists(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** array_dims: '[1:2][1:3]'; null for an empty array. */
export function arrayDims(array: SqlArray): string | null {
  return array.dimensions.length === 0 ? null : boundsText(array);
}

/** array_length(array, dimension): null when there is no such dimension. */
export function arrayLength(array: SqlArray, dimension: number): number | null {
  return array.dimensions[dimension - 1] ?? null;
}

export function arrayLower(array: SqlArray, dimension: number): number | null {
  return array.dimensions.length === 0 ? null : (array.lowerBounds[dimension - 1] ?? null);
}

export function arrayUpper(array: SqlArray, dimension: number): number | null {
  const size = array.dimensions[dimension - 1];
  const lower = array.lowerBounds[dimension - 1];
  return size === undefined || lower === undefined ? null : lower + size - 1;
}

/** array_ndims: null for an empty array. */
export function arrayDimensions(array: SqlArray): number | null {
  return array.dimensions.length || null;
}

export const arrayCardinality = (array: SqlArray): number => array.elements.length;

function includesEqual(elements: readonly SqlValue[], wanted: SqlValue, compare: Compare): boolean {
  return elements.some((item) => item !== null && compare(item, wanted) === 0);
}

/** array @> array: each element of the part is somewhere in the whole; a null never is. */
export function arrayContains(whole: SqlArray, part: SqlArray, compare: Compare): boolean {
  return part.elements.every((item) => item !== null && includesEqual(whole.elements, item, compare));
}

/** array && array: they share an element that is not null. */
export function arrayOverlaps(a: SqlArray, b: SqlArray, compare: Compare): boolean {
  return a.elements.some((item) => item !== null && includesEqual(b.elements, item, compare));
}

function isSame(a: SqlValue, b: SqlValue, compare: Compare): boolean {
  return a === null || b === null ? a === b : compare(a, b) === 0;
}

function refuseDimensions(array: SqlArray, what: string): void {
  if (array.dimensions.length > 1) {
    throw new SqlError(SqlState.featureNotSupported, `${what} elements in multidimensional arrays is not supported`);
  }
}

/** array_position: the first subscript of an element (null finds null), from a subscript on; null when there is none. */
export function arrayPosition(array: SqlArray, wanted: SqlValue, start: number | undefined, compare: Compare): number | null {
  refuseDimensions(array, 'searching for');
  const lower = array.lowerBounds[0] ?? 1;
  for (let i = start === undefined ? 0 : Math.max(0, start - lower); i < array.elements.length; i++) {
    if (isSame(array.elements[i] ?? null, wanted, compare)) return lower + i;
  }
  return null;
}

/** array_positions: all subscripts of an element. */
export function arrayPositions(array: SqlArray, wanted: SqlValue, compare: Compare): SqlArray {
  refuseDimensions(array, 'searching for');
  const lower = array.lowerBounds[0] ?? 1;
  const found: number[] = [];
  array.elements.forEach((item, i) => {
    if (isSame(item, wanted, compare)) found.push(lower + i);
  });
  return new SqlArray(found);
}

/** array_remove: without all elements equal to one (null removes nulls). @throws SqlError 0A000 for more dimensions */
export function arrayRemove(array: SqlArray, unwanted: SqlValue, compare: Compare): SqlArray {
  if (array.dimensions.length > 1) {
    throw new SqlError(SqlState.featureNotSupported, 'removing elements from multidimensional arrays is not supported');
  }
  const rest = array.elements.filter((item) => !isSame(item, unwanted, compare));
  if (rest.length === array.elements.length) return array;
  return rest.length === 0 ? EMPTY : new SqlArray(rest, [rest.length], array.lowerBounds);
}

/** array_replace, in any number of dimensions. */
export function arrayReplace(array: SqlArray, from: SqlValue, to: SqlValue, compare: Compare): SqlArray {
  const replaced = array.elements.map((item) => (isSame(item, from, compare) ? to : item));
  return new SqlArray(replaced, array.dimensions, array.lowerBounds);
}

/** trim_array: without the last n elements (of the first dimension). @throws SqlError 2202E */
export function arrayTrim(array: SqlArray, count: number): SqlArray {
  const [first = 0, ...rest] = array.dimensions;
  if (count < 0 || count > first) {
    throw new SqlError(SqlState.arraySubscriptError, `number of elements to trim must be between 0 and ${first}`);
  }
  const kept = first - count;
  if (kept === 0) return EMPTY;
  const elements = array.elements.slice(0, (array.elements.length / first) * kept);
  return new SqlArray(elements, [kept, ...rest]);
}

/** array_fill(value, sizes, lower bounds). @throws SqlError 22004, 2202E, 54000 */
export function arrayFill(value: SqlValue, sizes: SqlArray, lowerBounds: SqlArray | undefined): SqlArray {
  const dimensions = numbersOf(sizes, 'dimension values cannot be null');
  const bounds = lowerBounds === undefined ? dimensions.map(() => 1) : numbersOf(lowerBounds, 'dimension values cannot be null');
  if (dimensions.length > MAX_DIMENSIONS) {
    throw new SqlError(
      SqlState.programLimitExceeded,
      `number of array dimensions (${dimensions.length}) exceeds the maximum allowed (${MAX_DIMENSIONS})`,
    );
  }
  if (bounds.length !== dimensions.length) {
    throw new SqlError(SqlState.arraySubscriptError, 'wrong number of array subscripts', {
      detail: 'Low bound array has different size than dimensions array.',
    });
  }
  const total = dimensions.reduce((product, n) => product * n, dimensions.length === 0 ? 0 : 1);
  checkSize(total);
  checkMade(total);
  if (dimensions.some((n) => n < 0)) {
    throw new SqlError(SqlState.programLimitExceeded, `array size exceeds the maximum allowed (${MAX_ARRAY_SIZE})`);
  }
  return total === 0 ? EMPTY : new SqlArray(new Array<SqlValue>(total).fill(value), dimensions, bounds);
}

function numbersOf(array: SqlArray, nullMessage: string): number[] {
  if (array.dimensions.length > 1) {
    throw new SqlError(SqlState.arraySubscriptError, 'wrong number of array subscripts', {
      detail: 'Dimension array must be one dimensional.',
    });
  }
  return array.elements.map((item) => {
    if (item === null) throw new SqlError(SqlState.nullValueNotAllowed, nullMessage);
    return Number(item);
  });
}
