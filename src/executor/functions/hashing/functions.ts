import { notSupported } from '../../../commons/sql-error.js';
import { type ValueHash as Hash, valueHashOf } from '../../../types/hash/value-hash.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { TypeOid } from '../../../types/oids.js';
import { formatType } from '../../../types/type-codec.js';
import type { SqlArray, SqlValue } from '../../../types/value.js';
import { elementTypeOf } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';

const lower = (hash: bigint): number => Number(BigInt.asIntN(32, hash));
const signed = (hash: bigint): Int8 => canonicalInt8(BigInt.asIntN(64, hash));

function hashOf(type: number): Hash {
  const hash = valueHashOf(type);
  if (hash === undefined) throw notSupported(`hashing values of type ${formatType(type)}`);
  return hash;
}

function arrayHash(types: CallTypes): Hash {
  const element = hashOf(elementTypeOf(argType(types, 0)));
  return (value, seed) => {
    let result = 1n;
    for (const item of (value as SqlArray).elements) {
      const hash = item === null ? 0n : element(item, seed);
      result = BigInt.asUintN(64, result * 31n + hash);
    }
    return result;
  };
}

function pair(name: string, extendedName: string, hash: Hash): Record<string, ScalarFunction> {
  return {
    [name]: (value: SqlValue) => lower(hash(value, 0n)),
    [extendedName]: (value: SqlValue, seed: Int8) => signed(hash(value, BigInt.asUintN(64, BigInt(seed)))),
  };
}

const plain = (name: string, type: number): Record<string, ScalarFunction> => pair(name, `${name}extended`, hashOf(type));
const underscored = (name: string, type: number): Record<string, ScalarFunction> => pair(name, `${name}_extended`, hashOf(type));

/** The support functions of hash indexes, which applications call to spread rows. */
export const hashFunctions: FunctionTable = {
  scalar: {
    ...plain('hashchar', TypeOid.char),
    ...plain('hashint2', TypeOid.int2),
    ...plain('hashint4', TypeOid.int4),
    ...plain('hashint8', TypeOid.int8),
    ...plain('hashoid', TypeOid.oid),
    ...plain('hashname', TypeOid.name),
    ...plain('hashtext', TypeOid.text),
    ...plain('hashbpchar', TypeOid.bpchar),
    ...plain('hashfloat4', TypeOid.float4),
    ...plain('hashfloat8', TypeOid.float8),
    ...plain('hashvarlena', TypeOid.bytea),
    ...plain('hashinet', TypeOid.inet),
    ...plain('hashmacaddr', TypeOid.macaddr),
    ...plain('hashmacaddr8', TypeOid.macaddr8),
    ...underscored('hash_numeric', TypeOid.numeric),
    ...underscored('timestamp_hash', TypeOid.timestamp),
    ...underscored('time_hash', TypeOid.time),
    ...underscored('timetz_hash', TypeOid.timetz),
    ...underscored('interval_hash', TypeOid.interval),
    ...underscored('uuid_hash', TypeOid.uuid),
    ...underscored('pg_lsn_hash', TypeOid.pg_lsn),
  },
  typed: {
    hash_array: (types) => {
      const hash = arrayHash(types);
      return (value: SqlValue) => lower(hash(value, 0n));
    },
    hash_array_extended: (types) => {
      const hash = arrayHash(types);
      return (value: SqlValue, seed: Int8) => signed(hash(value, BigInt.asUintN(64, BigInt(seed))));
    },
  },
};
