import type { Seq } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { keyText } from '../store/key-text.js';
import type { KeyRange, Scan, Space } from '../store/store.js';
import type { WriteSet } from './write-set.js';

/** Keys and ranges remembered of one space before it counts as read as a whole. */
const MAX_REMEMBERED = 20_000;

interface TextRange {
  readonly low: string;
  /** Exclusive; undefined: to the end. */
  readonly high: string | undefined;
}

class SpaceReads {
  readonly #keys = new Set<string>();
  readonly #ranges: TextRange[] = [];
  #everything = false;

  key(key: Uint8Array): void {
    if (this.#everything) return;
    this.#keys.add(keyText(key));
    if (this.#keys.size > MAX_REMEMBERED) this.#all();
  }

  range(range: TextRange): void {
    if (this.#everything) return;
    this.#ranges.push(range);
    if (this.#ranges.length > MAX_REMEMBERED) this.#all();
  }

  #all(): void {
    this.#everything = true;
    this.#keys.clear();
    this.#ranges.length = 0;
  }

  /** As ranges: a key is one without an upper bound of its own. */
  *listed(): Iterable<TextRange> {
    if (this.#everything) yield { low: '', high: undefined };
    for (const low of this.#keys) yield { low, high: `${low}\0` };
    yield* this.#ranges;
  }

  contains(text: string): boolean {
    if (this.#everything || this.#keys.has(text)) return true;
    return this.#ranges.some(({ low, high }) => text >= low && (high === undefined || text < high));
  }
}

/** What a serializable transaction has read: commits since its snapshot must not have written any of it. */
export class ReadSet {
  /** What the same transaction has written. */
  readonly writes: WriteSet;
  /** It is being prepared: from its validation on, none of it may be written. */
  isKept = false;
  readonly #spaces = new Map<Space, SpaceReads>();

  constructor(writes: WriteSet) {
    this.writes = writes;
  }

  key(space: Space, key: Uint8Array): void {
    this.#in(space).key(key);
  }

  /** Wraps a scan so that what it covers is remembered: up to where it came, not what it could have come to. */
  track(space: Space, range: KeyRange, scan: Scan): Scan {
    return new TrackedScan(scan, range, this.#in(space));
  }

  #in(space: Space): SpaceReads {
    let reads = this.#spaces.get(space);
    if (reads === undefined) {
      reads = new SpaceReads();
      this.#spaces.set(space, reads);
    }
    return reads;
  }

  /** All of it as ranges of keys; null: without that bound. */
  *ranges(): Iterable<{ readonly space: Space; readonly low: Uint8Array | null; readonly high: Uint8Array | null }> {
    for (const [space, reads] of this.#spaces) {
      for (const { low, high } of reads.listed()) {
        yield { space, low: low === '' ? null : bytesOf(low), high: high === undefined ? null : bytesOf(high) };
      }
    }
  }

  /** Puts in what `ranges` gave. */
  restore(space: Space, low: Uint8Array | null, high: Uint8Array | null): void {
    this.#in(space).range({ low: low === null ? '' : keyText(low), high: high === null ? undefined : keyText(high) });
  }

  wasWrittenBy(writes: WriteSet): boolean {
    return writes.order.some(({ space, key }) => this.#spaces.get(space)?.contains(keyText(key)) === true);
  }

  conflictsWith(writes: CommittedKeys): boolean {
    for (const [space, texts] of writes.keys) {
      const reads = this.#spaces.get(space);
      if (reads !== undefined) for (const text of texts) if (reads.contains(text)) return true;
    }
    return false;
  }
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

class TrackedScan implements Scan {
  readonly #scan: Scan;
  readonly #range: KeyRange;
  readonly #reads: SpaceReads;
  #started = false;
  #ended = false;
  #given = 0;
  /** Copied, since the scan's own is gone when it is closed. */
  #last: string | undefined;

  constructor(scan: Scan, range: KeyRange, reads: SpaceReads) {
    this.#scan = scan;
    this.#range = range;
    this.#reads = reads;
  }

  next(): MaybePromise<boolean> {
    this.#started = true;
    const moved = this.#scan.next();
    return moved instanceof Promise ? moved.then((found) => this.#moved(found)) : this.#moved(moved);
  }

  #moved(found: boolean): boolean {
    if (found) {
      this.#last = keyText(this.#scan.key);
      this.#given++;
    } else this.#remember(this.#range.limit === undefined || this.#given < this.#range.limit);
    return found;
  }

  get key(): Uint8Array {
    return this.#scan.key;
  }

  get value(): Uint8Array {
    return this.#scan.value;
  }

  close(): void {
    if (this.#started) this.#remember(false);
    this.#scan.close();
  }

  /** @param whole it came to the end of its range */
  #remember(whole: boolean): void {
    if (this.#ended) return;
    this.#ended = true;
    const low = this.#range.gte === undefined ? '' : keyText(this.#range.gte);
    const high = this.#range.lt === undefined ? undefined : keyText(this.#range.lt);
    const last = this.#last;
    if (whole || last === undefined) this.#reads.range({ low, high });
    else if (this.#range.reverse === true) this.#reads.range({ low: last, high });
    else this.#reads.range({ low, high: `${last}\0` });
  }
}

/** The keys that a commit wrote, by space. */
export interface CommittedKeys {
  readonly seq: Seq;
  readonly keys: ReadonlyMap<Space, readonly string[]>;
  readonly count: number;
}

/**
 * Recent commits, kept while a serializable transaction that does not see them is under way. Validation against them and the order of
 * commits are one synchronous step, so that the order of commits is an order in which the transactions could have run one by one.
 */
export class RecentCommits {
  readonly #maxKeys: number;
  readonly #readers = new Map<object, Seq>();
  #commits: CommittedKeys[] = [];
  #keys = 0;
  /** What prepared transactions have read. */
  readonly #kept = new Set<ReadSet>();
  /** Commits up to this one were forgotten for want of room. */
  #forgotten = 0;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get isWatched(): boolean {
    return this.#readers.size > 0;
  }

  /** A serializable transaction takes its snapshot. @param unseen commits that are ordered but not in the snapshot */
  enter(reader: object, snapshotSeq: Seq, unseen: Iterable<CommittedKeys>): void {
    if (this.#readers.size === 0) for (const commit of unseen) this.add(commit);
    this.#readers.set(reader, snapshotSeq);
  }

  leave(reader: object): void {
    if (!this.#readers.delete(reader)) return;
    const oldest = Math.min(...this.#readers.values());
    let count = 0;
    while (count < this.#commits.length && (this.#commits[count]?.seq ?? 0) <= oldest) this.#keys -= this.#commits[count++]?.count ?? 0;
    if (count > 0) this.#commits.splice(0, count);
  }

  add(commit: CommittedKeys): void {
    this.#commits.push(commit);
    this.#keys += commit.count;
    while (this.#keys > this.#maxKeys) {
      const dropped = this.#commits.shift();
      if (dropped === undefined) return;
      this.#keys -= dropped.count;
      this.#forgotten = dropped.seq;
    }
  }

  /** A prepared transaction that a server starts with. */
  keep(reads: ReadSet): void {
    this.#kept.add(reads);
  }

  /** Its transaction is over. */
  letGo(reads: ReadSet): void {
    this.#kept.delete(reads);
  }

  /** @throws SqlError 40001 */
  validate(reads: ReadSet, snapshotSeq: Seq): void {
    const conflict =
      this.#forgotten > snapshotSeq || this.#commits.some((commit) => commit.seq > snapshotSeq && reads.conflictsWith(commit));
    if (conflict) throw dependencies('Reason code: Canceled on identification as a pivot, during commit attempt.');
    for (const kept of this.#kept) {
      // Whoever is prepared may commit at any time from now on, and is not asked again.
      if (kept.wasWrittenBy(reads.writes) || (reads.isKept && reads.wasWrittenBy(kept.writes))) {
        throw dependencies('Reason code: Canceled on conflict out to a prepared transaction, during commit attempt.');
      }
    }
    if (reads.isKept) this.#kept.add(reads);
  }
}

function dependencies(detail: string): SqlError {
  return new SqlError(SqlState.serializationFailure, 'could not serialize access due to read/write dependencies among transactions', {
    detail,
    hint: 'The transaction might succeed if retried.',
  });
}
