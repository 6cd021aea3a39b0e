import { compareNumeric, numericHashKey } from '../numeric/numeric.js';
import { compareText } from '../text.js';
import { type JsonNode, Numeric } from '../value.js';

export type JsonObject = Map<string, JsonNode>;
export type JsonArray = JsonNode[];

export function isObject(node: JsonNode): node is JsonObject {
  return node instanceof Map;
}

export function isArray(node: JsonNode): node is JsonArray {
  return Array.isArray(node);
}

export function isScalar(node: JsonNode): boolean {
  return !isObject(node) && !isArray(node);
}

/** Bytes in UTF-8; plain ASCII without asking. */
function byteLength(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return Buffer.byteLength(text);
  return text.length;
}

/** jsonb's order of keys: by length in bytes, then by bytes. */
export function compareKeys(a: string, b: string): number {
  return byteLength(a) - byteLength(b) || compareText(a, b);
}

/** An object from keys as they come: sorted; of equal ones the last counts. */
export function objectOf(keys: readonly string[], values: readonly JsonNode[]): JsonObject {
  let isSorted = true;
  for (let i = 1; i < keys.length && isSorted; i++) isSorted = compareKeys(keys[i - 1] ?? '', keys[i] ?? '') < 0;
  const object: JsonObject = new Map();
  if (isSorted) {
    for (let i = 0; i < keys.length; i++) object.set(keys[i] ?? '', values[i] ?? null);
    return object;
  }
  const last = new Map<string, JsonNode>();
  for (let i = 0; i < keys.length; i++) last.set(keys[i] ?? '', values[i] ?? null);
  for (const key of [...last.keys()].sort(compareKeys)) object.set(key, last.get(key) ?? null);
  return object;
}

/** jsonb_typeof. */
export function typeOfNode(node: JsonNode): 'null' | 'string' | 'number' | 'boolean' | 'array' | 'object' {
  if (node === null) return 'null';
  if (typeof node === 'string') return 'string';
  if (typeof node === 'boolean') return 'boolean';
  if (node instanceof Numeric) return 'number';
  return isArray(node) ? 'array' : 'object';
}

const RANKS = { null: 0, string: 1, number: 2, boolean: 3, array: 4, object: 5 } as const;

/**
 * jsonb's btree order: object > array > boolean > number > string > null; arrays and objects by their number of entries first.
 * A scalar at the top is a one-element array inside PostgreSQL; hence an empty array sorts below every scalar there.
 */
export function compareJsonb(a: JsonNode, b: JsonNode): number {
  if (isArray(a) && isScalar(b)) return a.length === 0 ? -1 : 1;
  if (isScalar(a) && isArray(b)) return b.length === 0 ? 1 : -1;
  return compareNodes(a, b);
}

function compareNodes(a: JsonNode, b: JsonNode): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof Numeric && b instanceof Numeric) return compareNumeric(a, b);
  const rank = RANKS[typeOfNode(a)] - RANKS[typeOfNode(b)];
  if (rank !== 0) return rank;
  if (typeof a === 'boolean') return a ? 1 : -1;
  if (a !== null && b !== null && isArray(a) && isArray(b)) {
    if (a.length !== b.length) return a.length - b.length;
    for (let i = 0; i < a.length; i++) {
      const order = compareNodes(a[i] ?? null, b[i] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  }
  return isObject(a) && isObject(b) ? compareObjects(a, b) : 0;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  if (a.size !== b.size) return a.size - b.size;
  const others = b.entries();
  for (const [key, value] of a) {
    const [otherKey, otherValue] = others.next().value ?? ['', null];
    const order = compareText(key, otherKey) || compareNodes(value, otherValue);
    if (order !== 0) return order;
  }
  return 0;
}

/** The same text for equal values only: as JSON, but numbers without their scale. */
export function jsonbHashKey(node: JsonNode): string {
  if (node === null || typeof node === 'boolean') return `${node}`;
  if (typeof node === 'string') return JSON.stringify(node);
  if (node instanceof Numeric) return numericHashKey(node);
  let key = '';
  if (isArray(node)) {
    for (const item of node) key += `${jsonbHashKey(item)},`;
    return `[${key}]`;
  }
  for (const [name, value] of node) key += `${JSON.stringify(name)}:${jsonbHashKey(value)},`;
  return `{${key}}`;
}
