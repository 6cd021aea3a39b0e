import type { Clock } from '../commons/clock.js';
import type { Seq } from '../commons/ids.js';
import { type Logger, silentLogger } from '../commons/logger.js';
import { PlacedList } from '../commons/placed-list.js';
import type { Space, Store } from '../store/store.js';
import { CommitPipeline, type CommitSource } from './commit-pipeline.js';
import { DroppedSpaces } from './dropped-spaces.js';
import { ExportedSnapshots } from './exported-snapshots.js';
import { LocalTransaction } from './local-transaction.js';
import { LockTable } from './lock-table.js';
import { LocalPreparedTransactions } from './prepared-transactions.js';
import { HeldSnapshot } from './read-view.js';
import { RowMoves } from './row-moves.js';
import { type ReadSet, RecentCommits } from './serializable-reads.js';
import type { CommitObserver, Transaction, TransactionManager, TransactionOptions } from './transaction.js';
import type { TransactionHost, TransactionLimits } from './transaction-host.js';
import { TransactionIds } from './transaction-ids.js';
import { YoungIndexes } from './young-indexes.js';

export interface TransactionManagerOptions {
  readonly clock: Clock;
  /** Missing ones get their default. */
  readonly limits?: Partial<TransactionLimits>;
  readonly logger?: Logger;
  /** Goes into commit records: which leadership of the shard wrote them. */
  readonly epoch?: number;
}

const DEFAULT_LIMITS: TransactionLimits = {
  maxTransactionBytes: 2 * 1024 ** 3,
  deadlockTimeoutMs: 1000,
  maxPreparedTransactions: 100,
  maxTrackedKeys: 200_000,
};

/** Reads the commit log's end and what is prepared, and goes on with emptying dropped spaces. */
export async function createTransactionManager(store: Store, options: TransactionManagerOptions): Promise<LocalTransactionManager> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const manager = new LocalTransactionManager(store, limits, options);
  await manager.loadPrepared();
  await manager.droppedSpaces.resume();
  return manager;
}

/** Transactions on this process's own store. */
export class LocalTransactionManager implements TransactionManager, TransactionHost {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: TransactionLimits;
  readonly locks: LockTable;
  readonly droppedSpaces: DroppedSpaces;
  readonly #recent: RecentCommits;
  readonly #pipeline: CommitPipeline;
  readonly moves = new RowMoves();
  readonly youngIndexes = new YoungIndexes();
  readonly prepared: LocalPreparedTransactions;
  readonly exported = new ExportedSnapshots();
  readonly #active = new PlacedList<LocalTransaction>();
  readonly ids = new TransactionIds();
  #begunSinceCommit = 0;
  #lastCommitter = 0;

  constructor(store: Store, limits: TransactionLimits, options: TransactionManagerOptions) {
    this.store = store;
    this.clock = options.clock;
    this.logger = options.logger ?? silentLogger;
    this.limits = limits;
    this.locks = new LockTable(() => limits.deadlockTimeoutMs, this.clock);
    this.droppedSpaces = new DroppedSpaces(store, this.logger);
    this.prepared = new LocalPreparedTransactions(this);
    this.#recent = new RecentCommits(limits.maxTrackedKeys);
    this.#pipeline = new CommitPipeline(store, this.#recent, this.clock, this.logger, options.epoch ?? 1);
  }

  async loadPrepared(): Promise<void> {
    this.ids.skipTo(await this.prepared.load());
  }

  begin(options: TransactionOptions, startMicros: number = this.clock.nowMicros()): Transaction {
    this.#begunSinceCommit++;
    const transaction = new LocalTransaction(this, this.ids.next(), options, startMicros);
    this.#active.add(transaction);
    return transaction;
  }

  get lastSeq(): Seq {
    return this.#pipeline.visibleSeq;
  }

  subscribe(observer: CommitObserver): void {
    this.#pipeline.subscribe(observer);
  }

  underway(): Promise<void> | undefined {
    return this.#pipeline.underway();
  }

  active(): Iterable<Transaction> {
    return this.#active.all();
  }

  /** Waits for commits under way; the store stays open. */
  async close(): Promise<void> {
    await this.#pipeline.idle();
    await this.droppedSpaces.stop();
  }

  async claimSpaces(tx: Transaction, spaces: readonly Space[]): Promise<void> {
    const lines = spaces.map((space) => this.droppedSpaces.line(space));
    await this.store.write(lines.map((line) => ({ op: 'put', ...line })));
    for (const { space, key } of lines) tx.delete(space, key);
    tx.onRollback(() => this.dropCommitted(spaces));
  }

  takeSnapshot(): HeldSnapshot {
    return new HeldSnapshot(this.store.snapshot(), this.#pipeline.visibleSeq);
  }

  get newestSeq(): Seq {
    return this.#pipeline.newestSeq;
  }

  takeNewest(): HeldSnapshot {
    return new HeldSnapshot(this.store.newest(), this.#pipeline.newestSeq);
  }

  async allDurable(builtOn: Seq): Promise<void> {
    await this.store.sync();
    this.#pipeline.requireKept(builtOn);
  }

  watch(transaction: Transaction, snapshotSeq: Seq): void {
    this.#recent.enter(transaction, snapshotSeq, this.#pipeline.unseen());
  }

  keepUnwritten(reads: ReadSet): void {
    this.#recent.keep(reads);
  }

  letBeWritten(reads: ReadSet): void {
    this.#recent.letGo(reads);
  }

  commit(source: CommitSource): Promise<Seq> {
    // Two sessions in turns would each seem to be alone in between.
    const isAlone = this.#begunSinceCommit === 1 && source.backendPid === this.#lastCommitter;
    this.#begunSinceCommit = 0;
    this.#lastCommitter = source.backendPid;
    return this.#pipeline.commit(source, isAlone);
  }

  dropLine(space: Space): { readonly space: Space; readonly key: Uint8Array; readonly value: Uint8Array } {
    return this.droppedSpaces.line(space);
  }

  dropCommitted(spaces: readonly Space[]): void {
    if (spaces.length > 0) this.droppedSpaces.add(spaces);
  }

  ended(transaction: LocalTransaction): void {
    this.#active.remove(transaction);
    this.#recent.leave(transaction);
    if (!this.moves.isEmpty || !this.youngIndexes.isEmpty) this.#forgetOld();
  }

  /** What only transactions could ask for that are over. */
  #forgetOld(): void {
    let oldest: Seq = this.lastSeq;
    for (const { startSeq } of this.#active.all()) if (startSeq < oldest) oldest = startSeq;
    this.moves.forgetUpTo(oldest);
    this.youngIndexes.forgetUpTo(oldest);
  }
}
