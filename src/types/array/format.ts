import type { TypeCodec } from '../codec.js';
import type { FormatContext } from '../format-context.js';
import type { SqlArray } from '../value.js';

/** Whether an element must be quoted: empty, NULL, or with one of these in it. */
function needsQuotes(text: string, delimiter: number): boolean {
  const length = text.length;
  if (length === 0) return true;
  if (length === 4 && text.toUpperCase() === 'NULL') return true;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34 || code === 92 || code === 123 || code === 125 || code === delimiter || code === 32 || (code >= 9 && code <= 13)) {
      return true;
    }
  }
  return false;
}

/** array_out: '{1,2}', with '[0:1]=' in front when a lower bound isn't 1. */
export function formatArray(array: SqlArray, element: TypeCodec, cx: FormatContext, delimiter = ','): string {
  const { elements, dimensions, lowerBounds } = array;
  if (elements.length === 0) return '{}';
  const delimiterCode = delimiter.charCodeAt(0);
  const item = (i: number): string => {
    const value = elements[i] ?? null;
    if (value === null) return 'NULL';
    const text = element.output(value, cx);
    return needsQuotes(text, delimiterCode) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
  };
  let next = 0;
  const level = (depth: number): string => {
    const size = dimensions[depth] ?? 0;
    let text = '{';
    for (let i = 0; i < size; i++) {
      if (i > 0) text += delimiter;
      text += depth === dimensions.length - 1 ? item(next++) : level(depth + 1);
    }
    return `${text}}`;
  };
  return (lowerBounds.every((bound) => bound === 1) ? '' : `${boundsText(array)}=`) + level(0);
}

/** '[1:2][0:3]': what array_dims gives. */
export function boundsText(array: SqlArray): string {
  return array.dimensions
    .map((size, i) => {
      const lower = array.lowerBounds[i] ?? 1;
      return `[${lower}:${lower + size - 1}]`;
    })
    .join('');
}
