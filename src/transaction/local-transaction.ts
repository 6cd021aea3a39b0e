import { assert } from '../commons/assert.js';
import type { Oid, Seq } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { KeyRange, Scan, Space } from '../store/store.js';
import type { CommitSource } from './commit-pipeline.js';
import { LockOwner } from './lock.js';
import { isWritingMode } from './lock-modes.js';
import { lockTags } from './lock-tags.js';
import { type HeldSnapshot, LocalReadView, overlay, SnapshotScan } from './read-view.js';
import { MAX_MOVES_OF_A_TRANSACTION, type RowMove } from './row-moves.js';
import { ReadSet } from './serializable-reads.js';
import type { LockMode, LockTag, LockWait, ReadView, Transaction, TransactionOptions } from './transaction.js';
import type { TransactionHost } from './transaction-host.js';
import { WriteSet } from './write-set.js';

interface Savepoint {
  readonly undo: number;
  readonly locks: number;
  readonly notifications: number;
  readonly commitActions: number;
  readonly rollbackActions: number;
  readonly dropped: number;
  readonly moves: number;
}

const NO_INDEXES: readonly Oid[] = Object.freeze([]);

/** Sees every write: for the newest version. */
const ALL_COMMANDS = Number.POSITIVE_INFINITY;

export class LocalTransaction implements Transaction, CommitSource {
  readonly id: number;
  options: TransactionOptions;
  readonly startMicros: number;
  /** The newest commit when it began: all its views see that. */
  readonly startSeq: Seq;
  readonly writes = new WriteSet();
  readonly notifications: { readonly channel: string; readonly payload: string }[] = [];
  signal: AbortSignal | undefined;
  lockTimeoutMs = 0;
  deadlockTimeoutMs: number | undefined;
  readonly #host: TransactionHost;
  readonly #owner: LockOwner;
  readonly #notified = new Set<string>();
  readonly #commitActions: ((seq: Seq) => void)[] = [];
  readonly #rollbackActions: (() => void)[] = [];
  readonly #droppedInOrder: Space[] = [];
  readonly #savepoints: Savepoint[] = [];
  readonly #builtIndexes: Oid[] = [];
  readonly #moves: { readonly tag: LockTag; readonly to: Uint8Array | undefined }[] = [];
  /** Open views, in the order of their commands. */
  readonly #views: LocalReadView[] = [];
  readonly #newestScans = new Set<SnapshotScan>();
  /** The one snapshot of REPEATABLE READ and SERIALIZABLE. */
  #held: HeldSnapshot | undefined;
  #readSet: ReadSet | undefined;
  #command = 0;
  #lockedForWriting = false;
  #state: 'active' | 'committing' | 'over' = 'active';

  constructor(host: TransactionHost, id: number, options: TransactionOptions) {
    this.#host = host;
    this.id = id;
    this.options = options;
    this.startMicros = host.clock.nowMicros();
    this.#owner = new LockOwner(id, options.backendPid, this.writes);
    this.startSeq = host.lastSeq;
  }

  get backendPid(): number {
    return this.options.backendPid;
  }

  get hasWrites(): boolean {
    return this.#hasChanges || this.#lockedForWriting;
  }

