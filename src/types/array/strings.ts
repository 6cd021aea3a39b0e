import type { TypeCodec } from '../codec.js';
import type { FormatContext } from '../format-context.js';
import { SqlArray } from '../value.js';
import { checkMade } from './operations.js';

/** array_to_string: nulls are left out, or shown as a text. */
export function arrayToString(array: SqlArray, delimiter: string, nullText: string | null, element: TypeCodec, cx: FormatContext): string {
  const parts: string[] = [];
  for (const item of array.elements) {
    if (item !== null) parts.push(element.output(item, cx));
    else if (nullText !== null) parts.push(nullText);
  }
  return parts.join(delimiter);
}

/** string_to_array's pieces: a null delimiter splits into characters, an empty one not at all; `nullText` becomes null. */
export function splitText(text: string, delimiter: string | null, nullText: string | null): (string | null)[] {
  if (text === '') return [];
  const parts = delimiter === null ? [...text] : delimiter === '' ? [text] : text.split(delimiter);
  return nullText === null ? parts : parts.map((part) => (part === nullText ? null : part));
}

export function stringToArray(text: string, delimiter: string | null, nullText: string | null): SqlArray {
  const parts = splitText(text, delimiter, nullText);
  checkMade(parts.length);
  return new SqlArray(parts);
}
