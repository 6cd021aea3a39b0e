import type { SqlArray } from '../../../types/value.js';

/** The elements of a text[]. */
export function textElements(array: SqlArray): readonly (string | null)[] {
  // Arrays say nothing of their elements' type: that these are texts is what the function is declared with.
  return array.elements as readonly (string | null)[];
}
