import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { arrayCodec } from './array/codec.js';
import { vectorCodec } from './array/vector-codecs.js';
import { boolCodec } from './bool.js';
import { byteaCodec } from './bytea.js';
import type { TypeCodec } from './codec.js';
import { datetimeCodecs } from './datetime/codecs.js';
import { floatCodecs } from './float-codecs.js';
import { integerCodecs } from './integer-codecs.js';
import { jsonCodecs } from './json/codecs.js';
import { numericCodec } from './numeric/codec.js';
import { arrayOidOf, TypeOid } from './oids.js';
import { recordCodec } from './record.js';
import { regCodecs } from './reg-codecs.js';
import { textCodecs } from './text-codecs.js';
import { uuidCodec } from './uuid.js';

const SCALARS: readonly TypeCodec[] = [
  boolCodec,
  ...integerCodecs,
  ...floatCodecs,
  numericCodec,
  ...textCodecs,
  byteaCodec,
  uuidCodec,
  ...datetimeCodecs,
  ...jsonCodecs,
  ...regCodecs,
  recordCodec(codecFor),
];

function buildCodecs(): Readonly<Record<number, TypeCodec>> {
  const codecs: Record<number, TypeCodec> = {};
  const add = (codec: TypeCodec): void => {
    codecs[codec.oid] = codec;
    const arrayOid = arrayOidOf(codec.oid);
    if (arrayOid !== undefined) codecs[arrayOid] = arrayCodec(arrayOid, codec);
  };
  for (const codec of SCALARS) add(codec);
  const vectors = [
    [TypeOid.int2vector, 'int2vector', TypeOid.int2],
    [TypeOid.oidvector, 'oidvector', TypeOid.oid],
  ] as const;
  for (const [oid, name, elementOid] of vectors) {
    const element = codecs[elementOid];
    if (element !== undefined) add(vectorCodec(oid, name, element));
  }
  const text = codecs[TypeOid.text];
  // Statistics show arrays of any column's type in one column: as texts. A real array never has this type.
  if (text !== undefined) codecs[TypeOid.anyarray] = { ...arrayCodec(TypeOid.anyarray, text), name: 'anyarray', input: refuseAnyArray };
  return Object.freeze(codecs);
}

function refuseAnyArray(): never {
  throw new SqlError(SqlState.featureNotSupported, 'cannot accept a value of type anyarray');
}

const CODECS = buildCodecs();

/** The codec of a built-in type; undefined when there is none (yet). */
export function codecFor(oid: number): TypeCodec | undefined {
  return CODECS[oid];
}
