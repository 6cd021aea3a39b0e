/**
 * Life of a JSON value: json keeps its text, checked once (parse); jsonb becomes a tree of exact numbers and sorted, unique keys (parse,
 * node), on which access, containment, modify and convert work, and which format prints. json's accessors cut their answers out of the
 * text (json-text), so that spacing and duplicate keys stay as they are.
 */
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { TypeOid } from '../oids.js';
import { receiveText, sendText } from '../text-codecs.js';
import type { Jsonb } from '../value.js';
import { formatJsonb } from './format.js';
import { compareJsonb, jsonbHashKey } from './node.js';
import { checkJson, parseJsonb } from './parse.js';

const JSONB_VERSION = 1;

export const jsonCodecs: readonly TypeCodec[] = [
  {
    oid: TypeOid.json,
    name: 'json',
    input: checkJson,
    output: (value) => value as string,
    send: sendText,
    receive: (bytes) => checkJson(receiveText(bytes)),
  },
  {
    oid: TypeOid.jsonb,
    name: 'jsonb',
    input: parseJsonb,
    output: (value) => formatJsonb((value as Jsonb).node),
    send: (value) => {
      const text = formatJsonb((value as Jsonb).node);
      const target = Buffer.allocUnsafe(1 + Buffer.byteLength(text));
      target[0] = JSONB_VERSION;
      target.write(text, 1);
      return target;
    },
    receive: (bytes) => {
      if (bytes[0] !== JSONB_VERSION) throw new SqlError(SqlState.internalError, `unsupported jsonb version number ${bytes[0] ?? 0}`);
      return parseJsonb(receiveText(bytes.subarray(1)));
    },
    compare: (a, b) => compareJsonb((a as Jsonb).node, (b as Jsonb).node),
    hashKey: (value) => jsonbHashKey((value as Jsonb).node),
  },
];
