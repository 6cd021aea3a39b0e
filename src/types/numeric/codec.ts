import type { TypeCodec } from '../codec.js';
import { TypeOid } from '../oids.js';
import type { Numeric } from '../value.js';
import { receiveNumeric, sendNumeric } from './binary.js';
import { compareNumeric, formatNumeric, numericHashKey, parseNumeric } from './numeric.js';

export const numericCodec: TypeCodec = {
  oid: TypeOid.numeric,
  name: 'numeric',
  input: parseNumeric,
  output: (value) => formatNumeric(value as Numeric),
  send: (value) => sendNumeric(value as Numeric),
  receive: receiveNumeric,
  compare: (a, b) => compareNumeric(a as Numeric, b as Numeric),
  hashKey: (value) => numericHashKey(value as Numeric),
};
