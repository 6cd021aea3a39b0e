import type { ObjectNumbers } from '../catalog/index.js';
import { FIRST_USER_OID, type StorageId, storageId } from '../commons/ids.js';
import type { SequenceDefinition } from '../transaction/sequence-definition.js';
import type { SequenceStore } from '../transaction/sequences.js';

/** Storage ids below this are the counters' own. */
const FIRST_STORAGE = 100;
const OID_COUNTER = storageId(1);
const STORAGE_COUNTER = storageId(2);
const MAX_OID = 2n ** 32n - 1n;

/** Numbers of new objects, and hidden row ids: counters in the sequence store, so that none comes twice across restarts. */
export class CountedNumbers implements ObjectNumbers {
  readonly #sequences: SequenceStore;
  readonly #oids = counter('oid', BigInt(FIRST_USER_OID), MAX_OID);
  readonly #storages = counter('storage', BigInt(FIRST_STORAGE));
  readonly #rows = counter('row', 1n);

  constructor(sequences: SequenceStore) {
    this.#sequences = sequences;
  }

  nextOid(): number {
    return Number(this.#sequences.nextval(OID_COUNTER, this.#oids));
  }

  nextStorage(): StorageId {
    return storageId(Number(this.#sequences.nextval(STORAGE_COUNTER, this.#storages)));
  }

  /** The next hidden row id of a table. */
  nextRow(storage: StorageId): number {
    return Number(this.#sequences.nextval(storage, this.#rows));
  }
}

function counter(name: string, start: bigint, max = BigInt(Number.MAX_SAFE_INTEGER)): SequenceDefinition {
  return { name, start, increment: 1n, min: start, max, cycle: false, cache: 1n };
}
