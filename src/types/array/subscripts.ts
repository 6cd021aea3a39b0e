import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SqlArray, type SqlValue } from '../value.js';
import { MAX_ARRAY_SIZE, MAX_DIMENSIONS } from './parse.js';

/** A slice's bound: a number, or undefined where it is left out ('[:3]'). */
export type Bound = number | undefined;

/** array[i][j]: null outside, or when the number of subscripts isn't the number of dimensions. */
export function arrayElement(array: SqlArray, subscripts: readonly number[]): SqlValue {
  const { dimensions, lowerBounds } = array;
  if (subscripts.length !== dimensions.length) return null;
  let at = 0;
  for (let i = 0; i < subscripts.length; i++) {
    const size = dimensions[i] ?? 0;
    const offset = (subscripts[i] ?? 0) - (lowerBounds[i] ?? 1);
    if (offset < 0 || offset >= size) return null;
    at = at * size + offset;
  }
  return array.elements[at] ?? null;
}

/** Positions of a box of elements, in row-major order. `from` and `to` are offsets from 0, one pair a dimension. */
function boxPositions(dimensions: readonly number[], from: readonly number[], to: readonly number[]): number[] {
  let positions = [0];
  for (let i = 0; i < dimensions.length; i++) {
    const size = dimensions[i] ?? 0;
    const next: number[] = [];
    for (const base of positions) for (let k = from[i] ?? 0; k <= (to[i] ?? size - 1); k++) next.push(base * size + k);
    positions = next;
  }
  return positions;
}

/** array[a:b][c:d]: cut to the array's bounds, counted from 1 again; empty when nothing is left. */
export function arraySlice(array: SqlArray, lower: readonly Bound[], upper: readonly Bound[]): SqlArray {
  const { dimensions, lowerBounds } = array;
  if (dimensions.length === 0 || lower.length > dimensions.length) return new SqlArray([]);
  const from: number[] = [];
  const to: number[] = [];
  for (let i = 0; i < dimensions.length; i++) {
    const first = lowerBounds[i] ?? 1;
    const last = (dimensions[i] ?? 0) - 1;
    const start = lower[i];
    const end = upper[i];
    const a = start === undefined ? 0 : Math.max(0, start - first);
    const b = end === undefined ? last : Math.min(last, end - first);
    if (a > b) return new SqlArray([]);
    from.push(a);
    to.push(b);
  }
  const elements = boxPositions(dimensions, from, to).map((at) => array.elements[at] ?? null);
  return new SqlArray(
    elements,
    from.map((a, i) => (to[i] ?? 0) - a + 1),
  );
}

function subscriptError(message: string): SqlError {
  return new SqlError(SqlState.arraySubscriptError, message);
}

function checkCount(count: number): void {
  if (count <= 0 || count > MAX_DIMENSIONS) throw subscriptError('wrong number of array subscripts');
}

/**
 * UPDATE … SET array[i] = value. A one-dimensional array grows either way, the gap filled with nulls; others keep their bounds.
 * @throws SqlError 2202E
 */
export function arrayAssignElement(array: SqlArray, subscripts: readonly number[], value: SqlValue): SqlArray {
  checkCount(subscripts.length);
  const { dimensions, lowerBounds, elements } = array;
  if (dimensions.length === 0) {
    return new SqlArray(
      [value],
      subscripts.map(() => 1),
      subscripts,
    );
  }
  if (dimensions.length !== subscripts.length) throw subscriptError('wrong number of array subscripts');
  if (dimensions.length === 1) return assignInRow(array, subscripts[0] ?? 1, [value]);
  let at = 0;
  subscripts.forEach((subscript, i) => {
    const offset = subscript - (lowerBounds[i] ?? 1);
    const size = dimensions[i] ?? 0;
    if (offset < 0 || offset >= size) throw subscriptError('array subscript out of range');
    at = at * size + offset;
  });
  const changed = [...elements];
  changed[at] = value;
  return new SqlArray(changed, dimensions, lowerBounds);
}

