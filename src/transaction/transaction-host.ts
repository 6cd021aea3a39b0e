import type { Clock } from '../commons/clock.js';
import type { Seq } from '../commons/ids.js';
import type { Logger } from '../commons/logger.js';
import type { Space, Store } from '../store/store.js';
import type { CommitSource } from './commit-pipeline.js';
import type { ExportedSnapshots } from './exported-snapshots.js';
import type { LocalTransaction } from './local-transaction.js';
import type { LockTable } from './lock-table.js';
import type { LocalPreparedTransactions } from './prepared-transactions.js';
import type { HeldSnapshot } from './read-view.js';
import type { RowMoves } from './row-moves.js';
import type { ReadSet } from './serializable-reads.js';
import type { Transaction } from './transaction.js';
import type { YoungIndexes } from './young-indexes.js';

/** Looked at whenever they matter, so that the server may change them while it runs. */
export interface TransactionLimits {
  /** What one transaction's writes may take in memory. */
  maxTransactionBytes: number;
  deadlockTimeoutMs: number;
  /** 0: none may be prepared. */
  maxPreparedTransactions: number;
  /** Keys of recent commits remembered for serializable transactions; when they are more, the oldest of those transactions fail. */
  maxTrackedKeys: number;
}

/** What a transaction needs of its manager. */
export interface TransactionHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: TransactionLimits;
  readonly locks: LockTable;
  readonly lastSeq: Seq;
  readonly moves: RowMoves;
  readonly youngIndexes: YoungIndexes;
  readonly prepared: LocalPreparedTransactions;
  readonly exported: ExportedSnapshots;
  /** The newest commit with its place in the order, which may not be durable yet. */
  readonly newestSeq: Seq;
  takeSnapshot(): HeldSnapshot;
  /** Up to `newestSeq`. */
  takeNewest(): HeldSnapshot;
  /** Resolves when all that has its place is durable. @throws SqlError when some of it can't be */
  allDurable(builtOn: Seq): Promise<void>;
  /** A serializable transaction has its snapshot. */
  watch(transaction: Transaction, snapshotSeq: Seq): void;
  /** What a prepared serializable transaction has read: other serializable ones may not write it, until they may again. */
  keepUnwritten(reads: ReadSet): void;
  letBeWritten(reads: ReadSet): void;
  commit(source: CommitSource): Promise<Seq>;
  dropLine(space: Space): { readonly space: Space; readonly key: Uint8Array; readonly value: Uint8Array };
  dropCommitted(spaces: readonly Space[]): void;
  ended(transaction: LocalTransaction): void;
}
