import type { TypeCodec } from '../codec.js';
import type { SqlArray } from '../value.js';

type Compare = NonNullable<TypeCodec['compare']>;
type HashKeyOf = NonNullable<TypeCodec['hashKey']>;

/** array_cmp: element by element (null equals null and is above everything), then by length, dimensions, lower bounds. */
export function compareArrays(a: SqlArray, b: SqlArray, compare: Compare): number {
  const length = Math.min(a.elements.length, b.elements.length);
  for (let i = 0; i < length; i++) {
    const x = a.elements[i] ?? null;
    const y = b.elements[i] ?? null;
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
      continue;
    }
    const order = compare(x, y);
    if (order !== 0) return order;
  }
  if (a.elements.length !== b.elements.length) return a.elements.length - b.elements.length;
  if (a.dimensions.length !== b.dimensions.length) return a.dimensions.length - b.dimensions.length;
  return compareLists(a.dimensions, b.dimensions) || compareLists(a.lowerBounds, b.lowerBounds);
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A text that is the same for equal arrays only: each part is led by its length. */
export function arrayHashKey(array: SqlArray, hashKey: HashKeyOf): string {
  let key = `${array.dimensions.join('x')}@${array.lowerBounds.join(',')}|`;
  for (const value of array.elements) {
    if (value === null) {
      key += 'n,';
    } else {
      const part = `${hashKey(value)}`;
      key += `${part.length}:${part},`;
    }
  }
  return key;
}
