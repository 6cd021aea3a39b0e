import type { MaybePromise } from '../commons/maybe-promise.js';
import type { SpaceName } from '../commons/space-name.js';
import type { BatchScan } from './entry-batch.js';

/**
 * An ordered key-value store with snapshots and atomic, durable batches. The one interface that everything above storage speaks to (law 1).
 *
 * Lifetimes: bytes that `get` hands out belong to the store and are valid only until the next call of any snapshot or scan of the store;
 * key and value of a scan are valid until that scan moves or closes, whatever is read besides. Decode or copy at once. Bytes handed in by a caller belong to the store from then on and must not change.
 * Keys compare as unsigned bytes, are 1 to `maxKeyBytes` long. Values are 0 to 2^31 bytes.
 */
export interface Store {
  readonly maxKeyBytes: number;
  /** The handle of a space; the space exists from its first write. Cheap and idempotent: the same handle for the same name. */
  space(name: SpaceName): Space;
  /** Names of all spaces that hold something. */
  spaces(): MaybePromise<readonly SpaceName[]>;
  /** All that was durable when it was called, and nothing after. Must be released. */
  snapshot(): Snapshot;
  /**
   * All that has its place in the order of batches, durable or not: for who got a lock and has to see what its last holder wrote. Nobody may
   * be told of a commit that builds on it before it is durable; a batch written later is durable later.
   */
  newest(): Snapshot;
  /**
   * Applies a batch: all of it or nothing, after every batch written before it. The promise resolves once it is durable; snapshots taken
   * from then on see it, and no snapshot (but `newest`) sees it before. Concurrent batches share one sync.
   * Rejects with SqlError 53100 (disk full) or 58030 (I/O); then nothing of the batch was applied, nor of those written after it.
   */
  write(batch: WriteBatch, options?: WriteOptions): Promise<void>;
  /** Of the newest batch that has one. */
  readonly lastLabel: Uint8Array | undefined;
  /** The durable batches with a label, the oldest first, as far back as they are kept. */
  history(): AsyncIterable<LoggedBatch>;
  /** Waits until everything written is durable. */
  sync(): Promise<void>;
  /** A consistent copy into a directory that is empty or absent. */
  backup(directory: string): Promise<void>;
  stats(): StoreStats;
  /** Told of each group of batches that has become durable. */
  observer: StoreObserver | undefined;
  close(): Promise<void>;
}

export interface StoreObserver {
  /** @param ms that its durable write took */
  groupWritten(batches: number, ms: number): void;
}

export interface Space {
  readonly name: SpaceName;
  /** A small number, unique in this store: for maps and lock tags. */
  readonly id: number;
}

export interface KeyRange {
  /** Inclusive lower bound; absent: from the space's start. */
  readonly gte?: Uint8Array;
  /** Exclusive upper bound; absent: to the space's end. */
  readonly lt?: Uint8Array;
  readonly reverse?: boolean;
  /** At most so many entries; absent: all. */
  readonly limit?: number;
}

export interface Snapshot {
  get(space: Space, key: Uint8Array): MaybePromise<Uint8Array | undefined>;
  /** In the order of the keys; the values are copies, valid as long as the caller wants. */
  getMany(space: Space, keys: readonly Uint8Array[]): MaybePromise<readonly (Uint8Array | undefined)[]>;
  scan(space: Space, range: KeyRange): Scan;
  /** As `scan`, forwards and to the range's end, many entries at a time; undefined where that is not to be had: then `scan`. */
  scanBatches(space: Space, range: KeyRange): BatchScan | undefined;
  /** How many entries a range has, roughly and at once, without reading them; undefined where that is not to be had. */
  estimate(space: Space, range: KeyRange): number | undefined;
  release(): void;
}

/** A cursor over a range. Call `next` until it says false; `close` early or late, any number of times. */
export interface Scan {
  /** Moves to the next entry; false at the end. A promise only where the store has to wait. */
  next(): MaybePromise<boolean>;
  /** Valid after a `next` that said true, until the one after. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  close(): void;
}

export type WriteOperation =
  | { readonly op: 'put'; readonly space: Space; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly op: 'delete'; readonly space: Space; readonly key: Uint8Array }
  /** The one or the other: no value removes the key. */
  | { readonly op: 'write'; readonly space: Space; readonly key: Uint8Array; readonly value: Uint8Array | undefined }
  /** Removes all entries of a range (a whole space without bounds). */
  | { readonly op: 'delete range'; readonly space: Space; readonly gte?: Uint8Array; readonly lt?: Uint8Array };
export type WriteBatch = readonly WriteOperation[];

export interface WriteOptions {
  /** Called when `newest` sees the batch: at once, but while a large batch is under way; must not throw. */
  readonly ordered?: () => void;
  /** Called in the very moment from which snapshots see the batch, before anything else can take one; must not throw. */
  readonly visible?: () => void;
  /** Nobody else has done anything since the last write: the store may make others wait for this one, if that is quicker. */
  readonly isAlone?: boolean;
  /** What the writer wants to find with the batch in `history`. */
  readonly label?: Uint8Array;
}

/** A batch as `history` gives it: it names spaces, so that another store can apply it. */
export interface LoggedBatch {
  /** Higher than those of the batches before. */
  readonly number: number;
  readonly label: Uint8Array | undefined;
  /** False: the batch was larger than what is kept, and its changes are left out. */
  readonly isComplete: boolean;
  readonly changes: readonly LoggedChange[];
}
export type LoggedChange =
  | { readonly op: 'put'; readonly space: SpaceName; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly op: 'delete'; readonly space: SpaceName; readonly key: Uint8Array }
  | { readonly op: 'delete range'; readonly space: SpaceName; readonly gte?: Uint8Array; readonly lt?: Uint8Array };

export interface StoreStats {
  readonly engine: string;
  readonly entries: number;
  readonly sizeBytes: number;
  readonly openSnapshots: number;
  /** Durable groups written and batches in them since opening: their ratio is the group size. */
  readonly groups: number;
  readonly batches: number;
  /** How long all their durable writes took. */
  readonly writeMs: number;
}
