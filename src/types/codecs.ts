import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { arrayCodec } from './array/codec.js';
import { vectorCodec } from './array/vector-codecs.js';
import { bitCodecs } from './bit-string.js';
import { boolCodec } from './bool.js';
import { byteaCodec } from './bytea.js';
import type { TypeCodec } from './codec.js';
import { datetimeCodecs } from './datetime/codecs.js';
import { extensionCodecs } from './extensions/codecs.js';
import { floatCodecs } from './float-codecs.js';
import { geometryCodecs } from './geometry/codecs.js';
import { hexTextCodecs } from './hex-texts.js';
import { integerCodecs } from './integer-codecs.js';
import { jsonCodecs } from './json/codecs.js';
import { jsonPathCodec } from './jsonpath/codec.js';
import { moneyCodec } from './money.js';
import { networkCodecs } from './network-address.js';
import { numericCodec } from './numeric/codec.js';
import { arrayOidOf, TypeOid } from './oids.js';
import { builtinRanges } from './range/builtin.js';
import { recordCodec } from './record.js';
import { regCodecs } from './reg-codecs.js';
import { snapshotCodecs } from './snapshot-text.js';
import { textCodecs } from './text-codecs.js';
import { textSearchCodecs } from './text-search/codecs.js';
import { isMadeType, MadeTypeCodec } from './user-types.js';
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
  jsonPathCodec,
  ...textSearchCodecs,
  ...bitCodecs,
  moneyCodec,
  ...networkCodecs,
  ...hexTextCodecs,
  ...geometryCodecs,
  ...regCodecs,
  ...extensionCodecs,
  ...snapshotCodecs,
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
  for (const codec of builtinRanges((oid) => codecs[oid])) add(codec);
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

/** information_schema's domains and their base types. */
const DOMAINS: Readonly<Record<number, number>> = {
  13221: TypeOid.int4, // cardinal_number
  13224: TypeOid.varchar, // character_data
  13226: TypeOid.name, // sql_identifier
  13232: TypeOid.timestamptz, // time_stamp
  13234: TypeOid.varchar, // yes_or_no
};

/**
 * The codec of a type; undefined when a built-in one has none (yet). Users' types have one that finds their definition when it is used:
 * through the formats' `userTypes`.
 */
export function codecFor(oid: number): TypeCodec | undefined {
  const codec = CODECS[oid];
  if (codec !== undefined) return codec;
  const base = DOMAINS[oid];
  if (base !== undefined) return CODECS[base];
  return isMadeType(oid) ? new MadeTypeCodec(oid, codecFor) : undefined;
}
