import type { BoundSubscript } from '../../planner/bind/expression.js';
import { fixedPart } from '../../types/geometry/parts.js';
import { Jsonb, type JsonNode, SqlArray, type SqlValue } from '../../types/value.js';
import type { Layout } from '../scope.js';
import type { Evaluator } from './evaluator.js';

export function compileSubscript(expr: BoundSubscript, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const lowers = expr.subscripts.map(({ lower }) => (lower === undefined ? undefined : layout.evaluator(lower)));
  const uppers = expr.subscripts.map(({ upper }) => (upper === undefined ? undefined : layout.evaluator(upper)));
  if (expr.container === 'jsonb') {
    return (row, frame) => {
      let node = asNode(arg(row, frame));
      for (let i = 0; i < uppers.length && node !== undefined; i++) {
        // The binder puts a plain subscript where PostgreSQL does: in the upper bound.
        const key = (uppers[i] ?? lowers[i])?.(row, frame) ?? null;
        node = key === null ? undefined : jsonbChild(node, key);
      }
      return node === undefined ? null : new Jsonb(node);
    };
  }
  if (expr.slice) {
    return (row, frame) => {
      const array = arg(row, frame);
      if (!(array instanceof SqlArray)) return null;
      const from: (number | undefined)[] = [];
      const to: (number | undefined)[] = [];
      for (let i = 0; i < uppers.length; i++) {
        const lower = lowers[i]?.(row, frame);
        const upper = uppers[i]?.(row, frame);
        if (lower === null || upper === null) return null;
        from.push(typeof lower === 'number' ? lower : undefined);
        to.push(typeof upper === 'number' ? upper : undefined);
      }
      return slice(array, from, to);
    };
  }
  return (row, frame) => {
    const array = arg(row, frame);
    if (!(array instanceof SqlArray)) {
      const index = uppers.length === 1 ? uppers[0]?.(row, frame) : null;
      return typeof index === 'number' ? fixedPart(array, index) : null;
    }
    // int2vector and oidvector count from 0, which their lower bounds say.
    let isInside = array.dimensions.length === uppers.length;
    let at = 0;
    for (let i = 0; i < uppers.length; i++) {
      const subscript = (uppers[i] ?? lowers[i])?.(row, frame) ?? null;
      if (typeof subscript !== 'number') return null;
      const size = array.dimensions[i] ?? 0;
      const offset = subscript - (array.lowerBounds[i] ?? 1);
      if (offset < 0 || offset >= size) isInside = false;
      at = at * size + offset;
    }
    return isInside ? (array.elements[at] ?? null) : null;
  };
}

/** Bounds outside the array are cut; the result counts from 1 (PostgreSQL manual, "Accessing Arrays"). */
function slice(array: SqlArray, from: readonly (number | undefined)[], to: readonly (number | undefined)[]): SqlArray {
  const ranges: { readonly start: number; readonly size: number }[] = [];
  if (from.length > array.dimensions.length || array.dimensions.length === 0) return new SqlArray([]);
  for (let i = 0; i < array.dimensions.length; i++) {
    const lowest = array.lowerBounds[i] ?? 1;
    const highest = lowest + (array.dimensions[i] ?? 0) - 1;
    const first = Math.max(from[i] ?? lowest, lowest);
    const last = Math.min(to[i] ?? highest, highest);
    if (last < first) return new SqlArray([]);
    ranges.push({ start: first - lowest, size: last - first + 1 });
  }
  const elements: SqlValue[] = [];
  const collect = (dimension: number, base: number): void => {
    const range = ranges[dimension];
    if (range === undefined) {
      elements.push(array.elements[base] ?? null);
      return;
    }
    const size = array.dimensions[dimension] ?? 0;
    for (let i = 0; i < range.size; i++) collect(dimension + 1, base * size + range.start + i);
  };
  collect(0, 0);
  return new SqlArray(
    elements,
    ranges.map((range) => range.size),
  );
}

function asNode(value: SqlValue): JsonNode | undefined {
  return value instanceof Jsonb ? value.node : undefined;
}

function jsonbChild(node: JsonNode, key: SqlValue): JsonNode | undefined {
  if (node instanceof Map) return node.get(String(key));
  if (!Array.isArray(node)) return undefined;
  const index = Number(key);
  if (!Number.isInteger(index)) return undefined;
  return node[index < 0 ? node.length + index : index];
}
