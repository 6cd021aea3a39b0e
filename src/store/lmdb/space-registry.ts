import { assert } from '../../commons/assert.js';
import type { SpaceName } from '../../commons/space-name.js';
import type { Space } from '../store.js';

/** The space that holds the registry itself: name → id (4 bytes, big-endian). */
export const REGISTRY_SPACE = 0;

export class LmdbSpace implements Space {
  readonly name: SpaceName;
  readonly id: number;
  /** Whether the registry on disk has it, or a batch before the one being built will have put it there. */
  registered: boolean;

  constructor(name: SpaceName, id: number, registered: boolean) {
    this.name = name;
    this.id = id;
    this.registered = registered;
  }
}

/** Names and numbers of spaces. Numbers are not used again while the process lives. */
export class SpaceRegistry {
  readonly #byName = new Map<SpaceName, LmdbSpace>();
  #lastId = REGISTRY_SPACE;

  /** An entry read from disk. */
  load(key: Uint8Array, value: Uint8Array): void {
    assert(value.length === 4, 'a damaged registry of spaces');
    const id = Buffer.from(value).readUInt32BE(0);
    // The names were written by this store, from values of this type.
    const name = Buffer.from(key).toString('utf8') as SpaceName;
    this.#byName.set(name, new LmdbSpace(name, id, true));
    if (id > this.#lastId) this.#lastId = id;
  }

  space(name: SpaceName): LmdbSpace {
    let space = this.#byName.get(name);
    if (space === undefined) {
      assert(this.#lastId < 0xfffffffe, 'no more numbers for spaces');
      space = new LmdbSpace(name, ++this.#lastId, false);
      this.#byName.set(name, space);
    }
    return space;
  }

  all(): Iterable<LmdbSpace> {
    return this.#byName.values();
  }

  static key(space: LmdbSpace): Uint8Array {
    return Buffer.from(space.name, 'utf8');
  }

  static value(space: LmdbSpace): Uint8Array {
    const value = Buffer.allocUnsafe(4);
    value.writeUInt32BE(space.id);
    return value;
  }
}
