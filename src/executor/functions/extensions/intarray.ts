import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { type IntCondition, parseIntQuery, printIntQuery } from '../../../types/extensions/query-int.js';
import { SqlArray } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

/** @throws SqlError 22004 */
function numbersOf(array: SqlArray): readonly number[] {
  if (array.elements.includes(null)) throw new SqlError(SqlState.nullValueNotAllowed, 'array must not contain nulls');
  return array.elements as readonly number[];
}

const ascending = (a: number, b: number): number => a - b;
/** Sorted, each number once. */
const setOf = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort(ascending);

function contains(whole: SqlArray, part: SqlArray): boolean {
  const have = new Set(numbersOf(whole));
  return numbersOf(part).every((number) => have.has(number));
}

function overlap(a: SqlArray, b: SqlArray): boolean {
  const have = new Set(numbersOf(a));
  return numbersOf(b).some((number) => have.has(number));
}

function isSame(a: SqlArray, b: SqlArray): boolean {
  const left = [...numbersOf(a)].sort(ascending);
  const right = [...numbersOf(b)].sort(ascending);
  return left.length === right.length && left.every((number, i) => number === right[i]);
}

function intersection(a: SqlArray, b: SqlArray): SqlArray {
  const have = new Set(numbersOf(b));
  return new SqlArray(setOf(numbersOf(a).filter((number) => have.has(number))));
}

function subtract(a: SqlArray, b: SqlArray): SqlArray {
  const gone = new Set(numbersOf(b));
  return new SqlArray(setOf(numbersOf(a).filter((number) => !gone.has(number))));
}

function holds(node: IntCondition, numbers: ReadonlySet<number>): boolean {
  switch (node.kind) {
    case 'number':
      return numbers.has(node.value);
    case 'not':
      return !holds(node.arg, numbers);
    case 'and':
      return holds(node.left, numbers) && holds(node.right, numbers);
    case 'or':
      return holds(node.left, numbers) || holds(node.right, numbers);
  }
}

const matches = (array: SqlArray, query: string): boolean => holds(parseIntQuery(query), new Set(numbersOf(array)));

/** @throws SqlError 22023 */
function sort(array: SqlArray, direction: string): SqlArray {
  const order = direction.toLowerCase();
  if (array.elements.length > 1 && order !== 'asc' && order !== 'desc')
    throw new SqlError(SqlState.invalidParameterValue, 'second parameter must be "ASC" or "DESC"');
  const sorted = [...numbersOf(array)].sort(ascending);
  return new SqlArray(order === 'desc' ? sorted.reverse() : sorted);
}

/** Neighbours that are equal become one. */
function unique(array: SqlArray): SqlArray {
  return new SqlArray(numbersOf(array).filter((number, i, all) => i === 0 || number !== all[i - 1]));
}

/** From 1; negative numbers count from the end. */
function part(array: SqlArray, start: number, length?: number): SqlArray {
  const numbers = numbersOf(array);
  let from = start > 0 ? start - 1 : start;
  if (from < 0) from += numbers.length;
  let to = length === undefined ? numbers.length : length < 0 ? numbers.length + length : from + length;
  from = Math.max(0, from);
  to = Math.min(numbers.length, Math.max(0, to));
  return new SqlArray(from >= to ? [] : numbers.slice(from, to));
}

export const intArrayFunctions: FunctionTable = {
  scalar: {
    _int_contains: contains,
    _int_contained: (inner: SqlArray, whole: SqlArray) => contains(whole, inner),
    _int_overlap: overlap,
    _int_same: isSame,
    _int_different: (a: SqlArray, b: SqlArray) => !isSame(a, b),
    _int_union: (a: SqlArray, b: SqlArray) => new SqlArray(setOf([...numbersOf(a), ...numbersOf(b)])),
    _int_inter: intersection,
    boolop: matches,
    rboolop: (query: string, array: SqlArray) => matches(array, query),
    querytree: (query: string) => printIntQuery(parseIntQuery(query)),
    intset: (number: number) => new SqlArray([number]),
    icount: (array: SqlArray) => array.elements.length,
    sort_asc: (array: SqlArray) => sort(array, 'asc'),
    sort_desc: (array: SqlArray) => sort(array, 'desc'),
    uniq: unique,
    idx: (array: SqlArray, number: number) => numbersOf(array).indexOf(number) + 1,
    intarray_push_elem: (array: SqlArray, number: number) => new SqlArray([...numbersOf(array), number]),
    intarray_push_array: (a: SqlArray, b: SqlArray) => new SqlArray([...numbersOf(a), ...numbersOf(b)]),
    intarray_del_elem: (array: SqlArray, number: number) => new SqlArray(numbersOf(array).filter((other) => other !== number)),
    intset_union_elem: (array: SqlArray, number: number) => new SqlArray(setOf([...numbersOf(array), number])),
    intset_subtract: subtract,
  },
  typed: {
    sort: ({ args }) => (args.length === 1 ? (array: SqlArray) => sort(array, 'asc') : sort),
    subarray: ({ args }) => (args.length === 2 ? (array: SqlArray, start: number) => part(array, start) : part),
  },
};
