import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { assert } from '../../commons/assert.js';
import type { SpaceName } from '../../commons/space-name.js';
import { copyBytes } from '../bytes.js';
import type { Engine, EnginePin, EngineStats } from '../log/engine.js';
import type { Snapshot, Space, WriteOperation } from '../store.js';
import { StoreOpenError } from '../store-open-error.js';
import { BatchWriter } from './batch-writer.js';
import { type LmdbDatabase, openLmdb, SPACE_BYTES } from './binding.js';
import { DATA_FILE, LOCK_FILE, prepareDirectory } from './data-directory.js';
import { toStoreError } from './lmdb-errors.js';
import { LmdbSnapshot, Reader, SharedTransaction } from './lmdb-snapshot.js';
import { PageFile } from './page-file.js';
import { refuseSecondProcess } from './single-process.js';
import { REGISTRY_SPACE, SpaceRegistry } from './space-registry.js';

/**
 * LMDB under the log. It never syncs by itself: a batch is a transaction that is visible when it is committed, and a checkpoint makes all
 * of them durable at once.
 *
 * What makes that safe: LMDB never writes over a page that a read transaction can see, and the root of everything is in its two meta pages.
 * A pin holds a read transaction on its state and has a copy of the meta pages (the anchor). So after a crash, in whatever order the kernel
 * wrote what came later, putting the anchor back gives exactly the pinned state.
 *
 * All spaces lie in one B-tree, because opening thousands of named databases would cost every transaction time.
 */
export interface LmdbOptions {
  /** Address space to set aside; the file is only as large as what is in it, and LMDB asks for more by itself. */
  readonly mapSizeBytes?: number;
  /** Read transactions of different states that may be open at a time. */
  readonly maxReaders?: number;
}

const DEFAULT_MAP_BYTES = 256 * 1024 ** 3;
const DEFAULT_READERS = 4096;
const META_PAGES = 2;

/** @param anchor of a pin; undefined: what is there is of a start that was never finished */
export async function openLmdbEngine(
  directory: string,
  anchor: Uint8Array | undefined,
  options: LmdbOptions,
  closed: () => void,
): Promise<Engine> {
  if (anchor === undefined) removeFiles(directory);
  else putBack(directory, anchor);
  let engine: LmdbEngine | undefined;
  const database = openDatabase(directory, options, () => {
    assert(engine !== undefined, 'an entry was read before the engine was there');
    return engine.reader.sink;
  });
  try {
    refuseSecondProcess(database, directory, 'before reading');
    engine = new LmdbEngine(database, directory, closed);
    refuseSecondProcess(database, directory, 'reading');
    engine.load();
    return engine;
  } catch (error) {
    await (engine ?? database).close();
    throw error;
  }
}

function openDatabase(directory: string, options: LmdbOptions, sink: () => Reader['sink']): LmdbDatabase {
  try {
    const mapSizeBytes = options.mapSizeBytes ?? DEFAULT_MAP_BYTES;
    return openLmdb({ path: directory, mapSizeBytes, maxReaders: options.maxReaders ?? DEFAULT_READERS }, sink);
  } catch (error) {
    throw new StoreOpenError(`data directory "${directory}" cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}

class LmdbEngine implements Engine {
  readonly name = 'lmdb';
  readonly maxKeyBytes: number;
  readonly reader: Reader;
  readonly #database: LmdbDatabase;
  readonly #directory: string;
  readonly #closed: () => void;
  readonly #registry = new SpaceRegistry();
  readonly #writer: BatchWriter;
  /** There is always one: it also is what tells other processes that the directory is in use. */
  #current: SharedTransaction;
  #isApplying = false;
  #isClosed = false;
  #pinnedBytes = 0;

  constructor(database: LmdbDatabase, directory: string, closed: () => void) {
    this.#database = database;
    this.#directory = directory;
    this.#closed = closed;
    this.maxKeyBytes = database.maxKeySize - SPACE_BYTES;
    this.reader = new Reader(database, this.maxKeyBytes, PageFile.open(join(directory, DATA_FILE)));
    this.#current = new SharedTransaction(database.useReadTransaction(), this.reader.pages?.newestRoot());
    this.#writer = new BatchWriter(database, (space, { gte, lt }) => this.#keys(space, gte, lt));
    this.#pinnedBytes = this.#sizeBytes;
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

  knownSpaces(): Iterable<Space> {
    return this.#registry.all();
  }

  snapshot(): Snapshot {
    return new LmdbSnapshot(this.reader, this.#current);
  }

  async apply(operations: Iterable<WriteOperation>, sizeBytes: number): Promise<void> {
    assert(!this.#isApplying && !this.#isClosed, 'two batches are applied at once');
    this.#isApplying = true;
    try {
      await this.#writer.write(operations);
    } catch (failure) {
      throw await toStoreError(failure, this.#directory, sizeBytes);
    } finally {
      this.#isApplying = false;
    }
  }

  advance(): void {
    const before = this.#current;
    this.#current = new SharedTransaction(this.#database.useReadTransaction(), this.reader.pages?.newestRoot());
    before.supersede();
  }

  pin(): EnginePin {
    assert(!this.#isApplying, 'a state is pinned while it changes');
    const transaction = this.#database.useReadTransaction();
    const anchor = readMetaPages(this.#directory, this.#database.getStats().pageSize);
    this.#pinnedBytes = this.#sizeBytes;
    return {
      anchor,
      sync: () => syncFile(join(this.#directory, DATA_FILE)),
      release: () => {
        if (!this.#isClosed) transaction.done();
      },
    };
  }

  get grownBytes(): number {
    return this.#sizeBytes - this.#pinnedBytes;
  }

  get #sizeBytes(): number {
    const { lastPageNumber, pageSize } = this.#database.getStats();
    return (lastPageNumber + 1) * pageSize;
  }

  async backup(directory: string): Promise<Uint8Array> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (readdirSync(directory).length > 0) throw new StoreOpenError(`directory "${directory}" is not empty`);
    prepareDirectory(directory);
    await this.#database.backup(directory, true);
    await syncFile(join(directory, DATA_FILE));
    return readMetaPages(directory, this.#database.getStats().pageSize);
  }

  stats(): EngineStats {
    return { entries: this.#database.getStats().entryCount, sizeBytes: this.#sizeBytes, openSnapshots: this.reader.openSnapshots };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.reader.close();
    this.#current.supersede();
    await this.#database.close();
    this.#closed();
  }

  #keys(space: Space, gte: Uint8Array | undefined, lt: Uint8Array | undefined): Uint8Array[] {
    const keys: Uint8Array[] = [];
    const snapshot = this.snapshot();
    const scan = snapshot.scan(space, { ...(gte !== undefined && { gte }), ...(lt !== undefined && { lt }) });
    while (scan.next() === true) keys.push(copyBytes(scan.key));
    snapshot.release();
    return keys;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

function readMetaPages(directory: string, pageSize: number): Uint8Array {
  const pages = Buffer.alloc(pageSize * META_PAGES);
  const file = openSync(join(directory, DATA_FILE), 'r');
  try {
    const read = readSync(file, pages, 0, pages.length, 0);
    assert(read === pages.length, 'a data file without its meta pages');
  } finally {
    closeSync(file);
  }
  return pages;
}

function putBack(directory: string, anchor: Uint8Array): void {
  const file = openSync(join(directory, DATA_FILE), 'r+');
  try {
    writeSync(file, anchor, 0, anchor.length, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function removeFiles(directory: string): void {
  for (const name of [DATA_FILE, LOCK_FILE]) if (existsSync(join(directory, name))) unlinkSync(join(directory, name));
}
