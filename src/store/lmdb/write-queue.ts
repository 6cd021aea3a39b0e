import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { compareBytes, copyBytes } from '../bytes.js';
import type { Space, WriteBatch, WriteOperation } from '../store.js';
import type { LmdbDatabase, StoredKey } from './binding.js';
import { toStoreError } from './lmdb-errors.js';
import { LmdbSpace, REGISTRY_SPACE, SpaceRegistry } from './space-registry.js';

/** A group takes no further batch once it has this many operations. */
const GROUP_OPERATIONS = 50_000;
const NOTHING = new Uint8Array(0);

interface Waiting {
  readonly batch: WriteBatch;
  readonly visible: (() => void) | undefined;
  readonly resolve: () => void;
  readonly reject: (error: SqlError) => void;
}

type DeleteRange = Extract<WriteOperation, { op: 'delete range' }>;

/**
 * Group commit: one LMDB transaction at a time is under way on lmdb-js's thread; what arrives meanwhile, or in the same turn of the event
 * loop, is the next one. Waiting for the turn's end before starting keeps clients that answer at once together, which otherwise fall into
 * two groups, a small one and a large one, and pay two fdatasyncs.
 */
export class WriteQueue {
  readonly #database: LmdbDatabase;
  readonly #directory: string;
  /** Called when a group is durable, before those who wait for it hear. */
  readonly #committed: () => void;
  /** Keys in a range, in the state of the newest group: what a range deletion removes. */
  readonly #keysIn: (space: Space, range: DeleteRange) => Uint8Array[];
  readonly #key: StoredKey = { space: 0, bytes: NOTHING };
  #waiting: Waiting[] = [];
  #scheduled = false;
  #writing = false;
  #failure: SqlError | undefined;
  groups = 0;
  batches = 0;

  constructor(
    database: LmdbDatabase,
    directory: string,
    committed: () => void,
    keysIn: (space: Space, range: DeleteRange) => Uint8Array[],
  ) {
    this.#database = database;
    this.#directory = directory;
    this.#committed = committed;
    this.#keysIn = keysIn;
  }

  get idle(): boolean {
    return !this.#writing && this.#waiting.length === 0;
  }

  write(batch: WriteBatch, visible?: () => void): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, visible, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#writing || this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#writeGroup();
    });
  }

  async #writeGroup(): Promise<void> {
    const group = this.#takeGroup();
    const touched = new Set<LmdbSpace>();
    this.#writing = true;
    try {
      if (group.some(({ batch }) => batch.length > 0)) await this.#database.batch(() => this.#put(group, touched));
      this.groups++;
      this.batches += group.length;
      this.#committed();
      for (const { visible } of group) visible?.();
      for (const { resolve } of group) resolve();
    } catch (failure) {
      // The registry on disk may lack what this group would have written: the next write of these spaces writes it again.
      for (const space of touched) space.registered = false;
      const error = await toStoreError(failure, this.#directory, sizeOf(group));
      if (error.code !== SqlState.diskFull) this.#fail(error);
      for (const { reject } of group) reject(error);
    } finally {
      this.#writing = false;
    }
    if (this.#waiting.length > 0) this.#schedule();
  }

  /**
   * After an I/O error nobody knows what the disk holds, and a second fdatasync may claim success for pages that the first one lost: no more
   * writes until the server is started again.
   */
  #fail(error: SqlError): void {
    this.#failure = new SqlError(SqlState.ioError, `the store takes no more writes after an error: ${error.message}`, {
      hint: 'Restart the server.',
    });
    for (const { reject } of this.#waiting) reject(this.#failure);
    this.#waiting = [];
  }

  #takeGroup(): readonly Waiting[] {
    let operations = 0;
    let size = 0;
    while (size < this.#waiting.length && operations < GROUP_OPERATIONS) operations += this.#waiting[size++]?.batch.length ?? 0;
    return this.#waiting.splice(0, size);
  }

  #put(group: readonly Waiting[], touched: Set<LmdbSpace>): void {
    /** Puts of this group, kept only where a range deletion of the group has to see them. */
    const puts = group.some(({ batch }) => batch.some(({ op }) => op === 'delete range')) ? new Map<LmdbSpace, Uint8Array[]>() : undefined;
    for (const { batch } of group) {
      for (const operation of batch) {
        const space = operation.space;
        assert(space instanceof LmdbSpace, 'a space of another store');
        if (operation.op === 'delete range') this.#removeRange(space, operation, puts, touched);
        else if (operation.op === 'delete' || operation.value === undefined) this.#removeOne(space.id, operation.key);
        else {
          if (!space.registered) this.#register(space, touched);
          this.#putOne(space.id, operation.key, operation.value);
          if (puts !== undefined) listOf(puts, space).push(operation.key);
        }
      }
    }
  }

  #register(space: LmdbSpace, touched: Set<LmdbSpace>): void {
    this.#putOne(REGISTRY_SPACE, SpaceRegistry.key(space), SpaceRegistry.value(space));
    space.registered = true;
    touched.add(space);
  }

  #putOne(space: number, key: Uint8Array, value: Uint8Array): void {
    this.#key.space = space;
    this.#key.bytes = key;
    this.#database.put(this.#key, value);
  }

  #removeOne(space: number, key: Uint8Array): void {
    this.#key.space = space;
    this.#key.bytes = key;
    this.#database.remove(this.#key);
  }

  #removeRange(space: LmdbSpace, range: DeleteRange, puts: Map<LmdbSpace, Uint8Array[]> | undefined, touched: Set<LmdbSpace>): void {
    for (const key of this.#keysIn(space, range)) this.#removeOne(space.id, copyBytes(key));
    for (const key of puts?.get(space) ?? []) {
      const inside =
        (range.gte === undefined || compareBytes(key, range.gte) >= 0) && (range.lt === undefined || compareBytes(key, range.lt) < 0);
      if (inside) this.#removeOne(space.id, key);
    }
    if (range.gte === undefined && range.lt === undefined && space.registered) {
      this.#removeOne(REGISTRY_SPACE, SpaceRegistry.key(space));
      space.registered = false;
      touched.add(space);
    }
  }
}

function listOf(map: Map<LmdbSpace, Uint8Array[]>, space: LmdbSpace): Uint8Array[] {
  let list = map.get(space);
  if (list === undefined) {
    list = [];
    map.set(space, list);
  }
  return list;
}

function sizeOf(group: readonly Waiting[]): number {
  let sizeBytes = 0;
  for (const { batch } of group) for (const operation of batch) if ('value' in operation) sizeBytes += operation.value?.length ?? 0;
  return sizeBytes;
}
