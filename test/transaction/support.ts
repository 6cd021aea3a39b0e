import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SystemClock } from '../../src/commons/clock.js';
import { storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { compileRowDecoder, encodeRow } from '../../src/store/row-codec.js';
import type { Scan, Space, Store } from '../../src/store/store.js';
import type { IsolationLevel, Transaction } from '../../src/transaction/transaction.js';
import {
  createTransactionManager,
  type LocalTransactionManager,
  type TransactionManagerOptions,
} from '../../src/transaction/transaction-manager.js';

export const TABLE = SpaceName.shared(storageId(16_384));
export const OTHER_TABLE = SpaceName.shared(storageId(16_385));
export const INDEX = SpaceName.index(storageId(16_386));

export const key = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
export const row = (value: string | number): Uint8Array => encodeRow([value]);
const decode = compileRowDecoder(1);
export const columnOf = (bytes: Uint8Array | undefined): unknown => (bytes === undefined ? undefined : decode(bytes)[0]);

/** A manager over a store of either kind, with what a test usually wants to say. */
export class Bench {
  readonly manager: LocalTransactionManager;
  readonly store: Store;
  readonly table: Space;
  #pid = 100;

  private constructor(store: Store, manager: LocalTransactionManager) {
    this.store = store;
    this.manager = manager;
    this.table = store.space(TABLE);
  }

  static async over(store: Store, options: Partial<TransactionManagerOptions> = {}): Promise<Bench> {
    const limits = { deadlockTimeoutMs: 20, ...options.limits };
    return new Bench(store, await createTransactionManager(store, { clock: new SystemClock(), ...options, limits }));
  }

  begin(isolation: IsolationLevel = 'read committed', readOnly = false): Transaction {
    return this.manager.begin({ isolation, readOnly, backendPid: this.#pid++ });
  }

  /** One command: all rows of the table as "key=value". */
  async rows(transaction: Transaction, space: Space = this.table): Promise<string[]> {
    const view = transaction.view();
    const rows = await drain(view.scan(space, {}));
    view.release();
    return rows;
  }

  /** The newest committed rows. */
  async committed(space: Space = this.table): Promise<string[]> {
    const transaction = this.begin();
    const rows = await this.rows(transaction, space);
    transaction.rollback();
    return rows;
  }

  async seed(...names: string[]): Promise<void> {
    const transaction = this.begin();
    for (const name of names) transaction.put(this.table, key(name), row(name));
    await transaction.commit();
  }

  async close(): Promise<void> {
    await this.manager.close();
    expect(this.store.stats().openSnapshots).toBe(0);
    await this.store.close();
  }
}

export async function drain(scan: Scan): Promise<string[]> {
  const rows: string[] = [];
  while (await scan.next()) rows.push(`${Buffer.from(scan.key).toString()}=${columnOf(scan.value)}`);
  scan.close();
  return rows;
}

/** Both kinds of store, each in a fresh place. */
export const STORES: Record<string, () => Promise<{ store: Store; cleanUp: () => void; directory: string }>> = {
  memory: async () => ({ store: new MemoryStore(), cleanUp: () => {}, directory: '' }),
  lmdb: async () => {
    const directory = freshDirectory();
    return { store: await openLmdbStore(directory), cleanUp: () => rmSync(directory, { recursive: true, force: true }), directory };
  },
};

export const freshDirectory = (): string => mkdtempSync(join(tmpdir(), 'kalamdb-transaction-'));
