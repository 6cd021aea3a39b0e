import type { ShardId, StorageId } from './ids.js';

/**
 * The name of a space: one ordered map of keys to values in the store. This file is the only one that composes or parses it (law 2).
 *
 * | kind | form | holds |
 * | --- | --- | --- |
 * | system | `system.<table>` | rows of a system table |
 * | catalog | `catalog.<storage>` | the catalog of a database; that of the first one is in `system.catalog`, with what all share |
 * | shared | `shared.<storage>` | rows of a shared table |
 * | user | `user.<storage>.<shard>` | rows of a user table, each key led by its user |
 * | stream | `stream.<storage>.<shard>` | rows of a stream table, each key led by its user |
 * | index | `index.<storage>[.<shard>]` | entries of an index; with a shard where its table has one |
 */
export type SpaceName = string & { readonly __spaceName: never };

export type ParsedSpaceName =
  | { readonly kind: 'system'; readonly table: string }
  | { readonly kind: 'catalog' | 'shared'; readonly storage: StorageId }
  | { readonly kind: 'user' | 'stream'; readonly storage: StorageId; readonly shard: ShardId }
  | { readonly kind: 'index'; readonly storage: StorageId; readonly shard?: ShardId };

const SYSTEM_TABLE = /^[a-z][a-z0-9_]*$/;

export const SpaceName = {
  system(table: string): SpaceName {
    if (!SYSTEM_TABLE.test(table)) throw new RangeError(`not a system table's name: ${table}`);
    return `system.${table}` as SpaceName;
  },
  catalog: (storage: StorageId): SpaceName => `catalog.${storage}` as SpaceName,
  shared: (storage: StorageId): SpaceName => `shared.${storage}` as SpaceName,
  user: (storage: StorageId, shard: ShardId): SpaceName => `user.${storage}.${shard}` as SpaceName,
  stream: (storage: StorageId, shard: ShardId): SpaceName => `stream.${storage}.${shard}` as SpaceName,
  index: (storage: StorageId, shard?: ShardId): SpaceName =>
    (shard === undefined ? `index.${storage}` : `index.${storage}.${shard}`) as SpaceName,

  /** @returns undefined for a text that is no space's name */
  parse(text: string): ParsedSpaceName | undefined {
    const [kind, first, second, ...rest] = text.split('.');
    if (first === undefined || rest.length > 0) return undefined;
    if (kind === 'system') return second === undefined && SYSTEM_TABLE.test(first) ? { kind, table: first } : undefined;
    const number = toNumber(first);
    const shard = second === undefined ? undefined : toNumber(second);
    if (number === undefined || (second !== undefined && shard === undefined)) return undefined;
    switch (kind) {
      case 'catalog':
      case 'shared':
        return shard === undefined ? { kind, storage: number as StorageId } : undefined;
      case 'user':
      case 'stream':
        return shard === undefined ? undefined : { kind, storage: number as StorageId, shard: shard as ShardId };
      case 'index':
        return shard === undefined
          ? { kind, storage: number as StorageId }
          : { kind, storage: number as StorageId, shard: shard as ShardId };
      default:
        return undefined;
    }
  },
};

function toNumber(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined;
}
