import type { Oid, Seq, StorageId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { BatchScan } from '../store/entry-batch.js';
import type { KeyRange, Scan, Space, Store } from '../store/store.js';
import type { RowMove } from './row-moves.js';
import type { WriteSet } from './write-set.js';

/**
 * Life of a transaction: begin → commands read through views (write set over snapshot) and write into the write set, taking locks
 * → commit: deferred checks by the caller, validation, a sequence number, one commit record appended to the log and applied in the same
 * durable batch → locks released → observers told, in commit order.
 */
export type IsolationLevel = 'read committed' | 'repeatable read' | 'serializable';

export interface TransactionOptions {
  /** A commit that it has to see, durable or not: its own session's last. */
  readonly builtOn?: Seq;
  readonly isolation: IsolationLevel;
  /** READ UNCOMMITTED was asked for: it is called so, and is READ COMMITTED. */
  readonly uncommitted?: boolean;
  readonly readOnly: boolean;
  readonly deferrable?: boolean;
  /** The backend that it belongs to: shown in locks and sent with notifications. */
  readonly backendPid: number;
  /** The database that it works in: whose locks it takes, whose listeners hear of it. Absent: in none. */
  readonly database?: Oid;
}

/** What SET TRANSACTION may change. */
export type OptionsChange = Partial<Omit<TransactionOptions, 'backendPid' | 'database'>>;

export interface TransactionManager {
  readonly store: Store;
  readonly locks: LockManager;
  readonly prepared: PreparedTransactions;
  /** @param startMicros when the statement began that it begins with; absent: now */
  begin(options: TransactionOptions, startMicros?: number): Transaction;
  /** The sequence number of the newest durable commit. */
  readonly lastSeq: Seq;
  /** Called in commit order, after each commit is durable and its locks are released. */
  subscribe(observer: CommitObserver): void;
  /**
   * Commits that are under way were asked before whether somebody wants the old versions of their rows: who has just begun to watch hears of
   * them without. Resolves when all of them have been told; undefined: there are none.
   */
  underway(): Promise<void> | undefined;
  /**
   * Spaces that are filled by others before a transaction makes them its own: they are there once it commits, and emptied in the background
   * when it does not, also after a crash.
   */
  claimSpaces(tx: Transaction, spaces: readonly Space[]): Promise<void>;
  /** Transactions under way, for system.sessions and pg_stat_activity. */
  active(): Iterable<Transaction>;
  close(): Promise<void>;
}

export interface Transaction {
  /** Unique and increasing; where the server has made its numbers durable, across restarts too. */
  readonly id: number;
  readonly options: TransactionOptions;
  /** SET TRANSACTION. @throws SqlError 25001 for what may only change before the first command, or not within a savepoint */
  setOptions(options: OptionsChange): void;
  /** pg_export_snapshot: lends what it sees now to others, until it ends. @returns the snapshot's name @throws SqlError 25001 */
  exportSnapshot(): string;
  /** SET TRANSACTION SNAPSHOT. @throws SqlError 0A000, 22023, 25001 */
  importSnapshot(id: string): void;
  /** Microseconds since 2000-01-01: now(). */
  readonly startMicros: number;
  /** True once anything was written, notified or locked exclusively. */
  readonly hasWrites: boolean;
  /** Memory that its writes take. */
  readonly writtenBytes: number;
  /** Where it has written. */
  writtenSpaces(): Iterable<Space>;
  /** The newest commit in the oldest snapshot that it keeps now; undefined: it keeps none. */
  readonly snapshotSeq: Seq | undefined;
  /** When the statement began that took that snapshot. */
  readonly snapshotMicros: number | undefined;

  /**
   * Starts a command and gives its view: READ COMMITTED takes a new snapshot, the others keep that of their first command; of the
   * transaction's own writes it sees those of earlier commands only. Release it when the command (or the portal) ends.
   */
  view(): ReadView;
  /** As `view`, but always over a new snapshot: for DDL, which must see every row, whatever the isolation level. */
  newestView(): ReadView;
  /** The newest version of a key: this transaction's own latest write, else the newest committed one. For use under a lock. */
  getNewest(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  /** The transaction's own latest write of a key: all there is in a fresh storage. */
  getOwn(space: Space, key: Uint8Array): Uint8Array | undefined;
  /** Notes that a table's storage begins with this transaction, so that until its end nobody else sees it or writes to it; and asks for it. */
  noteFresh(storage: StorageId): void;
  isFresh(storage: StorageId): boolean;
  /** The same, counting only what was noted in the innermost open savepoint. */
  isFreshInSavepoint(storage: StorageId): boolean;
  /** A scan over the newest versions (own latest writes over newest committed): uniqueness and foreign-key checks. */
  scanNewest(space: Space, range: KeyRange): Scan;

  /**
   * Value must start with a row header in `user`, `shared`, `stream` spaces and in `system` ones: its seq and time are filled in at commit.
   * Index values have no header.
   * @throws SqlError 25006 in a read-only transaction (temporary relations excepted: `force`), 54000 above the write-set limit
   */
  put(space: Space, key: Uint8Array, value: Uint8Array, force?: boolean): void;
  delete(space: Space, key: Uint8Array, force?: boolean): void;
  /** Drops everything in a space at commit (DROP TABLE, the old storage of TRUNCATE or a rewrite). Done in the background, in pieces. */
  dropSpace(space: Space): void;

  /**
   * Locks held to the end of the transaction (or the savepoint that is rolled back).
   * @returns true when held; false only with wait 'skip'. A promise where it has to wait.
   * @throws SqlError 55P03 (nowait, lock_timeout), 40P01 (deadlock), 57014 (cancel, statement_timeout, through the signal)
   */
  lock(tag: LockTag, mode: LockMode, wait?: LockWait): MaybePromise<boolean>;
  /** How many locks were got so far, and giving up those got since: for locks that turned out to protect nothing. */
  readonly lockPosition: number;
  unlockTo(position: number): void;
  /**
   * Waits for the end of another transaction that has written a row, without keeping a lock. Undefined where there is none: whoever has only
   * locked the row does not count.
   */
  awaitWriter(space: Space, key: Uint8Array): Promise<void> | undefined;
  /** Notes that a row has got another key, or (undefined) that another row has got the key of a deleted one. */
  noteMove(space: Space, key: Uint8Array, to: Uint8Array | undefined): void;
  /** Notes that an index is filled by this transaction, from the rows as they are now. */
  noteIndexBuilt(index: Oid): void;
  /** Indexes that its fixed snapshot must not be read through: they were filled later. Empty for READ COMMITTED. */
  readonly unreadableIndexes: readonly Oid[];
  /** What has become since a commit of the row that had a key. @param after the move that led to this key; 0 for none */
  moveOf(space: Space, key: Uint8Array, since: Seq, after: number): RowMove | undefined;

  /** Queues a notification, sent at commit; equal ones within a transaction are sent once (PostgreSQL's rule). */
  notify(channel: string, payload: string): void;
  /**
   * Run after the commit is durable (or in rollback, when the transaction is rolled back): catalog publication, LISTEN taking effect.
   * @param ofListener it is LISTEN or UNLISTEN taking effect: the transaction cannot be prepared
   */
  onCommit(action: (seq: Seq) => void, ofListener?: boolean): void;
  onRollback(action: () => void): void;

  /** Savepoints by depth: `savepoint()` gives the new depth; rolling back to a depth undoes writes, notifications, locks and onCommit actions since. */
  savepoint(): number;
  rollbackTo(depth: number): void;
  release(depth: number): void;

  /**
   * @returns the commit's sequence number, or undefined when there was nothing to write.
   * @throws SqlError 40001 (serializable), 53100, 58030: then the transaction is rolled back.
   */
  commit(durability?: CommitDurability): Promise<Seq | undefined> | undefined;
  /**
   * PREPARE TRANSACTION: it is over for its session, and goes on as a prepared one, which is durable when the promise resolves.
   * @throws SqlError 0A000, 22023, 40001, 42710, 53200, 55000: then the transaction is rolled back
   */
  prepare(gid: string, owner: Oid): Promise<void>;
  /** Relations that it holds locks on. */
  readonly lockedRelations: ReadonlySet<Oid>;
  rollback(): void;
  /** Aborts lock waits: cancel, statement_timeout. Set by the session for each statement. */
  signal: AbortSignal | undefined;
  lockTimeoutMs: number;
  deadlockTimeoutMs: number | undefined;
  /** When the statement under way began. Set by the session for each. */
  statementMicros: number;
}

/**
 * When a commit is acknowledged: once it is durable, or (synchronous_commit = off) as soon as it has its place in the order of commits. Then
 * the next moments' commits may be lost with the machine, but never one without those after it, and nothing is left half done.
 */
export type CommitDurability = 'durable' | 'ordered';

/** Transactions between PREPARE TRANSACTION and COMMIT PREPARED or ROLLBACK PREPARED. They outlive sessions and restarts. */
export interface PreparedTransactions {
  list(): Iterable<PreparedInfo>;
  /** @throws SqlError 0A000 (of another database), 42501, 42704, 55000 (busy), 53100, 58030: then it is still prepared */
  commit(gid: string, finisher: Finisher): Promise<void>;
  rollback(gid: string, finisher: Finisher): Promise<void>;
  /** Called when one commits, in the moment its writes are visible. */
  observe(committing: (writes: WriteSet) => void): void;
}
export interface PreparedInfo {
  readonly transactionId: number;
  readonly gid: string;
  readonly owner: Oid;
  readonly preparedMicros: number;
  /** The database that it worked in. */
  readonly database: Oid;
}
/** Who ends a prepared transaction. */
export interface Finisher {
  readonly backendPid: number;
  readonly database: Oid;
  mayFinish(owner: Oid): boolean;
}

/** What one command sees. */
export interface ReadView {
  /** See Store on lifetimes: valid until the next call. */
  get(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  scan(space: Space, range: KeyRange): Scan;
  /** As `scan`, forwards, many entries at a time; undefined where only `scan` gives what the view sees. */
  scanBatches(space: Space, range: KeyRange): BatchScan | undefined;
  /** The newest commit that the view sees. */
  readonly seq: Seq;
  /** Kept by a portal that outlives the statement; each retain needs a release. */
  retain(): void;
  release(): void;
}

/** What is locked. Row tags are made of the row's space and key. */
export type LockTag = string & { readonly __lockTag: never };
export type TableLockMode =
  | 'ACCESS SHARE'
  | 'ROW SHARE'
  | 'ROW EXCLUSIVE'
  | 'SHARE UPDATE EXCLUSIVE'
  | 'SHARE'
  | 'SHARE ROW EXCLUSIVE'
  | 'EXCLUSIVE'
  | 'ACCESS EXCLUSIVE';
export type RowLockMode = 'KEY SHARE' | 'SHARE ROW' | 'NO KEY UPDATE' | 'UPDATE';
/** One conflict table serves both: a row tag is only ever locked in row modes, any other tag in table modes. */
export type LockMode = TableLockMode | RowLockMode;
export type LockWait = 'wait' | 'nowait' | 'skip';

export interface LockManager {
  /** All locks held and waited for: pg_locks. */
  list(): readonly LockInfo[];
  /** What is waited for alone: cheap, however many locks are held. */
  waits(): readonly LockWaitInfo[];
  /** How many waits were ended as deadlocks. */
  deadlocksIn(database: Oid): number;
  /** Backends that keep this one waiting: pg_blocking_pids. */
  blockers(backendPid: number): readonly number[];
  /** Locks that a session holds beyond its transactions. One a session; `unlockAll` when it ends. */
  session(backendPid: number, database?: Oid): SessionLocks;
  /** A database is gone, and with it what there was of its locks. */
  forget(database: Oid): void;
}

/** Session-level advisory locks. They count: as many unlocks as locks. Never in the way of the same backend's transactions. */
export interface SessionLocks {
  /** As Transaction.lock. */
  lock(tag: LockTag, mode: LockMode, wait: LockWait, limits?: LockLimits): MaybePromise<boolean>;
  /** @returns false where the session does not hold it */
  unlock(tag: LockTag, mode: LockMode): boolean;
  unlockAll(): void;
}
export interface LockLimits {
  readonly signal?: AbortSignal | undefined;
  /** 0: no limit. */
  readonly lockTimeoutMs?: number | undefined;
  /** After so long a wait is looked at for a deadlock; absent: the server's default. */
  readonly deadlockTimeoutMs?: number | undefined;
}
export interface LockInfo {
  readonly tag: LockTag;
  /** 0: of what databases share, or of who works in none. */
  readonly database: Oid;
  readonly mode: LockMode;
  readonly backendPid: number;
  readonly transactionId: number;
  readonly granted: boolean;
}

export interface LockWaitInfo extends LockInfo {
  /** The transaction that is first in the way; 0 for a session's own lock. */
  readonly blocker: number;
  readonly sinceMicros: number;
}

export interface CommittedChange {
  readonly space: Space;
  readonly key: Uint8Array;
  /** Absent where the entry was removed. A deleted row of a table is a tombstone, so present. */
  readonly value: Uint8Array | undefined;
  /** The version before, where some observer said `wantsOld` and there was one. */
  readonly old: Uint8Array | undefined;
}
export interface CommitEvent {
  readonly seq: Seq;
  readonly commitMicros: number;
  readonly backendPid: number;
  /** That it was made in; 0: in none. */
  readonly database: Oid;
  /** In the order of first writing; only the final version of each key. Empty for a NOTIFY-only transaction. */
  readonly changes: readonly CommittedChange[];
  readonly notifications: readonly { readonly channel: string; readonly payload: string }[];
}
export interface CommitObserver {
  /** Asked once a changed row at commit; must be cheap. */
  wantsOld(space: Space, key: Uint8Array): boolean;
  committed(event: CommitEvent): void;
}
