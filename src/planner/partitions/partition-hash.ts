import { valueHashOf } from '../../types/hash/value-hash.js';
import type { SqlValue } from '../../types/value.js';

/** The hash of a row's key values, unsigned; PostgreSQL's satisfies_hash_partition takes its remainder. */
export type HashPartition = (values: readonly SqlValue[]) => bigint;

/** PostgreSQL's HASH_PARTITION_SEED: rows lie in the same partitions as there. */
const SEED = 0x7a5b22367996dcfdn;
const GOLDEN = 0x49a0f4dd15e5a8e3n;

/** @param types of the key's columns, each with a hash */
export function partitionHash(types: readonly number[]): HashPartition {
  const hashes = types.map((type) => valueHashOf(type));
  return (values) => {
    let row = 0n;
    for (let i = 0; i < hashes.length; i++) {
      const value = values[i] ?? null;
      const hash = hashes[i];
      if (value === null || hash === undefined) continue;
      // hash_combine64
      const mixed = BigInt.asUintN(64, hash(value, SEED) + GOLDEN + BigInt.asUintN(64, row << 54n) + (row >> 7n));
      row ^= mixed;
    }
    return row;
  };
}
