import { formatNumeric } from '../numeric/numeric.js';
import { Jsonb, type JsonNode, Numeric } from '../value.js';
import { invalidJsonParameter } from './errors.js';
import { formatJsonb } from './format.js';
import { isArray, isObject, isScalar, type JsonObject } from './node.js';

/** A text path's step into an array: '2' or '-1'; undefined when it is no int4. */
export function arrayIndexOf(step: string): number | undefined {
  const match = /^[ \t-\r]*([+-]?\d+)$/.exec(step);
  if (match === null) return undefined;
  const index = Number(match[1]);
  return index > 0x7fffffff || index < -0x80000000 ? undefined : index;
}

function itemAt(items: readonly JsonNode[], index: number): JsonNode | undefined {
  return items[index < 0 ? items.length + index : index];
}

/** A scalar counts as an array of one. */
function elementsOf(node: JsonNode): readonly JsonNode[] {
  return isArray(node) ? node : isObject(node) ? [] : [node];
}

/** jsonb -> text; null when there is no such key or it is no object. */
export function jsonbField(value: Jsonb, key: string): Jsonb | null {
  const found = isObject(value.node) ? value.node.get(key) : undefined;
  return found === undefined ? null : new Jsonb(found);
}

/** jsonb -> int; counts from the end when negative. */
export function jsonbElement(value: Jsonb, index: number): Jsonb | null {
  const found = itemAt(elementsOf(value.node), index);
  return found === undefined ? null : new Jsonb(found);
}

/** What ->> makes of a value: strings bare, JSON null as SQL null, the rest as JSON. */
export function nodeAsText(node: JsonNode): string | null {
  if (typeof node === 'string') return node;
  if (node === null) return null;
  return node instanceof Numeric ? formatNumeric(node) : formatJsonb(node);
}

/** jsonb ->> text */
export function jsonbFieldText(value: Jsonb, key: string): string | null {
  const found = isObject(value.node) ? value.node.get(key) : undefined;
  return found === undefined ? null : nodeAsText(found);
}

/** jsonb ->> int */
export function jsonbElementText(value: Jsonb, index: number): string | null {
  const found = itemAt(elementsOf(value.node), index);
  return found === undefined ? null : nodeAsText(found);
}

function nodeAtPath(start: JsonNode, path: readonly (string | null)[]): JsonNode | undefined {
  let node: JsonNode | undefined = start;
  for (const step of path) {
    if (step === null || node === undefined) return undefined;
    if (isObject(node)) {
      node = node.get(step);
    } else if (isArray(node)) {
      const index = arrayIndexOf(step);
      node = index === undefined ? undefined : itemAt(node, index);
    } else {
      return undefined;
    }
  }
  return node;
}

/** jsonb #> text[]; an empty path gives the value itself. */
export function jsonbPath(value: Jsonb, path: readonly (string | null)[]): Jsonb | null {
  const found = nodeAtPath(value.node, path);
  return found === undefined ? null : new Jsonb(found);
}

/** jsonb #>> text[] */
export function jsonbPathText(value: Jsonb, path: readonly (string | null)[]): string | null {
  const found = nodeAtPath(value.node, path);
  return found === undefined ? null : nodeAsText(found);
}

/** jsonb ? text: a key, a string among an array's elements, or the string itself. */
export function jsonbExists(value: Jsonb, key: string): boolean {
  const { node } = value;
  return isObject(node) ? node.has(key) : isArray(node) ? node.includes(key) : node === key;
}

/** jsonb ?| text[] */
export function jsonbExistsAny(value: Jsonb, keys: readonly (string | null)[]): boolean {
  return keys.some((key) => key !== null && jsonbExists(value, key));
}

/** jsonb ?& text[] */
export function jsonbExistsAll(value: Jsonb, keys: readonly (string | null)[]): boolean {
  return keys.every((key) => key === null || jsonbExists(value, key));
}

/** jsonb_array_length. @throws SqlError 22023 */
export function jsonbArrayLength(value: Jsonb): number {
  if (isArray(value.node)) return value.node.length;
  throw invalidJsonParameter(`cannot get array length of a ${isScalar(value.node) ? 'scalar' : 'non-array'}`);
}

/** jsonb_array_elements. @throws SqlError 22023 */
export function jsonbElements(value: Jsonb): readonly JsonNode[] {
  if (isArray(value.node)) return value.node;
  throw invalidJsonParameter(`cannot extract elements from ${isScalar(value.node) ? 'a scalar' : 'an object'}`);
}

/** jsonb_object_keys, in jsonb's order. @throws SqlError 22023 */
export function jsonbKeys(value: Jsonb): string[] {
  if (isObject(value.node)) return [...value.node.keys()];
  throw invalidJsonParameter(`cannot call jsonb_object_keys on ${isArray(value.node) ? 'an array' : 'a scalar'}`);
}

/** The entries of jsonb_each and the like; `functionName` is for the error. @throws SqlError 22023 */
export function jsonbEntries(value: Jsonb, functionName: string): JsonObject {
  if (isObject(value.node)) return value.node;
  throw invalidJsonParameter(`cannot call ${functionName} on a non-object`);
}
