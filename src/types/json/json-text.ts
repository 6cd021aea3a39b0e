import { arrayIndexOf } from './access.js';
import { invalidJsonParameter } from './errors.js';
import { JsonLexer } from './lexer.js';

/** Accessors of type json: they cut their answers out of the text, which is known to be valid. */

/** A member or element: where its value stands in the text. */
export interface JsonSlice {
  /** The member's key, unescaped; '' for elements. */
  readonly key: string;
  readonly text: string;
}

type Container = 'object' | 'array' | 'scalar';

export function jsonContainerOf(text: string): Container {
  const first = /[^ \t\r\n]/.exec(text)?.[0];
  return first === '{' ? 'object' : first === '[' ? 'array' : 'scalar';
}

/** Skips the value at the lexer's token; leaves the lexer on the token behind it. Returns the value's end. */
function skipValue(lexer: JsonLexer): number {
  let depth = 0;
  for (;;) {
    const { token } = lexer;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    const end = lexer.tokenEnd;
    lexer.next();
    if (depth === 0) return end;
  }
}

/** The members of an object or the elements of an array, in the text's order, duplicate keys included. */
export function jsonSlices(text: string): JsonSlice[] {
  const lexer = new JsonLexer(text, true);
  const isObject = lexer.next() === '{';
  const slices: JsonSlice[] = [];
  lexer.next();
  while (lexer.token !== '}' && lexer.token !== ']' && lexer.token !== 'end') {
    let key = '';
    if (isObject) {
      key = lexer.string;
      lexer.next();
      lexer.next();
    }
    const start = lexer.tokenStart;
    slices.push({ key, text: text.slice(start, skipValue(lexer)) });
    if (lexer.token === ',') lexer.next();
  }
  return slices;
}

/** json -> text: of a key given twice the last counts. */
export function jsonField(text: string, key: string): string | null {
  if (jsonContainerOf(text) !== 'object') return null;
  return jsonSlices(text).findLast((slice) => slice.key === key)?.text ?? null;
}

/** json -> int */
export function jsonElement(text: string, index: number): string | null {
  if (jsonContainerOf(text) !== 'array') return null;
  return jsonSlices(text).at(index)?.text ?? null;
}

/** What ->> makes of a piece of json: strings bare, null as SQL null, the rest as it stands. */
export function jsonAsText(piece: string | null): string | null {
  if (piece === null || piece === 'null') return null;
  if (!piece.startsWith('"')) return piece;
  const lexer = new JsonLexer(piece, true);
  lexer.next();
  return lexer.string;
}

/** json #> text[] */
export function jsonPath(text: string, path: readonly (string | null)[]): string | null {
  let piece: string | null = text;
  for (const step of path) {
    if (step === null || piece === null) return null;
    const container: Container = jsonContainerOf(piece);
    if (container === 'object') {
      piece = jsonField(piece, step);
    } else {
      const index = container === 'array' ? arrayIndexOf(step) : undefined;
      piece = index === undefined ? null : jsonElement(piece, index);
    }
  }
  return piece;
}

/** json_typeof */
export function jsonTypeOf(text: string): string {
  const first = /[^ \t\r\n]/.exec(text)?.[0] ?? '';
  const kinds: Readonly<Record<string, string>> = { '{': 'object', '[': 'array', '"': 'string', t: 'boolean', f: 'boolean', n: 'null' };
  return kinds[first] ?? 'number';
}

/** json_array_length. @throws SqlError 22023 */
export function jsonArrayLength(text: string): number {
  const container = jsonContainerOf(text);
  if (container !== 'array') throw invalidJsonParameter(`cannot get array length of a ${container === 'scalar' ? 'scalar' : 'non-array'}`);
  return jsonSlices(text).length;
}

/** json_array_elements, json_array_elements_text. @throws SqlError 22023 */
export function jsonElements(text: string, functionName: string): JsonSlice[] {
  const container = jsonContainerOf(text);
  if (container !== 'array')
    throw invalidJsonParameter(`cannot call ${functionName} on a ${container === 'scalar' ? 'scalar' : 'non-array'}`);
  return jsonSlices(text);
}

/** json_object_keys, json_each. @throws SqlError 22023 */
export function jsonEntries(text: string, functionName: string): JsonSlice[] {
  const container = jsonContainerOf(text);
  if (container === 'object') return jsonSlices(text);
  if (functionName === 'json_object_keys')
    throw invalidJsonParameter(`cannot call ${functionName} on ${container === 'array' ? 'an array' : 'a scalar'}`);
  throw invalidJsonParameter(container === 'array' ? `cannot deconstruct an array as an object` : `cannot deconstruct a scalar`);
}