/** Puts values at a subscript of a one-dimensional array, which grows as needed. */
function assignInRow(array: SqlArray, subscript: number, values: readonly SqlValue[]): SqlArray {
  const lower = array.lowerBounds[0] ?? 1;
  const first = Math.min(lower, subscript);
  const end = Math.max(lower + array.elements.length, subscript + values.length);
  checkSize(end - first);
  const changed = new Array<SqlValue>(end - first).fill(null);
  array.elements.forEach((item, i) => {
    changed[lower - first + i] = item;
  });
  values.forEach((item, i) => {
    changed[subscript - first + i] = item;
  });
  return new SqlArray(changed, [changed.length], [first]);
}

function checkSize(size: number): void {
  if (size <= MAX_ARRAY_SIZE) return;
  throw new SqlError(SqlState.programLimitExceeded, `array size exceeds the maximum allowed (${MAX_ARRAY_SIZE})`);
}

function openBounds(): SqlError {
  return new SqlError(SqlState.arraySubscriptError, 'array slice subscript must provide both boundaries', {
    detail: 'When assigning to a slice of an empty array value, slice boundaries must be fully specified.',
  });
}

/** A slice of several dimensions put into an empty array: its bounds are the new array's. */
function newFromSlice(lower: readonly Bound[], upper: readonly Bound[], source: SqlArray): SqlArray {
  const first: number[] = [];
  const sizes: number[] = [];
  lower.forEach((from, i) => {
    const to = upper[i];
    if (from === undefined || to === undefined) throw openBounds();
    if (from > to) throw subscriptError('upper bound cannot be less than lower bound');
    first.push(from);
    sizes.push(to - from + 1);
  });
  const count = sizes.reduce((product, size) => product * size, 1);
  checkSize(count);
  if (source.elements.length < count) throw subscriptError('source array too small');
  return new SqlArray(source.elements.slice(0, count), sizes, first);
}

/** UPDATE … SET array[a:b] = source. @throws SqlError 2202E */
export function arrayAssignSlice(array: SqlArray, lower: readonly Bound[], upper: readonly Bound[], source: SqlArray): SqlArray {
  checkCount(lower.length);
  const { dimensions, lowerBounds } = array;
  if (dimensions.length !== 0 && lower.length > dimensions.length) throw subscriptError('wrong number of array subscripts');
  const tooSmall = (): SqlError => subscriptError('source array too small');
  if (dimensions.length === 0 && lower.length > 1) return newFromSlice(lower, upper, source);
  if (dimensions.length <= 1 && lower.length === 1) {
    const first = lower[0] ?? lowerBounds[0] ?? 1;
    const last = upper[0] ?? (dimensions.length === 0 ? undefined : (lowerBounds[0] ?? 1) + (dimensions[0] ?? 0) - 1);
    if (last === undefined) {
      throw openBounds();
    }
    if (first > last) throw subscriptError('upper bound cannot be less than lower bound');
    const count = last - first + 1;
    checkSize(count);
    if (source.elements.length < count) throw tooSmall();
    return assignInRow(dimensions.length === 0 ? new SqlArray([], [0], [first]) : array, first, source.elements.slice(0, count));
  }
  const from = dimensions.map((_, i) => (lower[i] ?? lowerBounds[i] ?? 1) - (lowerBounds[i] ?? 1));
  const to = dimensions.map((size, i) => (upper[i] ?? (lowerBounds[i] ?? 1) + size - 1) - (lowerBounds[i] ?? 1));
  if (from.some((a, i) => a < 0 || (to[i] ?? 0) >= (dimensions[i] ?? 0))) throw subscriptError('array subscript out of range');
  if (from.some((a, i) => a > (to[i] ?? 0))) throw subscriptError('upper bound cannot be less than lower bound');
  const positions = boxPositions(dimensions, from, to);
  if (source.elements.length < positions.length) throw tooSmall();
  const changed = [...array.elements];
  positions.forEach((at, i) => {
    changed[at] = source.elements[i] ?? null;
  });
  return new SqlArray(changed, dimensions, lowerBounds);
}