  get #hasChanges(): boolean {
    return this.writes.order.length > 0 || this.notifications.length > 0 || this.#droppedInOrder.length > 0;
  }

  setOptions(options: Partial<Pick<TransactionOptions, 'isolation' | 'readOnly' | 'deferrable'>>): void {
    this.#assertActive();
    const started = this.#command > 0;
    if (started && options.isolation !== undefined && options.isolation !== this.options.isolation) {
      throw new SqlError(SqlState.activeSqlTransaction, 'SET TRANSACTION ISOLATION LEVEL must be called before any query');
    }
    if (started && options.readOnly === false && this.options.readOnly) {
      throw new SqlError(SqlState.activeSqlTransaction, 'transaction read-write mode must be set before any query');
    }
    this.options = { ...this.options, ...options };
  }

  view(): ReadView {
    this.#assertActive();
    const command = ++this.#command;
    const view = new LocalReadView(this.#snapshotForCommand(), command, this.writes, this.#readSet, this.#viewClosed);
    this.#views.push(view);
    return view;
  }

  newestView(): ReadView {
    this.#assertActive();
    const view = new LocalReadView(this.#host.takeSnapshot(), ++this.#command, this.writes, undefined, this.#viewClosed);
    this.#views.push(view);
    return view;
  }

  #snapshotForCommand(): HeldSnapshot {
    if (this.options.isolation === 'read committed') return this.#host.takeSnapshot();
    if (this.#held === undefined) {
      this.#held = this.#host.takeSnapshot();
      if (this.options.isolation === 'serializable' && !this.options.readOnly) {
        this.#readSet = new ReadSet();
        this.#host.watch(this, this.#held.seq);
      }
    }
    return this.#held.hold();
  }

  readonly #scanClosed = (scan: SnapshotScan): void => {
    this.#newestScans.delete(scan);
  };

  readonly #viewClosed = (view: LocalReadView): void => {
    if (this.#views.at(-1) === view) this.#views.pop();
    else this.#views.splice(this.#views.indexOf(view), 1);
  };

  getNewest(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    this.#assertActive();
    const written = this.writes.find(space, key);
    if (written !== undefined) return written.value;
    const snapshot = this.#host.store.snapshot();
    const value = snapshot.get(space, key);
    if (value instanceof Promise) return value.finally(() => snapshot.release());
    snapshot.release();
    return value;
  }

  scanNewest(space: Space, range: KeyRange): Scan {
    this.#assertActive();
    const snapshot = this.#host.store.snapshot();
    const scan = new SnapshotScan(snapshot, overlay(snapshot, this.writes, space, range, ALL_COMMANDS), this.#scanClosed);
    this.#newestScans.add(scan);
    return scan;
  }

  put(space: Space, key: Uint8Array, value: Uint8Array, force = false): void {
    this.#write(space, key, value, force);
  }

  delete(space: Space, key: Uint8Array, force = false): void {
    this.#write(space, key, undefined, force);
  }

  #write(space: Space, key: Uint8Array, value: Uint8Array | undefined, force: boolean): void {
    this.#assertActive();
    if (this.options.readOnly && !force) throw new SqlError(SqlState.readOnlySqlTransaction, 'cannot write in a read-only transaction');
    const longest = this.#host.store.maxKeyBytes;
    if (key.length > longest) {
      throw new SqlError(SqlState.programLimitExceeded, `index row size ${key.length} exceeds btree version 4 maximum ${longest}`);
    }
    const oldestReader = this.#views[0]?.command ?? ALL_COMMANDS;
    this.writes.write(space, key, value, this.#command, oldestReader);
    const limit = this.#host.limits.maxTransactionBytes;
    if (this.writes.sizeBytes > limit) {
      throw new SqlError(SqlState.programLimitExceeded, `the changes of the transaction need more than ${limit} bytes`, {
        hint: 'Split the work into several transactions, or raise kalamdb.max_transaction_size.',
      });
    }
  }

  dropSpace(space: Space): void {
    this.#assertActive();
    this.#droppedInOrder.push(space);
  }

  /** For the commit. */
  get dropped(): ReadonlySet<Space> {
    return new Set(this.#droppedInOrder);
  }

  get reads(): { readonly set: ReadSet; readonly snapshotSeq: Seq } | undefined {
    return this.#readSet === undefined || this.#held === undefined ? undefined : { set: this.#readSet, snapshotSeq: this.#held.seq };
  }

  lock(tag: LockTag, mode: LockMode, wait: LockWait = 'wait'): MaybePromise<boolean> {
    this.#assertActive();
    if (isWritingMode(mode)) this.#lockedForWriting = true;
    return this.#host.locks.acquire(this.#owner, tag, mode, wait, this);
  }

  get lockPosition(): number {
    return this.#owner.position;
  }

  unlockTo(position: number): void {
    this.#host.locks.releaseTo(this.#owner, position);
  }

  awaitWriter(space: Space, key: Uint8Array): Promise<void> | undefined {
    this.#assertActive();
    const { locks } = this.#host;
    const tag = lockTags.row(space, key);
    if (!locks.isHeldBy(tag, this.#owner, (holder) => holder.writes?.find(space, key) !== undefined)) return undefined;
    const position = this.#owner.position;
    return Promise.resolve(locks.acquire(this.#owner, tag, 'SHARE ROW', 'wait', this)).then(() => locks.releaseTo(this.#owner, position));
  }

  noteMove(space: Space, key: Uint8Array, to: Uint8Array | undefined): void {
    if (this.#moves.length < MAX_MOVES_OF_A_TRANSACTION) this.#moves.push({ tag: lockTags.row(space, key), to });
  }

  moveOf(space: Space, key: Uint8Array, since: Seq, after: number): RowMove | undefined {
    const { moves } = this.#host;
    return moves.isEmpty ? undefined : moves.find(lockTags.row(space, key), since, after);
  }

  noteIndexBuilt(index: Oid): void {
    this.#builtIndexes.push(index);
    this.onCommit((seq) => this.#host.youngIndexes.add(index, seq));
  }

  get unreadableIndexes(): readonly Oid[] {
    const { youngIndexes } = this.#host;
    if (this.#held === undefined || (youngIndexes.isEmpty && this.#builtIndexes.length === 0)) return NO_INDEXES;
    return [...this.#builtIndexes, ...youngIndexes.newerThan(this.#held.seq)];
  }

  notify(channel: string, payload: string): void {
    this.#assertActive();
    const name = `${channel}\0${payload}`;
    if (this.#notified.has(name)) return;
    this.#notified.add(name);
    this.notifications.push({ channel, payload });
  }

  onCommit(action: (seq: Seq) => void): void {
    this.#commitActions.push(action);
  }

  onRollback(action: () => void): void {
    this.#rollbackActions.push(action);
  }

  savepoint(): number {
    this.#assertActive();
    this.writes.keepsUndo = true;
    return this.#savepoints.push({
      undo: this.writes.undoPosition,
      locks: this.#owner.position,
      notifications: this.notifications.length,
      commitActions: this.#commitActions.length,
      rollbackActions: this.#rollbackActions.length,
      dropped: this.#droppedInOrder.length,
      moves: this.#moves.length,
    });
  }

  rollbackTo(depth: number): void {
    this.#assertActive();
    const savepoint = this.#savepoints[depth - 1];
    assert(savepoint !== undefined, 'no such savepoint');
    this.#savepoints.length = depth;
    this.writes.undoTo(savepoint.undo);
    for (const { channel, payload } of this.notifications.splice(savepoint.notifications)) this.#notified.delete(`${channel}\0${payload}`);
    this.#commitActions.length = savepoint.commitActions;
    this.#droppedInOrder.length = savepoint.dropped;
    this.#moves.length = savepoint.moves;
    this.#runRollbackActions(savepoint.rollbackActions);
    this.#host.locks.releaseTo(this.#owner, savepoint.locks);
  }

  release(depth: number): void {
    this.#assertActive();
    assert(depth >= 1 && depth <= this.#savepoints.length, 'no such savepoint');
    this.#savepoints.length = depth - 1;
    if (depth > 1) return;
    this.writes.keepsUndo = false;
    this.writes.forgetUndo();
  }

  commit(): Promise<Seq | undefined> | undefined {
    this.#assertActive();
    if (!this.#hasChanges) {
      this.committed(this.#host.lastSeq);
      return undefined;
    }
    for (const space of this.#droppedInOrder) {
      const line = this.#host.dropLine(space);
      this.writes.write(line.space, line.key, line.value, this.#command, ALL_COMMANDS);
    }
    this.#state = 'committing';
    return this.#host.commit(this).catch((error: unknown) => {
      this.#rolledBack();
      throw error;
    });
  }

  /** Called by the commit when it is visible, or at once when there was nothing to write. */
  committed(number: Seq): void {
    for (const action of this.#commitActions) {
      try {
        action(number);
      } catch (error) {
        this.#host.logger.error({ err: error, seq: number }, 'an action after a commit failed');
      }
    }
    if (this.#moves.length > 0) this.#host.moves.add(number, this.#moves);
    this.#host.dropCommitted(this.#droppedInOrder);
    this.#end();
  }

  rollback(): void {
    this.#assertActive();
    this.#rolledBack();
  }

  #rolledBack(): void {
    this.#runRollbackActions(0);
    this.#end();
  }

  /** The latest first, as what they undo was done. */
  #runRollbackActions(from: number): void {
    for (const action of this.#rollbackActions.splice(from).reverse()) {
      try {
        action();
      } catch (error) {
        this.#host.logger.error({ err: error }, 'an action after a rollback failed');
      }
    }
  }

  #end(): void {
    this.#state = 'over';
    // Whoever still holds one: an error may have come in between.
    for (const scan of this.#newestScans) scan.close();
    while (this.#views.length > 0) this.#views.at(-1)?.forceRelease();
    this.#held?.release();
    this.#host.locks.releaseTo(this.#owner, 0);
    this.#host.ended(this);
  }

  #assertActive(): void {
    assert(this.#state === 'active', 'the transaction is over');
  }
}
