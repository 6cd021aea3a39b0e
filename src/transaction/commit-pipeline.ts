import { assert } from '../commons/assert.js';
import type { Clock } from '../commons/clock.js';
import { type Seq, type ShardId, seq } from '../commons/ids.js';
import type { Logger } from '../commons/logger.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SpaceName } from '../commons/space-name.js';
import { copyBytes } from '../store/bytes.js';
import { keyText } from '../store/key-text.js';
import { ROW_HEADER_BYTES } from '../store/row.js';
import { setCommit } from '../store/row-codec.js';
import type { Space, Store, WriteOperation } from '../store/store.js';
import { type CommitLog, logShardOf, shardOf } from './commit-log.js';
import { encodeRecord } from './commit-record.js';
import type { CommittedKeys, ReadSet, RecentCommits } from './serializable-reads.js';
import type { CommitEvent, CommitObserver } from './transaction.js';
import type { WriteEntry, WriteSet } from './write-set.js';

/** A transaction that wants to commit. */
export interface CommitSource {
  readonly backendPid: number;
  readonly writes: WriteSet;
  /** Spaces whose writes do not matter any more. */
  readonly dropped: ReadonlySet<Space>;
  readonly notifications: readonly { readonly channel: string; readonly payload: string }[];
  /** Of a serializable transaction: what it read, and the newest commit that it saw. */
  readonly reads: { readonly set: ReadSet; readonly snapshotSeq: Seq } | undefined;
  /** It is durable and visible: runs the actions, then gives up the locks. */
  committed(number: Seq): void;
}

/** What is asked of every space that is written to, once. */
interface SpaceFacts {
  /** Its values start with a row header. */
  readonly isRow: boolean;
  readonly shard: ShardId | undefined;
}

/** A commit up to this size is in the log with its changes, whatever the log's limit. */
const ALWAYS_LOGGED_BYTES = 1024 * 1024;

/**
 * Life of a commit: old versions are read where an observer wants them → in one synchronous step it is validated, gets its number and time,
 * is encoded, and handed to the store (so the order of numbers is the order of batches) → the store makes it durable, with others → in the
 * moment it is visible `visibleSeq` says so → its actions run, its locks go, observers hear of it, in commit order.
 */
export class CommitPipeline {
  /** The newest commit that a snapshot taken now sees. */
  visibleSeq: Seq;
  readonly #store: Store;
  readonly #log: CommitLog;
  readonly #recent: RecentCommits;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #epoch: number;
  readonly #observers: CommitObserver[] = [];
  readonly #facts = new Map<Space, SpaceFacts>();
  readonly #logRetentionBytes: () => number;
  /** Ordered, but not visible yet. */
  readonly #inFlight = new Map<Seq, WriteSet>();
  #underway = new Set<Promise<Seq>>();

  constructor(
    store: Store,
    log: CommitLog,
    recent: RecentCommits,
    clock: Clock,
    logger: Logger,
    epoch: number,
    logRetentionBytes: () => number,
  ) {
    this.#store = store;
    this.#log = log;
    this.#recent = recent;
    this.#clock = clock;
    this.#logger = logger;
    this.#epoch = epoch;
    this.#logRetentionBytes = logRetentionBytes;
    this.visibleSeq = log.lastSeq;
  }

  subscribe(observer: CommitObserver): void {
    this.#observers.push(observer);
  }

  /** What commits have written that are ordered but not visible. */
  *unseen(): Iterable<CommittedKeys> {
    for (const [number, writes] of this.#inFlight) yield keysOf(number, writes);
  }

  /** @throws (rejects with) SqlError 40001, 53100, 58030: nothing was committed then */
  commit(source: CommitSource): Promise<Seq> {
    const promise = this.#commit(source).finally(() => this.#underway.delete(promise));
    this.#underway.add(promise);
    return promise;
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underway);
  }

  async #commit(source: CommitSource): Promise<Seq> {
    const { writes, dropped } = source;
    const changes = dropped.size === 0 ? writes.order : writes.order.filter(({ space }) => !dropped.has(space));
    if (this.#observers.length > 0) {
      const reading = this.#readOld(changes);
      if (reading instanceof Promise) await reading;
    }
    const { number, commitMicros, writing } = this.#order(source, changes);
    try {
      await writing;
    } finally {
      this.#inFlight.delete(number);
    }
    source.committed(number);
    this.#tell({ seq: number, commitMicros, backendPid: source.backendPid, changes, notifications: source.notifications });
    return number;
  }

  /** Validation, number, record and batch: nothing may come in between. */
  #order(source: CommitSource, changes: readonly WriteEntry[]): { number: Seq; commitMicros: number; writing: Promise<void> } {
    if (source.reads !== undefined) this.#recent.validate(source.reads.set, source.reads.snapshotSeq);
    const number = seq(this.#log.lastSeq + 1);
    const commitMicros = this.#clock.nowMicros();
    let sizeBytes = 0;
    for (const { space, key, value } of changes) {
      sizeBytes += key.length;
      if (value === undefined) continue;
      sizeBytes += value.length;
      if (!this.#factsOf(space).isRow) continue;
      assert(value.length >= ROW_HEADER_BYTES, 'a row without its header');
      setCommit(value, number, commitMicros);
    }
    const { notifications } = source;
    // What the log would forget with the next commit is not worth to be written twice: a bulk load.
    const changesOmitted = sizeBytes > ALWAYS_LOGGED_BYTES && sizeBytes > this.#logRetentionBytes();
    const record = encodeRecord({
      epoch: this.#epoch,
      changesOmitted,
      seq: number,
      commitMicros,
      changes: changesOmitted ? [] : changes,
      notifications,
    });
    const batch: WriteOperation[] = changes.slice();
    this.#log.append(batch, logShardOf(this.#shardsOf(changes)), number, record);
    if (this.#recent.isWatched) this.#recent.add(keysOf(number, source.writes));
    const writing = this.#store.write(batch, () => {
      this.visibleSeq = number;
    });
    this.#inFlight.set(number, source.writes);
    return { number, commitMicros, writing };
  }

  /** The rows' locks are held, so the newest version is the one before. */
  #readOld(changes: readonly WriteEntry[]): MaybePromise<void> {
    const wanted = changes.filter(
      ({ space, key }) => this.#factsOf(space).isRow && this.#observers.some((observer) => observer.wantsOld(space, key)),
    );
    if (wanted.length === 0) return;
    const snapshot = this.#store.snapshot();
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

  #factsOf(space: Space): SpaceFacts {
    let facts = this.#facts.get(space);
    if (facts === undefined) {
      const kind = SpaceName.parse(space.name)?.kind;
      facts = { isRow: kind !== 'index' && kind !== 'log', shard: shardOf(space) };
      this.#facts.set(space, facts);
    }
    return facts;
  }

  *#shardsOf(changes: readonly WriteEntry[]): Iterable<ShardId | undefined> {
    let last: Space | undefined;
    for (const { space } of changes) {
      if (space !== last) yield this.#factsOf(space).shard;
      last = space;
    }
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
