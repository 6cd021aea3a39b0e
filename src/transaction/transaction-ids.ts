import { SpaceName } from '../commons/space-name.js';
import { SystemSpace } from '../commons/system-names.js';
import { compileRowDecoder, encodeRow } from '../store/row-codec.js';
import type { Space } from '../store/store.js';
import type { TransactionManager } from './transaction.js';

/** So many are reserved by one commit. */
const RESERVED = 2 ** 20;
/** Whoever is told one as an xid gets its lower half, as in PostgreSQL. */
const XID_RANGE = 2 ** 32;
const KEY = Buffer.of(1);

/**
 * Numbers of transactions (txid_current, xid8): increasing, and never the same twice, across restarts too. They are reserved ahead, and what was
 * reserved and not used is left out after a restart.
 */
export class TransactionIds {
  #last = 0;
  /** At this one the next are reserved. */
  #askAt = Number.POSITIVE_INFINITY;

  next(): number {
    if (++this.#last === this.#askAt) this.#ask();
    return this.#last;
  }

  /** Numbers up to this one are in use. */
  skipTo(id: number): void {
    if (id > this.#last) this.#last = id;
  }

  #ask: () => void = () => undefined;

  /** Goes on from where the last run of the server stopped. Before clients are let in. */
  async makeDurable(manager: TransactionManager): Promise<void> {
    const space = manager.store.space(SpaceName.system(SystemSpace.transactionIds));
    this.skipTo(await readReserved(manager, space));
    await reserve(manager, space, this.#last + RESERVED);
    this.#askAt = this.#last + RESERVED / 2;
    this.#ask = () => {
      const from = this.#askAt + RESERVED / 2;
      this.#askAt = from;
      // Half of what is reserved is left; a store that can't write fails everybody else too.
      reserve(manager, space, from + RESERVED).catch(() => undefined);
    };
  }
}

/** A transaction's number as an xid. */
export const xidOf = (id: number): number => id % XID_RANGE;

async function readReserved(manager: TransactionManager, space: Space): Promise<number> {
  const snapshot = manager.store.snapshot();
  try {
    // What the store hands out is to be decoded at once.
    const row = snapshot.get(space, KEY);
    return reservedIn(row instanceof Promise ? await row : row);
  } finally {
    snapshot.release();
  }
}

function reservedIn(row: Uint8Array | undefined): number {
  const [reserved] = row === undefined ? [0] : compileRowDecoder(1)(row);
  return Number(reserved);
}

async function reserve(manager: TransactionManager, space: Space, upTo: number): Promise<void> {
  const transaction = manager.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
  transaction.put(space, KEY, encodeRow([upTo]));
  await transaction.commit();
}
