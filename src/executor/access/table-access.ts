import type { IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import type { ShardId, SlotId, StorageId, UserId } from '../../commons/ids.js';
import type { Space } from '../../store/store.js';
import type { Transaction } from '../../transaction/transaction.js';

/**
 * Where a table's rows and index entries lie: descriptors to spaces and keys. One a server; caches what it compiles per descriptor (WeakMap),
 * so that a new version of a table compiles anew.
 */
export interface TableAccess {
  /** The space of a table's rows that belong to a user (undefined for shared tables). */
  tableSpace(table: TableDescriptor, user: UserId | undefined): Space;
  indexSpace(table: TableDescriptor, index: IndexDescriptor, user: UserId | undefined): Space;
  /** All spaces of a table or index: one a shard. */
  tableSpaces(table: TableDescriptor): readonly Space[];
  indexSpaces(table: TableDescriptor, index: IndexDescriptor): readonly Space[];
  slotOf(user: UserId): SlotId;
  shardOf(user: UserId): ShardId;
  /** The next hidden row id of a table without a row key. Never repeats. */
  nextRowId(storage: StorageId): number;
  /** A storage is gone with a transaction: so is what counts a sequence's values, or a table's hidden row ids, under its number. */
  dropCounter(storage: StorageId, transaction: Transaction): void;
  /** A storage that begins with a transaction goes on counting where another one is. */
  copyCounter(from: StorageId, to: StorageId, transaction: Transaction): void;
}
