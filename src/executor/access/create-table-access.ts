import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import { type ShardId, type SlotId, type StorageId, shardId, type UserId } from '../../commons/ids.js';
import { SpaceName } from '../../commons/space-name.js';
import { SLOT_COUNT } from '../../commons/system-names.js';
import type { Space, Store } from '../../store/store.js';
import type { Transaction } from '../../transaction/transaction.js';
import { slotOfUser } from './slots.js';
import type { TableAccess } from './table-access.js';

export interface TableAccessOptions {
  readonly store: Store;
  readonly shards: number;
  /** The shard of each slot, SLOT_COUNT of them. */
  readonly slotMap: readonly ShardId[];
  /** Hidden row ids of tables without a row key: never repeats, also after a restart. */
  readonly nextRowId: (storage: StorageId) => number;
  readonly dropCounter: (storage: StorageId, transaction: Transaction) => void;
  readonly copyCounter: (from: StorageId, to: StorageId, transaction: Transaction) => void;
}

export function createTableAccess(options: TableAccessOptions): TableAccess {
  return new StoreTableAccess(options);
}

/** The spaces of one table or index, looked up once a descriptor. */
type Spaces = readonly Space[];

class StoreTableAccess implements TableAccess {
  readonly #options: TableAccessOptions;
  readonly #spaces = new WeakMap<TableDescriptor | IndexDescriptor, Spaces>();

  constructor(options: TableAccessOptions) {
    assert(options.slotMap.length === SLOT_COUNT, `a slot map has ${SLOT_COUNT} slots`);
    this.#options = options;
  }

  tableSpace(table: TableDescriptor, user: UserId | undefined): Space {
    return this.#pick(this.tableSpaces(table), user);
  }

  indexSpace(table: TableDescriptor, index: IndexDescriptor, user: UserId | undefined): Space {
    return this.#pick(this.indexSpaces(table, index), user);
  }

  tableSpaces(table: TableDescriptor): Spaces {
    let spaces = this.#spaces.get(table);
    if (spaces === undefined) {
      spaces = this.#names(table, table.storage).map((name) => this.#options.store.space(name));
      this.#spaces.set(table, spaces);
    }
    return spaces;
  }

  indexSpaces(table: TableDescriptor, index: IndexDescriptor): Spaces {
    if (index.clustered) return this.tableSpaces(table);
    let spaces = this.#spaces.get(index);
    if (spaces === undefined) {
      const names = isPartitioned(table)
        ? this.#shards().map((shard) => SpaceName.index(index.storage, shard))
        : [SpaceName.index(index.storage)];
      spaces = names.map((name) => this.#options.store.space(name));
      this.#spaces.set(index, spaces);
    }
    return spaces;
  }

  slotOf(user: UserId): SlotId {
    return slotOfUser(user);
  }

  shardOf(user: UserId): ShardId {
    const shard = this.#options.slotMap[slotOfUser(user)];
    assert(shard !== undefined, 'a slot without a shard');
    return shard;
  }

  nextRowId(storage: StorageId): number {
    return this.#options.nextRowId(storage);
  }

  dropCounter(storage: StorageId, transaction: Transaction): void {
    this.#options.dropCounter(storage, transaction);
  }

  copyCounter(from: StorageId, to: StorageId, transaction: Transaction): void {
    this.#options.copyCounter(from, to, transaction);
  }

  #pick(spaces: Spaces, user: UserId | undefined): Space {
    const space = spaces[user === undefined ? 0 : this.shardOf(user)];
    assert(space !== undefined, 'a table without that shard');
    return space;
  }

  #names(table: TableDescriptor, storage: StorageId): readonly SpaceName[] {
    switch (table.tableType) {
      case 'user':
        return this.#shards().map((shard) => SpaceName.user(storage, shard));
      case 'stream':
        return this.#shards().map((shard) => SpaceName.stream(storage, shard));
      case 'shared':
      case 'system':
        return [SpaceName.shared(storage)];
    }
  }

  #shards(): readonly ShardId[] {
    return Array.from({ length: this.#options.shards }, (_, shard) => shardId(shard));
  }
}

/** Whether each row belongs to a user, whose id leads its key. */
export function isPartitioned(table: TableDescriptor): boolean {
  return table.tableType === 'user' || table.tableType === 'stream';
}

/** The user whose partition of the table a statement works on; undefined where the table has none. */
export function partitionOf(table: TableDescriptor, actingUser: UserId): UserId | undefined {
  return isPartitioned(table) ? actingUser : undefined;
}
