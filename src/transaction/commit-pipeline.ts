import { assert } from '../commons/assert.js';
import type { Clock } from '../commons/clock.js';
import { type Oid, type Seq, seq } from '../commons/ids.js';
import type { Logger } from '../commons/logger.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { nextTurn } from '../commons/next-turn.js';
import { SpaceName } from '../commons/space-name.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { copyBytes } from '../store/bytes.js';
import { keyText } from '../store/key-text.js';
import { ROW_HEADER_BYTES } from '../store/row.js';
import { setCommit } from '../store/row-codec.js';
import type { Space, Store } from '../store/store.js';
import { lastSeqOf } from './commit-log.js';
import { encodeLabel } from './commit-record.js';
import type { CommittedKeys, ReadSet, RecentCommits } from './serializable-reads.js';
import type { CommitEvent, CommitObserver } from './transaction.js';
import type { WriteEntry, WriteSet } from './write-set.js';

/** A transaction that wants to commit. */
export interface CommitSource {
  readonly backendPid: number;
  /** That it works in; 0: in none. */
  readonly database: Oid;
  readonly writes: WriteSet;
  /** Spaces whose writes do not matter any more. */
  readonly dropped: ReadonlySet<Space>;
  readonly notifications: readonly { readonly channel: string; readonly payload: string }[];
  /** Of a serializable transaction: what it read, and the newest commit that it saw. */
  readonly reads: { readonly set: ReadSet; readonly snapshotSeq: Seq } | undefined;
  /** The newest commit that it may have seen before that was durable. */
  readonly builtOn: Seq;
  /** It has its place in the order, from where the next holders of its locks see what it wrote. */
  ordered(number: Seq): void;
  /** It is durable and visible: runs the actions, then gives up the locks. */
  committed(number: Seq): void;
}

/** Failures of the disk that are remembered: those of transactions that were open then. */
const MAX_LOST = 1000;
/** Of a large commit, so many are looked at before others have their turn. */
const CHANGES_OF_A_TURN = 8192;

/**
 * Life of a commit: old versions are read where an observer wants them → in one synchronous step it is validated, gets its number and time,
 * is encoded, and handed to the store (so the order of numbers is the order of batches) → its locks go, since whoever gets them sees what it
 * wrote → the store makes it durable, with others → in the moment it is visible `visibleSeq` says so → its actions run, observers hear of
 * it, in commit order.
 */
export class CommitPipeline {
  /** The newest commit that a snapshot taken now sees. */
  visibleSeq: Seq;
  readonly #store: Store;
  readonly #recent: RecentCommits;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #epoch: number;
  readonly #observers: CommitObserver[] = [];
  /** Whether a space's values start with a row header: asked once. */
  readonly #holdsRows = new Map<Space, boolean>();
  /** The newest commit that `store.newest` sees. */
  newestSeq: Seq;
  /** The newest commit that has a number. */
  #lastSeq: Seq;
  /** Commits that were ordered and failed to become durable, from the one to the other: nothing may build on them. */
  readonly #lost: { readonly from: Seq; readonly to: Seq }[] = [];
  /** Ordered, but not visible yet. */
  readonly #inFlight = new Map<Seq, WriteSet>();
  #underway = new Set<Promise<Seq>>();

  constructor(store: Store, recent: RecentCommits, clock: Clock, logger: Logger, epoch: number) {
    this.#store = store;
    this.#recent = recent;
    this.#clock = clock;
    this.#logger = logger;
    this.#epoch = epoch;
    this.#lastSeq = lastSeqOf(store);
    this.visibleSeq = this.#lastSeq;
    this.newestSeq = this.#lastSeq;
  }

  subscribe(observer: CommitObserver): void {
    this.#observers.push(observer);
  }

  /** What commits have written that are ordered but not visible. */
  *unseen(): Iterable<CommittedKeys> {
    for (const [number, writes] of this.#inFlight) yield keysOf(number, writes);
  }

  /**
   * @param isAlone nobody else has begun a transaction since the same session's last commit
   * @throws (rejects with) SqlError 40001, 53100, 58030: nothing was committed then
   */
  commit(source: CommitSource, isAlone: boolean): Promise<Seq> {
    const promise = this.#commit(source, isAlone).finally(() => this.#underway.delete(promise));
    this.#underway.add(promise);
    return promise;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underway);
  }

  /** TransactionManager.underway */
  underway(): Promise<void> | undefined {
    return this.#underway.size === 0 ? undefined : this.idle();
  }

