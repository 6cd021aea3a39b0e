import { assert } from '../commons/assert.js';
import { parseJsonPath } from './jsonpath/parser.js';
import { TypeOid } from './oids.js';
import type { ObjectValue } from './value.js';

const READERS: ReadonlyMap<number, (text: string) => ObjectValue> = new Map<number, (text: string) => ObjectValue>([
  [TypeOid.jsonpath, parseJsonPath],
]);

/** What a store kept of an ObjectValue → the value. */
export function objectFromText(oid: number, text: string): ObjectValue {
  const read = READERS.get(oid);
  assert(read !== undefined, 'a stored object of a type that this version does not know');
  return read(text);
}
