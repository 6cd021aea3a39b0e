import { assert } from '../commons/assert.js';
import { type Oid, type Seq, type StorageId, seq } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { Placed } from '../commons/placed-list.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { KeyRange, Scan, Space } from '../store/store.js';
import type { CommitSource } from './commit-pipeline.js';
import { LockOwner } from './lock.js';
import { isSharedTableMode, isWritingMode } from './lock-modes.js';
import { lockTags } from './lock-tags.js';
import { requireChangeable } from './option-changes.js';
import type { PreparationSource } from './prepared-transactions.js';
import { type HeldSnapshot, LocalReadView, overlay, SnapshotScan } from './read-view.js';
import { MAX_MOVES_OF_A_TRANSACTION, type RowMove } from './row-moves.js';
import { ReadSet } from './serializable-reads.js';
import { NO_SIDE_WORK, type Savepoint, SideWork } from './side-work.js';
import type {
  CommitDurability,
  LockMode,
  LockTag,
  LockWait,
  OptionsChange,
  ReadView,
  Transaction,
  TransactionOptions,
} from './transaction.js';
import type { TransactionHost } from './transaction-host.js';
import { WriteSet } from './write-set.js';

const NOTHING_BEFORE = seq(0);
const NOTHING_DROPPED: ReadonlySet<Space> = new Set();
const NO_INDEXES: readonly Oid[] = Object.freeze([]);

/** Sees every write: for the newest version. */
const ALL_COMMANDS = Number.POSITIVE_INFINITY;

export class LocalTransaction implements Transaction, CommitSource, Placed {
  place = -1;
  readonly id: number;
  options: TransactionOptions;
  readonly startMicros: number;
  /** The newest commit when it began, or of the snapshot that it has imported: all its views see that. */
  startSeq: Seq;
  readonly writes = new WriteSet();
  signal: AbortSignal | undefined;
  lockTimeoutMs = 0;
  deadlockTimeoutMs: number | undefined;
  statementMicros: number;
  readonly #host: TransactionHost;
  readonly #owner: LockOwner;
  #side = NO_SIDE_WORK;
  /** Open views, in the order of their commands. */
  readonly #views: LocalReadView[] = [];
  /** The one snapshot of REPEATABLE READ and SERIALIZABLE. */
  #held: HeldSnapshot | undefined;
  #readSet: ReadSet | undefined;
  #command = 0;
  #lockedForWriting = false;
  #builtOn: Seq;
  /** Who waits for no more than its place in the order. */
  #toldOfOrder: ((number: Seq) => void) | undefined;
  #state: 'active' | 'committing' | 'over' = 'active';

  constructor(host: TransactionHost, id: number, options: TransactionOptions, startMicros: number) {
    this.#host = host;
    this.id = id;
    this.options = options;
    this.startMicros = startMicros;
    this.statementMicros = startMicros;
    this.#owner = new LockOwner(host.locks.of(options.database ?? 0), id, options.backendPid, this.writes);
    this.startSeq = host.lastSeq;
    this.#builtOn = options.builtOn ?? NOTHING_BEFORE;
  }

  get backendPid(): number {
    return this.options.backendPid;
  }

  get database(): Oid {
    return this.options.database ?? 0;
  }

  get #own(): SideWork {
    if (this.#side === NO_SIDE_WORK) this.#side = new SideWork();
    return this.#side;
  }

  get notifications(): readonly { readonly channel: string; readonly payload: string }[] {
    return this.#side.notifications;
  }

  get hasWrites(): boolean {
    return this.#hasChanges || this.#lockedForWriting;
  }

  writtenSpaces(): Iterable<Space> {
    return this.writes.spaces();
  }