  async #commit(source: CommitSource, isAlone: boolean): Promise<Seq> {
    const { writes, dropped } = source;
    const changes = dropped.size === 0 ? writes.order : writes.order.filter(({ space }) => !dropped.has(space));
    if (this.#observers.length > 0) {
      const reading = changes.length <= CHANGES_OF_A_TURN ? this.#readOld(changes) : this.#readOldInTurns(changes);
      if (reading instanceof Promise) await reading;
    }
    const { number, commitMicros, writing } = this.#order(source, changes, isAlone);
    try {
      await writing;
    } catch (error) {
      this.#lose(number);
      throw error;
    } finally {
      this.#inFlight.delete(number);
    }
    source.committed(number);
    this.#tell({
      seq: number,
      commitMicros,
      backendPid: source.backendPid,
      database: source.database,
      changes,
      notifications: source.notifications,
    });
    return number;
  }

  /** Validation, number, record and batch: nothing may come in between. */
  #order(
    source: CommitSource,
    changes: readonly WriteEntry[],
    isAlone: boolean,
  ): { number: Seq; commitMicros: number; writing: Promise<void> } {
    this.requireKept(source.builtOn);
    if (source.reads !== undefined) this.#recent.validate(source.reads.set, source.reads.snapshotSeq);
    const number = seq(this.#lastSeq + 1);
    const commitMicros = this.#clock.nowMicros();
    for (const { space, value } of changes) {
      if (value === undefined || !this.#isRow(space)) continue;
      assert(value.length >= ROW_HEADER_BYTES, 'a row without its header');
      setCommit(value, number, commitMicros);
    }
    const { notifications, database } = source;
    const label = encodeLabel({ epoch: this.#epoch, seq: number, commitMicros, database, notifications });
    this.#lastSeq = number;
    if (this.#recent.isWatched) this.#recent.add(keysOf(number, source.writes));
    this.#inFlight.set(number, source.writes);
    const writing = this.#store.write(changes, {
      label,
      isAlone,
      ordered: () => {
        this.newestSeq = number;
        source.ordered(number);
      },
      visible: () => {
        this.visibleSeq = number;
      },
    });
    return { number, commitMicros, writing };
  }

  /** @throws SqlError 40001 where a commit has failed that the caller may have seen */
  requireKept(builtOn: Seq): void {
    if (!this.#lost.some(({ from, to }) => builtOn >= from && builtOn <= to)) return;
    throw new SqlError(SqlState.serializationFailure, 'could not serialize access due to a concurrent commit that failed', {
      hint: 'The transaction might succeed if retried.',
    });
  }

  #lose(number: Seq): void {
    const last = this.#lost.at(-1);
    // All that were ordered by then fail together.
    if (last === undefined || number > last.to) {
      this.#lost.push({ from: number, to: this.#lastSeq });
      this.newestSeq = this.visibleSeq;
    }
    if (this.#lost.length > MAX_LOST) this.#lost.shift();
  }

  async #readOldInTurns(changes: readonly WriteEntry[]): Promise<void> {
    for (let from = 0; from < changes.length; from += CHANGES_OF_A_TURN) {
      await this.#readOld(changes.slice(from, from + CHANGES_OF_A_TURN));
      await nextTurn();
    }
  }

  /** The rows' locks are held, so the newest version is the one before. */
  #readOld(changes: readonly WriteEntry[]): MaybePromise<void> {
    const wanted = changes.filter(
      ({ space, key }) => this.#isRow(space) && this.#observers.some((observer) => observer.wantsOld(space, key)),
    );
    if (wanted.length === 0) return;
    const snapshot = this.#store.newest();
    let waiting: Promise<void>[] | undefined;
    for (const change of wanted) {
      const old = snapshot.get(change.space, change.key);
      if (old instanceof Promise) {
        waiting ??= [];
        waiting.push(
          old.then((value) => {
            change.old = value === undefined ? undefined : copyBytes(value);
          }),
        );
      } else change.old = old === undefined ? undefined : copyBytes(old);
    }
    if (waiting === undefined) snapshot.release();
    else
      return Promise.all(waiting).then(
        () => snapshot.release(),
        (error: unknown) => {
          snapshot.release();
          throw error;
        },
      );
  }

  #isRow(space: Space): boolean {
    let isRow = this.#holdsRows.get(space);
    if (isRow === undefined) {
      isRow = SpaceName.parse(space.name)?.kind !== 'index';
      this.#holdsRows.set(space, isRow);
    }
    return isRow;
  }

  #tell(event: CommitEvent): void {
    for (const observer of this.#observers) {
      try {
        observer.committed(event);
      } catch (error) {
        this.#logger.error({ err: error, seq: event.seq }, 'an observer of commits failed');
      }
    }
  }
}

function keysOf(number: Seq, writes: WriteSet): CommittedKeys {
  const keys = new Map<Space, string[]>();
  for (const { space, key } of writes.order) {
    const list = keys.get(space);
    if (list === undefined) keys.set(space, [keyText(key)]);
    else list.push(keyText(key));
  }
  return { seq: number, keys, count: writes.order.length };
}
