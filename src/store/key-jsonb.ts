import { unreachable } from '../commons/assert.js';
import { type JsonNode, Numeric } from '../types/value.js';
import type { KeyBuffer } from './key-buffer.js';
import type { KeyBytes } from './key-bytes.js';
import { readNumericKey, writeNumericKey } from './key-numeric.js';

/**
 * jsonb in a key, in PostgreSQL's order (manual, "jsonb Indexing"): Object > Array > Boolean > Number > String > Null; containers first by
 * their size, then by what they hold. At the top an empty array is below everything, which is PostgreSQL's quirk.
 */
const EMPTY_TOP_ARRAY = 0;
const NULL = 1;
const STRING = 2;
const NUMBER = 3;
const FALSE = 4;
const TRUE = 5;
const ARRAY = 6;
const OBJECT = 7;

export function writeJsonbKey(key: KeyBuffer, node: JsonNode): void {
  if (Array.isArray(node) && node.length === 0) key.byte(EMPTY_TOP_ARRAY);
  else writeNode(key, node);
}

function writeNode(key: KeyBuffer, node: JsonNode): void {
  if (node === null) key.byte(NULL);
  else if (typeof node === 'string') {
    key.byte(STRING);
    key.text(node);
  } else if (typeof node === 'boolean') key.byte(node ? TRUE : FALSE);
  else if (node instanceof Numeric) {
    key.byte(NUMBER);
    writeNumericKey(key, node.decimal);
  } else if (Array.isArray(node)) {
    key.byte(ARRAY);
    key.uint32(node.length);
    for (const item of node) writeNode(key, item);
  } else if (node instanceof Map) {
    key.byte(OBJECT);
    key.uint32(node.size);
    for (const [name, value] of node) {
      key.text(name);
      writeNode(key, value);
    }
  } else unreachable(node);
}

export function readJsonbKey(key: KeyBytes): JsonNode {
  const tag = key.byte();
  switch (tag) {
    case EMPTY_TOP_ARRAY:
      return [];
    case NULL:
      return null;
    case STRING:
      return key.text();
    case NUMBER: {
      const decimal = readNumericKey(key);
      return new Numeric(decimal, Math.max(0, decimal.decimalPlaces()));
    }
    case FALSE:
      return false;
    case TRUE:
      return true;
    case ARRAY: {
      const size = key.uint32();
      const items: JsonNode[] = [];
      for (let i = 0; i < size; i++) items.push(readJsonbKey(key));
      return items;
    }
    default: {
      const size = key.uint32();
      const object = new Map<string, JsonNode>();
      for (let i = 0; i < size; i++) {
        const name = key.text();
        object.set(name, readJsonbKey(key));
      }
      return object;
    }
  }
}
