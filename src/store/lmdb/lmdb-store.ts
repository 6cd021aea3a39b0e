import { mkdirSync, readdirSync } from 'node:fs';
import { assert } from '../../commons/assert.js';
import type { SpaceName } from '../../commons/space-name.js';
import { copyBytes } from '../bytes.js';
import type { Snapshot, Space, Store, StoreStats, WriteBatch } from '../store.js';
import { StoreOpenError } from '../store-open-error.js';
import { type LmdbDatabase, openLmdb, SPACE_BYTES } from './binding.js';
import { prepareDirectory } from './data-directory.js';
import { LmdbSnapshot, Reader, SharedTransaction } from './lmdb-snapshot.js';
import { refuseSecondProcess } from './single-process.js';
import { LmdbSpace, REGISTRY_SPACE, SpaceRegistry } from './space-registry.js';
import { WriteQueue } from './write-queue.js';

/**
 * Life of a batch: `write` → the queue's next group → one LMDB transaction on lmdb-js's thread → fdatasync, then the new root becomes
 * visible → the store's current read transaction is replaced → those who wait hear. Snapshots share the current read transaction, so they
 * see exactly what was durable; nothing reads a root that is not.
 *
 * All spaces lie in one B-tree, because opening thousands of named databases would cost every transaction time.
 */
export interface LmdbStoreOptions {
  /** Address space to set aside; the file is only as large as what is in it, and LMDB asks for more by itself. */
  readonly mapSizeBytes?: number;
  /** Read transactions of different states that may be open at a time. */
  readonly maxReaders?: number;
}

const DEFAULT_MAP_BYTES = 64 * 1024 ** 3;
const DEFAULT_READERS = 4096;

/**
 * @param directory made when absent
 * @throws StoreOpenError when it can't be used, is in use, or holds another format
 */
export async function openLmdbStore(directory: string, options: LmdbStoreOptions = {}): Promise<Store> {
  prepareDirectory(directory);
  let store: LmdbStore | undefined;
  const database = openDatabase(directory, options, () => {
    assert(store !== undefined, 'an entry was read before the store was there');
    return store.reader.sink;
  });
  try {
    refuseSecondProcess(database, directory, 'before reading');
    store = new LmdbStore(database, directory);
    refuseSecondProcess(database, directory, 'reading');
    store.load();
    return store;
  } catch (error) {
    await (store ?? database).close();
    throw error;
  }
}

function openDatabase(directory: string, options: LmdbStoreOptions, sink: () => Reader['sink']): LmdbDatabase {
  try {
    const mapSizeBytes = options.mapSizeBytes ?? DEFAULT_MAP_BYTES;
    return openLmdb({ path: directory, mapSizeBytes, maxReaders: options.maxReaders ?? DEFAULT_READERS }, sink);
  } catch (error) {
    throw new StoreOpenError(`data directory "${directory}" cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

class LmdbStore implements Store {
  readonly maxKeyBytes: number;
  readonly reader: Reader;
  readonly #database: LmdbDatabase;
  readonly #registry = new SpaceRegistry();
  readonly #queue: WriteQueue;
  /** There is always one: it also is what tells other processes that the directory is in use. */
  #current: SharedTransaction;
  #closing = false;

  constructor(database: LmdbDatabase, directory: string) {
    this.#database = database;
    this.maxKeyBytes = database.maxKeySize - SPACE_BYTES;
    this.reader = new Reader(database, this.maxKeyBytes);
    this.#current = new SharedTransaction(database.useReadTransaction());
    this.#queue = new WriteQueue(
      database,
      directory,
      () => this.#advance(),
      (space, { gte, lt }) => this.#keys(space, gte, lt),
    );
  }

  load(): void {
    const snapshot = this.snapshot();
    const scan = snapshot.scan({ id: REGISTRY_SPACE, name: '' as SpaceName }, {});
    while (scan.next() === true) this.#registry.load(scan.key, scan.value);
    snapshot.release();
  }

  space(name: SpaceName): Space {
    return this.#registry.space(name);
  }

  spaces(): readonly SpaceName[] {
    const snapshot = this.snapshot();
    const names: SpaceName[] = [];
    for (const space of this.#registry.all()) {
      const scan = snapshot.scan(space, { limit: 1 });
      if (scan.next() === true) names.push(space.name);
      scan.close();
    }
    snapshot.release();
    return names;
  }

  snapshot(): Snapshot {
    assert(!this.#closing, 'the store is closed');
    return new LmdbSnapshot(this.reader, this.#current);
  }

  write(batch: WriteBatch, visible?: () => void): Promise<void> {
    assert(!this.#closing, 'the store is closed');
    // A batch that fails half way while it is handed over could not be taken back.
    for (const operation of batch) {
      assert(operation.space instanceof LmdbSpace, 'a space of another store');
      if (operation.op === 'put' || operation.op === 'write') {
        const size = operation.key.length;
        assert(size > 0 && size <= this.maxKeyBytes, 'a key of a length that is not allowed');
      }
    }
    return this.#queue.write(batch, visible);
  }

  async sync(): Promise<void> {
    if (!this.#queue.idle) await this.#queue.write([]);
  }

  async backup(directory: string): Promise<void> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (readdirSync(directory).length > 0) throw new StoreOpenError(`directory "${directory}" is not empty`);
    prepareDirectory(directory);
    await this.#database.backup(directory, true);
  }

  stats(): StoreStats {
    const { entryCount, lastPageNumber, pageSize } = this.#database.getStats();
    return {
      engine: 'lmdb',
      entries: entryCount,
      sizeBytes: (lastPageNumber + 1) * pageSize,
      openSnapshots: this.reader.openSnapshots,
      groups: this.#queue.groups,
      batches: this.#queue.batches,
    };
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    await this.sync();
    this.#closing = true;
    this.reader.close();
    this.#current.supersede();
    await this.#database.close();
  }

  /** The new state becomes the one that snapshots see. */
  #advance(): void {
    const before = this.#current;
    this.#current = new SharedTransaction(this.#database.useReadTransaction());
    before.supersede();
  }

  #keys(space: Space, gte: Uint8Array | undefined, lt: Uint8Array | undefined): Uint8Array[] {
    const keys: Uint8Array[] = [];
    const snapshot = new LmdbSnapshot(this.reader, this.#current);
    const scan = snapshot.scan(space, { ...(gte !== undefined && { gte }), ...(lt !== undefined && { lt }) });
    while (scan.next() === true) keys.push(copyBytes(scan.key));
    snapshot.release();
    return keys;
  }
}
