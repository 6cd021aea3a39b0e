import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { BoundArray, BoundArrayCast, BoundExpr, BoundQuantified } from '../../planner/bind/expression.js';
import { isOwnEquality } from '../../planner/bind/tree/same.js';
import type { HashKey } from '../../types/type-codec.js';
import { SqlArray, type SqlValue } from '../../types/value.js';
import type { Layout } from '../scope.js';
import { hasherOf, sameHashClass } from './comparators.js';
import type { Evaluator } from './evaluator.js';

export function compileArray(expr: BoundArray, layout: Layout): Evaluator {
  const elements = expr.elements.map((element) => layout.evaluator(element));
  if (!expr.nested) return (row, frame) => new SqlArray(elements.map((element) => element(row, frame)));
  return (row, frame) => joinArrays(elements.map((element) => element(row, frame)));
}

/** Arrays of one shape as the sub-arrays of one with a dimension more. */
export function joinArrays(parts: readonly SqlValue[]): SqlArray {
  let shape: SqlArray | undefined;
  const elements: SqlValue[] = [];
  for (const part of parts) {
    if (!(part instanceof SqlArray)) continue;
    if (shape === undefined) shape = part;
    else if (part.dimensions.length !== shape.dimensions.length || part.dimensions.some((size, i) => size !== shape?.dimensions[i])) {
      throw mismatch();
    }
    for (const element of part.elements) elements.push(element);
  }
  if (shape === undefined || shape.dimensions.length === 0) return new SqlArray([]);
  if (parts.some((part) => part === null)) throw mismatch();
  return new SqlArray(elements, [parts.length, ...shape.dimensions], [1, ...shape.lowerBounds]);
}

function mismatch(): SqlError {
  return new SqlError(SqlState.arraySubscriptError, 'multidimensional arrays must have array expressions with matching dimensions');
}

export function compileArrayCast(expr: BoundArrayCast, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const slot = layout.compiler.placeholder(expr.slot);
  const cast = layout.evaluator(expr.element);
  return (row, frame) => {
    const value = arg(row, frame);
    if (!(value instanceof SqlArray)) return null;
    const elements: SqlValue[] = [];
    for (const element of value.elements) {
      frame.slots[slot] = element;
      elements.push(cast(row, frame));
    }
    return new SqlArray(elements, value.dimensions, value.lowerBounds);
  };
}

/** left op ANY/ALL (array). An equality over a longer array looks the value up in a set of the elements. */
export function compileQuantified(expr: BoundQuantified, layout: Layout): Evaluator {
  const array = layout.evaluator(expr.array);
  const slot = layout.compiler.placeholder(expr.slot);
  const compare = layout.evaluator(expr.compare);
  const decisive = expr.quantifier === 'any';
  const scan: Evaluator = (row, frame) => {
    const value = array(row, frame);
    if (!(value instanceof SqlArray)) return null;
    let unknown = false;
    for (const element of value.elements) {
      frame.slots[slot] = element;
      const result = compare(row, frame);
      if (result === decisive) return decisive;
      if (result === null) unknown = true;
    }
    return unknown ? null : !decisive;
  };
  const left = expr.quantifier === 'any' ? probeSide(expr) : undefined;
  return left === undefined ? scan : hashedAny(array, layout.evaluator(left.expr), left.type, left.elementType, scan);
}

/** Fewer elements are compared one by one. */
const HASHED_FROM = 9;

function hashedAny(array: Evaluator, probe: Evaluator, type: number, elementType: number, scan: Evaluator): Evaluator {
  const hash = hasherOf(type);
  const hashElement = hasherOf(elementType);
  // What was made of an array is kept for as long as it is the same array: constants and parameters are.
  let known: SqlArray | undefined;
  let keys = new Set<HashKey>();
  let hasNull = false;
  return (row, frame) => {
    const value = array(row, frame);
    if (!(value instanceof SqlArray)) return null;
    if (value.elements.length < HASHED_FROM) return scan(row, frame);
    const wanted = probe(row, frame);
    if (wanted === null) return null;
    if (value !== known) {
      keys = new Set();
      hasNull = false;
      for (const element of value.elements) {
        if (element === null) hasNull = true;
        else keys.add(hashElement(element));
      }
      known = value;
    }
    return keys.has(hash(wanted)) ? true : hasNull ? null : false;
  };
}

/** The left side of `left = ANY (array)`, where a look-up by hash key is as good as the comparison. */
function probeSide({ compare, slot }: BoundQuantified): { expr: BoundExpr; type: number; elementType: number } | undefined {
  if (compare.kind !== 'call' || !isOwnEquality(compare)) return undefined;
  const [left, right] = compare.args;
  if (left === undefined || right?.kind !== 'placeholder' || right.slot !== slot) return undefined;
  return sameHashClass(left.type, right.type) ? { expr: left, type: left.type, elementType: right.type } : undefined;
}