  get snapshotSeq(): Seq | undefined {
    return (this.#held ?? this.#views[0])?.seq;
  }

  get snapshotMicros(): number | undefined {
    return (this.#held ?? this.#views[0]?.held)?.takenMicros;
  }

  get #hasChanges(): boolean {
    return this.writes.order.length > 0 || this.notifications.length > 0 || this.#side.droppedInOrder.length > 0;
  }

  setOptions(options: OptionsChange): void {
    this.#assertActive();
    requireChangeable(options, this.options, this.#command > 0, this.#side.savepoints.length > 0);
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
    this.#buildOnNewest();
    const view = new LocalReadView(this.#host.takeNewest(), ++this.#command, this.writes, undefined, this.#viewClosed);
    this.#views.push(view);
    return view;
  }

  #snapshotForCommand(): HeldSnapshot {
    if (this.options.isolation === 'read committed') return this.#takeSnapshot();
    if (this.#held === undefined) this.#fixSnapshot(this.#takeSnapshot());
    return (this.#held ?? this.#takeSnapshot()).hold();
  }

  #fixSnapshot(held: HeldSnapshot): void {
    this.#held = held;
    if (this.options.isolation !== 'serializable' || this.options.readOnly) return;
    this.#readSet = new ReadSet(this.writes);
    this.#host.watch(this, held.seq);
  }

  exportSnapshot(): string {
    this.#assertActive();
    if (this.#side.savepoints.length > 0)
      throw new SqlError(SqlState.activeSqlTransaction, 'cannot export a snapshot from a subtransaction');
    const held = this.#views.at(-1)?.held.hold() ?? this.#snapshotForCommand();
    return this.#host.exported.add(this.id, held, this.options);
  }

  importSnapshot(id: string): void {
    this.#assertActive();
    if (this.#command > 0 || this.#side.savepoints.length > 0 || this.hasWrites) {
      throw new SqlError(SqlState.activeSqlTransaction, 'SET TRANSACTION SNAPSHOT must be called before any query');
    }
    const held = this.#host.exported.lend(id, this.options);
    this.#fixSnapshot(held);
    this.#command++;
    if (held.seq < this.startSeq) this.startSeq = held.seq;
    if (held.seq > this.#host.lastSeq) this.#builtOn = held.seq;
  }

  /** What it has seen once it must go on seeing, durable or not. */
  #takeSnapshot(): HeldSnapshot {
    const held = this.#builtOn > this.#host.lastSeq ? this.#host.takeNewest() : this.#host.takeSnapshot();
    held.takenMicros = this.statementMicros;
    return held;
  }

  #buildOnNewest(): void {
    const { newestSeq } = this.#host;
    if (newestSeq > this.#host.lastSeq) this.#builtOn = newestSeq;
  }

  get builtOn(): Seq {
    return this.#builtOn;
  }

  readonly #scanClosed = (scan: SnapshotScan): void => {
    this.#side.newestScans.delete(scan);
  };

  readonly #viewClosed = (view: LocalReadView): void => {
    if (this.#views.at(-1) === view) this.#views.pop();
    else this.#views.splice(this.#views.indexOf(view), 1);
  };

  getNewest(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined> {
    this.#assertActive();
    const written = this.writes.find(space, key);
    if (written !== undefined) return written.value;
    this.#buildOnNewest();
    const snapshot = this.#host.store.newest();
    const value = snapshot.get(space, key);
    if (value instanceof Promise) return value.finally(() => snapshot.release());
    snapshot.release();
    return value;
  }

  getOwn(space: Space, key: Uint8Array): Uint8Array | undefined {
    return this.writes.find(space, key)?.value;
  }

  noteFresh(storage: StorageId): void {
    this.#own.freshStorages.set(storage, this.#own.savepoints.length);
  }

  isFresh(storage: StorageId): boolean {
    return this.#side.freshStorages.has(storage);
  }

  isFreshInSavepoint(storage: StorageId): boolean {
    return this.#side.freshStorages.get(storage) === this.#side.savepoints.length;
  }

  scanNewest(space: Space, range: KeyRange): Scan {
    this.#assertActive();
    this.#buildOnNewest();
    const snapshot = this.#host.store.newest();
    const scan = new SnapshotScan(snapshot, overlay(snapshot, this.writes, space, range, ALL_COMMANDS), this.#scanClosed);
    this.#own.newestScans.add(scan);
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

  get writtenBytes(): number {
    return this.writes.sizeBytes;
  }

  dropSpace(space: Space): void {
    this.#assertActive();
    this.#own.droppedInOrder.push(space);
  }

  /** For the commit. */
  get dropped(): ReadonlySet<Space> {
    const { droppedInOrder } = this.#side;
    return droppedInOrder.length === 0 ? NOTHING_DROPPED : new Set(droppedInOrder);
  }

  get reads(): { readonly set: ReadSet; readonly snapshotSeq: Seq } | undefined {
    return this.#readSet === undefined || this.#held === undefined ? undefined : { set: this.#readSet, snapshotSeq: this.#held.seq };
  }

  lock(tag: LockTag, mode: LockMode, wait: LockWait = 'wait'): MaybePromise<boolean> {
    this.#assertActive();
    if (isWritingMode(mode)) this.#lockedForWriting = true;
    const acquired = this.#host.locks.acquire(this.#owner, tag, mode, wait, this);
    if (acquired instanceof Promise) {
      return acquired.then((granted) => {
        this.#buildOnNewest();
        return granted;
      });
    }
    // Its last holder may have committed a moment ago. The modes of reading and writing rows show nothing by themselves.
    if (!isSharedTableMode(mode)) this.#buildOnNewest();
    return acquired;
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
    if (this.#side.moves.length < MAX_MOVES_OF_A_TRANSACTION) this.#own.moves.push({ tag: lockTags.row(space, key), to });
  }

  moveOf(space: Space, key: Uint8Array, since: Seq, after: number): RowMove | undefined {
    const { moves } = this.#host;
    return moves.isEmpty ? undefined : moves.find(lockTags.row(space, key), since, after);
  }

  noteIndexBuilt(index: Oid): void {
    this.#own.builtIndexes.push(index);
    this.onCommit((seq) => this.#host.youngIndexes.add(this.database, index, seq));
  }

  get unreadableIndexes(): readonly Oid[] {
    const { youngIndexes } = this.#host;
    if (this.#held === undefined || (youngIndexes.isEmpty && this.#side.builtIndexes.length === 0)) return NO_INDEXES;
    return [...this.#side.builtIndexes, ...youngIndexes.newerThan(this.database, this.#held.seq)];
  }

  notify(channel: string, payload: string): void {
    this.#assertActive();
    this.#own.notify(channel, payload);
  }

  onCommit(run: (seq: Seq) => void, ofListener = false): void {
    this.#own.commitActions.push({ run, ofListener });
  }

  onRollback(action: () => void): void {
    this.#own.rollbackActions.push(action);
  }

  savepoint(): number {
    this.#assertActive();
    this.writes.keepsUndo = true;
    return this.#own.savepoint({ undo: this.writes.undoPosition, locks: this.#owner.position, readOnly: this.options.readOnly });
  }

  rollbackTo(depth: number): void {
    this.#assertActive();
    const savepoint = this.#side.savepoints[depth - 1];
    assert(savepoint !== undefined, 'no such savepoint');
    this.#side.savepoints.length = depth;
    this.#restoreReadOnly(savepoint);
    this.writes.undoTo(savepoint.undo);
    this.#side.undoTo(savepoint);
    this.#runRollbackActions(savepoint.rollbackActions);
    this.#host.locks.releaseTo(this.#owner, savepoint.locks);
  }

  release(depth: number): void {
    this.#assertActive();
    const savepoint = this.#side.savepoints[depth - 1];
    assert(savepoint !== undefined, 'no such savepoint');
    this.#side.release(depth);
    this.#restoreReadOnly(savepoint);
    if (depth > 1) return;
    this.writes.keepsUndo = false;
    this.writes.forgetUndo();
  }

  #restoreReadOnly({ readOnly }: Savepoint): void {
    if (this.options.readOnly !== readOnly) this.options = { ...this.options, readOnly };
  }

  commit(durability: CommitDurability = 'durable'): Promise<Seq | undefined> | undefined {
    this.#assertActive();
    if (!this.#hasChanges) {
      if (this.#builtOn > this.#host.lastSeq && durability === 'durable') return this.#commitReads();
      this.committed(this.#host.lastSeq);
      return undefined;
    }
    for (const space of this.#side.droppedInOrder) {
      const line = this.#host.dropLine(space);
      this.writes.write(line.space, line.key, line.value, this.#command, ALL_COMMANDS);
    }
    this.#state = 'committing';
    const committed = this.#host.commit(this).catch((error: unknown) => {
      this.#rolledBack();
      throw error;
    });
    if (durability === 'durable' || this.#mustBeVisible) return committed;
    return new Promise((resolve, reject) => {
      this.#toldOfOrder = resolve;
      committed.then(resolve, (error: unknown) => {
        this.#host.logger.error({ err: error }, 'a commit that was acknowledged with synchronous_commit = off failed');
        reject(error);
      });
    });
  }

  /** What it has read may not be durable yet, and then nobody may be told of it. */
  async #commitReads(): Promise<undefined> {
    this.#state = 'committing';
    try {
      await this.#host.allDurable(this.#builtOn);
    } catch (error) {
      this.#rolledBack();
      throw error;
    }
    this.committed(this.#host.lastSeq);
  }

  /** What is done when it is visible keeps the locks until then: the catalog's changes, above all. */
  ordered(number: Seq): void {
    if (this.#mustBeVisible) return;
    this.#publishMoves(number);
    this.#host.locks.releaseTo(this.#owner, 0);
    this.#toldOfOrder?.(number);
  }

  /** Its place in the order is not enough for it to be over: it does more when it is visible. */
  get #mustBeVisible(): boolean {
    return this.#side.commitActions.length > 0 || this.#side.droppedInOrder.length > 0;
  }

  /** Before the locks go: who waited for them looks where the rows have gone. */
  #publishMoves(number: Seq): void {
    const { moves } = this.#side;
    if (moves.length > 0) this.#host.moves.add(number, moves.splice(0));
  }

  /** Called by the commit when it is visible, or at once when there was nothing to write. */
  committed(number: Seq): void {
    for (const { run } of this.#side.commitActions) {
      try {
        run(number);
      } catch (error) {
        this.#host.logger.error({ err: error, seq: number }, 'an action after a commit failed');
      }
    }
    this.#publishMoves(number);
    this.#host.dropCommitted(this.#side.droppedInOrder);
    this.#end();
  }

  get lockedRelations(): ReadonlySet<Oid> {
    return this.#owner.lockedRelations();
  }

  prepare(gid: string, owner: Oid): Promise<void> {
    this.#assertActive();
    this.#state = 'committing';
    const source: PreparationSource = {
      id: this.id,
      backendPid: this.backendPid,
      database: this.database,
      writes: this.writes,
      side: this.#side,
      reads: this.reads,
      builtOn: this.#builtOn,
      owner: this.#owner,
      leaveSession: () => this.#leaveSession(),
    };
    return this.#host.prepared.prepare(source, gid, owner).catch((error: unknown) => {
      this.#rolledBack();
      throw error;
    });
  }

  /** It goes on as a prepared transaction, with its locks. */
  #leaveSession(): void {
    this.#state = 'over';
    this.writes.keepsUndo = false;
    this.writes.forgetUndo();
    this.#closeViews();
    this.#owner.backendPid = 0;
    this.#host.ended(this);
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
    const { rollbackActions } = this.#side;
    if (rollbackActions.length <= from) return;
    for (const action of rollbackActions.splice(from).reverse()) {
      try {
        action();
      } catch (error) {
        this.#host.logger.error({ err: error }, 'an action after a rollback failed');
      }
    }
  }

  #end(): void {
    this.#state = 'over';
    this.#closeViews();
    this.#host.locks.releaseTo(this.#owner, 0);
    this.#host.ended(this);
  }

  /** Whoever still holds one: an error may have come in between. */
  #closeViews(): void {
    if (this.#side !== NO_SIDE_WORK) for (const scan of this.#side.newestScans) scan.close();
    while (this.#views.length > 0) this.#views.at(-1)?.forceRelease();
    this.#held?.release();
    this.#host.exported.end(this.id);
  }

  #assertActive(): void {
    assert(this.#state === 'active', 'the transaction is over');
  }
}
