import { assert } from '../commons/assert.js';
import { parseHstore } from './extensions/hstore.js';
import { ExtensionTypeOid } from './extensions/oids.js';
import { parseBox, parseCircle, parseLine, parseLseg, parsePath, parsePoint, parsePolygon } from './geometry/parse.js';
import { parseJsonPath } from './jsonpath/parser.js';
import { TypeOid } from './oids.js';
import { parseTsQuery } from './text-search/tsquery.js';
import { parseTsVector } from './text-search/tsvector.js';
import type { ObjectValue } from './value.js';

const READERS: ReadonlyMap<number, (text: string) => ObjectValue> = new Map<number, (text: string) => ObjectValue>([
  [TypeOid.jsonpath, parseJsonPath],
  [TypeOid.tsvector, parseTsVector],
  [TypeOid.tsquery, (text) => parseTsQuery(text)],
  [TypeOid.point, parsePoint],
  [TypeOid.lseg, parseLseg],
  [TypeOid.box, parseBox],
  [TypeOid.path, parsePath],
  [TypeOid.polygon, parsePolygon],
  [TypeOid.line, parseLine],
  [TypeOid.circle, parseCircle],
  [ExtensionTypeOid.hstore, parseHstore],
]);

/** What a store kept of an ObjectValue → the value. */
export function objectFromText(oid: number, text: string): ObjectValue {
  const read = READERS.get(oid);
  assert(read !== undefined, 'a stored object of a type that this version does not know');
  return read(text);
}
