import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { TypeOid } from '../oids.js';
import { receiveText } from '../text-codecs.js';
import type { JsonPath } from './ast.js';
import { parseJsonPath } from './parser.js';

const JSONPATH_VERSION = 1;

export const jsonPathCodec: TypeCodec = {
  oid: TypeOid.jsonpath,
  name: 'jsonpath',
  input: parseJsonPath,
  output: (value) => (value as JsonPath).exactText(),
  send: (value) => Buffer.concat([Uint8Array.of(JSONPATH_VERSION), Buffer.from((value as JsonPath).exactText())]),
  receive: (bytes) => {
    if (bytes[0] !== JSONPATH_VERSION) throw new SqlError(SqlState.internalError, `unsupported jsonpath version number: ${bytes[0] ?? 0}`);
    return parseJsonPath(receiveText(bytes.subarray(1)));
  },
};
