import type { TypeCodec } from '../codec.js';
import { invalidBinary } from '../input-errors.js';
import { TypeOid } from '../oids.js';
import { receiveText } from '../text-codecs.js';
import { compareQueries } from './query-order.js';
import { parseTsQuery, type QueryNode, type TsQuery } from './tsquery.js';
import { compareVectors, MAX_POSITION, type Place, parseTsVector, type TsVector, vectorOf } from './tsvector.js';

/** Life of a search: to_tsvector makes documents' lexemes, to_tsquery a query of the same words, and functions/text-search match and rank. */

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function sendVector(vector: TsVector): Uint8Array {
  const parts: Uint8Array[] = [int32(vector.lexemes.length)];
  for (const { word, places } of vector.lexemes) {
    parts.push(Buffer.from(`${word}\0`), int16(places.length));
    for (const { position, weight } of places) parts.push(int16((weight << 14) | position));
  }
  return Buffer.concat(parts);
}

function receiveVector(source: Uint8Array): TsVector {
  const bytes = Buffer.from(source);
  const lexemes: { word: string; places: Place[] }[] = [];
  let at = 4;
  for (let left = bytes.readInt32BE(0); left > 0; left--) {
    const end = bytes.indexOf(0, at);
    if (end < 0) throw invalidBinary('invalid tsvector: lexeme too long');
    const word = receiveText(bytes.subarray(at, end));
    const count = bytes.readUInt16BE(end + 1);
    at = end + 3;
    const places: Place[] = [];
    for (let i = 0; i < count; i++, at += 2) {
      const place = bytes.readUInt16BE(at);
      places.push({ position: place & MAX_POSITION, weight: place >> 14 });
    }
    lexemes.push({ word, places });
  }
  return vectorOf(lexemes);
}

const OPERATORS = { not: 1, and: 2, or: 3, phrase: 4 } as const;

/** In Polish notation, the right side first. */
function sendNode(node: QueryNode, parts: Uint8Array[]): void {
  if (node.kind === 'word') {
    parts.push(Uint8Array.of(1, node.weights, node.prefix ? 1 : 0), Buffer.from(`${node.word}\0`));
    return;
  }
  parts.push(Uint8Array.of(2, OPERATORS[node.kind]));
  if (node.kind === 'phrase') parts.push(int16(node.distance));
  if (node.kind === 'not') sendNode(node.arg, parts);
  else {
    sendNode(node.right, parts);
    sendNode(node.left, parts);
  }
}

function count(node: QueryNode | undefined): number {
  if (node === undefined) return 0;
  return node.kind === 'word' ? 1 : node.kind === 'not' ? 1 + count(node.arg) : 1 + count(node.left) + count(node.right);
}

function sendQuery(query: TsQuery): Uint8Array {
  const parts: Uint8Array[] = [int32(count(query.root))];
  if (query.root !== undefined) sendNode(query.root, parts);
  return Buffer.concat(parts);
}

export const textSearchCodecs: readonly TypeCodec[] = [
  {
    oid: TypeOid.tsvector,
    name: 'tsvector',
    input: parseTsVector,
    output: (value) => (value as TsVector).exactText(),
    send: (value) => sendVector(value as TsVector),
    receive: receiveVector,
    compare: (a, b) => compareVectors(a as TsVector, b as TsVector),
    hashKey: (value) => (value as TsVector).exactText(),
  },
  {
    oid: TypeOid.tsquery,
    name: 'tsquery',
    input: (text) => parseTsQuery(text),
    output: (value) => (value as TsQuery).exactText(),
    send: (value) => sendQuery(value as TsQuery),
    compare: (a, b) => compareQueries(a as TsQuery, b as TsQuery),
    hashKey: (value) => (value as TsQuery).exactText(),
  },
];
