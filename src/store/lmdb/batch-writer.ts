import { assert } from '../../commons/assert.js';
import { compareBytes, copyBytes } from '../bytes.js';
import type { Space, WriteOperation } from '../store.js';
import type { LmdbDatabase, StoredKey } from './binding.js';
import { LmdbSpace, REGISTRY_SPACE, SpaceRegistry } from './space-registry.js';

const NOTHING = new Uint8Array(0);

type DeleteRange = Extract<WriteOperation, { op: 'delete range' }>;

/** Hands a batch over to lmdb-js, which applies it on a thread of its own in one transaction. */
export class BatchWriter {
  readonly #database: LmdbDatabase;
  /** Keys in a range, in the state before the batch: what a range deletion removes. */
  readonly #keysIn: (space: Space, range: DeleteRange) => Uint8Array[];
  readonly #key: StoredKey = { space: 0, bytes: NOTHING };

  constructor(database: LmdbDatabase, keysIn: (space: Space, range: DeleteRange) => Uint8Array[]) {
    this.#database = database;
    this.#keysIn = keysIn;
  }

  async write(operations: Iterable<WriteOperation>): Promise<void> {
    const touched = new Map<LmdbSpace, boolean>();
    try {
      await this.#database.batch(() => this.#put(operations, touched));
    } catch (error) {
      for (const [space, wasRegistered] of touched) space.registered = wasRegistered;
      throw error;
    }
  }

  #put(operations: Iterable<WriteOperation>, touched: Map<LmdbSpace, boolean>): void {
    /** Puts of this batch, where a range deletion may have to see them. */
    const puts = new Map<LmdbSpace, Uint8Array[]>();
    const seesPuts = Array.isArray(operations) && operations.some(({ op }) => op === 'delete range');
    for (const operation of operations) {
      const space = operation.space;
      assert(space instanceof LmdbSpace, 'a space of another store');
      if (operation.op === 'delete range') this.#removeRange(space, operation, puts.get(space), touched);
      else if (operation.op === 'delete' || operation.value === undefined) this.#removeOne(space.id, operation.key);
      else {
        if (!space.registered) this.#register(space, touched);
        this.#putOne(space.id, operation.key, operation.value);
        if (seesPuts) listOf(puts, space).push(operation.key);
      }
    }
  }

  #register(space: LmdbSpace, touched: Map<LmdbSpace, boolean>): void {
    this.#putOne(REGISTRY_SPACE, SpaceRegistry.key(space), SpaceRegistry.value(space));
    if (!touched.has(space)) touched.set(space, space.registered);
    space.registered = true;
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

  #removeRange(space: LmdbSpace, range: DeleteRange, puts: readonly Uint8Array[] | undefined, touched: Map<LmdbSpace, boolean>): void {
    for (const key of this.#keysIn(space, range)) this.#removeOne(space.id, copyBytes(key));
    for (const key of puts ?? []) {
      const inside =
        (range.gte === undefined || compareBytes(key, range.gte) >= 0) && (range.lt === undefined || compareBytes(key, range.lt) < 0);
      if (inside) this.#removeOne(space.id, key);
    }
    if (range.gte === undefined && range.lt === undefined && space.registered) {
      this.#removeOne(REGISTRY_SPACE, SpaceRegistry.key(space));
      if (!touched.has(space)) touched.set(space, space.registered);
      space.registered = false;
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
