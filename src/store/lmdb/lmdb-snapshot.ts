import { assert } from '../../commons/assert.js';
import { type Placed, PlacedList } from '../../commons/placed-list.js';
import { copyBytes } from '../bytes.js';
import type { BatchScan } from '../entry-batch.js';
import type { KeyRange, Scan, Snapshot, Space } from '../store.js';
import {
  type LmdbDatabase,
  type RangeOptions,
  type ReadOptions,
  type ReadTransaction,
  SPACE_BYTES,
  type StoredKey,
  storedKey,
} from './binding.js';
import type { PageFile, TreeRoot } from './page-file.js';
import { PrefixViews, ScanBuffer } from './scan-buffer.js';
import { estimateEntries } from './tree-estimate.js';
import { TreeScan } from './tree-scan.js';

const NOTHING = new Uint8Array(0);
const POOLED_SCAN_BUFFERS = 32;

/** A read transaction that all snapshots share which are taken between two commits. */
export class SharedTransaction {
  readonly options: ReadOptions;
  /** Where its tree begins, for who reads pages. */
  readonly root: TreeRoot | undefined;
  readonly #transaction: ReadTransaction;
  #holders = 0;
  /** A newer one is current: it ends with its last holder. */
  #superseded = false;

  constructor(transaction: ReadTransaction, root: TreeRoot | undefined) {
    this.#transaction = transaction;
    this.options = { transaction };
    this.root = root;
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    this.#holders--;
    if (this.#superseded && this.#holders === 0) this.#transaction.done();
  }

  supersede(): void {
    this.#superseded = true;
    if (this.#holders === 0) this.#transaction.done();
  }
}

/** What all snapshots of a store read with. */
export class Reader {
  readonly database: LmdbDatabase;
  readonly maxKeyBytes: number;
  /** undefined: there are only cursors. */
  readonly pages: PageFile | undefined;
  readonly #views = new PrefixViews();
  readonly #key: StoredKey = { space: 0, bytes: NOTHING };
  readonly #pool: ScanBuffer[] = [];
  /** Receives the entry that a cursor is moved to. */
  sink: ScanBuffer = new ScanBuffer();
  readonly #snapshots = new PlacedList<LmdbSnapshot>();
  #closed = false;

  constructor(database: LmdbDatabase, maxKeyBytes: number, pages: PageFile | undefined) {
    this.database = database;
    this.maxKeyBytes = maxKeyBytes;
    this.pages = pages;
  }

  get(space: Space, key: Uint8Array, options: ReadOptions): Uint8Array | undefined {
    // A key that could not have been written is not there.
    if (key.length > this.maxKeyBytes) return undefined;
    this.#key.space = space.id;
    this.#key.bytes = key;
    const bytes = this.database.getBinaryFast(this.#key, options);
    return bytes === undefined ? undefined : this.#views.of(bytes, this.database.lastSize);
  }

  get openSnapshots(): number {
    return this.#snapshots.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  opened(snapshot: LmdbSnapshot): void {
    this.#snapshots.add(snapshot);
  }

  released(snapshot: LmdbSnapshot): void {
    this.#snapshots.remove(snapshot);
  }

  /** Ends all snapshots: nothing may touch the environment once it is closed. */
  close(): void {
    for (const snapshot of this.#snapshots.all()) snapshot.release();
    this.#closed = true;
    this.pages?.close();
  }

  borrowBuffer(): ScanBuffer {
    return this.#pool.pop() ?? new ScanBuffer();
  }

  returnBuffer(buffer: ScanBuffer): void {
    if (this.#pool.length < POOLED_SCAN_BUFFERS) this.#pool.push(buffer);
  }
}

export class LmdbSnapshot implements Snapshot, Placed {
  place = -1;
  readonly #reader: Reader;
  readonly #transaction: SharedTransaction;
  readonly #options: ReadOptions;
  #scans: Set<{ close(): void }> | undefined;
  #open = true;

  constructor(reader: Reader, transaction: SharedTransaction) {
    this.#reader = reader;
    this.#transaction = transaction;
    this.#options = transaction.options;
    transaction.hold();
    reader.opened(this);
  }

  get(space: Space, key: Uint8Array): Uint8Array | undefined {
    assert(this.#open, 'a read from a snapshot that is released');
    return this.#reader.get(space, key, this.#options);
  }

  getMany(space: Space, keys: readonly Uint8Array[]): readonly (Uint8Array | undefined)[] {
    return keys.map((key) => {
      const value = this.get(space, key);
      return value === undefined ? undefined : copyBytes(value);
    });
  }

  scan(space: Space, range: KeyRange): Scan {
    assert(this.#open, 'a scan of a snapshot that is released');
    this.#scans ??= new Set();
    const scan = new LmdbScan(this.#reader, space, range, this.#options, this.#scans);
    this.#scans.add(scan);
    return scan;
  }

  scanBatches(space: Space, { gte, lt }: KeyRange): BatchScan | undefined {
    assert(this.#open, 'a scan of a snapshot that is released');
    const { root } = this.#transaction;
    const { pages } = this.#reader;
    if (root === undefined || pages === undefined) return undefined;
    const bounds = { ...storedBounds(space, gte, lt), prefixBytes: SPACE_BYTES };
    this.#scans ??= new Set();
    const scans = this.#scans;
    const scan = new TreeScan(pages, root, bounds, (closed) => scans.delete(closed));
    scans.add(scan);
    return scan;
  }

  estimate(space: Space, { gte, lt }: KeyRange): number | undefined {
    const { root } = this.#transaction;
    const { pages } = this.#reader;
    if (root === undefined || pages === undefined) return undefined;
    const { from, to } = storedBounds(space, gte, lt);
    return estimateEntries(pages, root, from, to);
  }

  release(): void {
    // The store may have ended it when it was closed.
    if (!this.#open && this.#reader.closed) return;
    assert(this.#open, 'a snapshot is released twice');
    this.#open = false;
    // A cursor must not outlive its transaction.
    if (this.#scans !== undefined) for (const scan of this.#scans) scan.close();
    this.#reader.released(this);
    this.#transaction.release();
  }
}

function storedBounds(space: Space, gte: Uint8Array | undefined, lt: Uint8Array | undefined) {
  return { from: storedKey(space.id, gte ?? NOTHING), to: lt === undefined ? storedKey(space.id + 1, NOTHING) : storedKey(space.id, lt) };
}

class LmdbScan implements Scan {
  readonly #reader: Reader;
  readonly #siblings: Set<{ close(): void }>;
  readonly #entries: Iterator<unknown>;
  #buffer: ScanBuffer | undefined;
  #left: number;

  constructor(reader: Reader, space: Space, range: KeyRange, options: ReadOptions, siblings: Set<{ close(): void }>) {
    this.#reader = reader;
    this.#siblings = siblings;
    this.#left = range.limit ?? Number.POSITIVE_INFINITY;
    this.#entries = reader.database.getRange(rangeOptions(space, range, options, reader.maxKeyBytes))[Symbol.iterator]();
    this.#buffer = reader.borrowBuffer();
  }

  next(): boolean {
    const buffer = this.#buffer;
    if (buffer === undefined) return false;
    if (this.#left-- <= 0) {
      this.close();
      return false;
    }
    this.#reader.sink = buffer;
    if (this.#entries.next().done !== true) return true;
    this.#forget(buffer);
    return false;
  }

  get key(): Uint8Array {
    return this.#buffer?.currentKey ?? NOTHING;
  }

  get value(): Uint8Array {
    return this.#buffer?.currentValue ?? NOTHING;
  }

  close(): void {
    const buffer = this.#buffer;
    if (buffer === undefined) return;
    this.#entries.return?.();
    this.#forget(buffer);
  }

  #forget(buffer: ScanBuffer): void {
    this.#buffer = undefined;
    this.#siblings.delete(this);
    this.#reader.returnBuffer(buffer);
  }
}

/**
 * A bound longer than any key is cut to the longest key, which then is on the other side of the bound than it was: what is above the bound
 * is exactly what is above the cut one, and so on.
 */
function rangeOptions(space: Space, range: KeyRange, options: ReadOptions, maxKeyBytes: number): RangeOptions {
  const { gte, lt } = range;
  const gteCut = gte !== undefined && gte.length > maxKeyBytes;
  const ltCut = lt !== undefined && lt.length > maxKeyBytes;
  const low: StoredKey = { space: space.id, bytes: gte === undefined ? NOTHING : gteCut ? gte.subarray(0, maxKeyBytes) : gte };
  const high: StoredKey =
    lt === undefined ? { space: space.id + 1, bytes: NOTHING } : { space: space.id, bytes: ltCut ? lt.subarray(0, maxKeyBytes) : lt };
  return range.reverse === true
    ? { start: high, end: low, reverse: true, exclusiveStart: !ltCut, inclusiveEnd: !gteCut, transaction: options.transaction }
    : { start: low, end: high, reverse: false, exclusiveStart: gteCut, inclusiveEnd: ltCut, transaction: options.transaction };
}
