import pg from 'pg';
import { Random } from '../../fuzz/random.js';
import type { Connection } from '../scenario-session.js';
import type { FinalLists, HistoryTransaction, Level, Operation } from './history.js';

/** Lists that are appended to at a time; when one is long enough, another takes its place. */
const ACTIVE_KEYS = 10;
const APPENDS_PER_KEY = 60;
const MAX_OPERATIONS = 4;

/** A transaction that its client has begun to commit in two phases. `asked`: COMMIT PREPARED was sent. */
interface TwoPhases {
  readonly gid: string;
  readonly transaction: HistoryTransaction;
  asked: boolean;
}

/** Clients that append to lists and read them, and remember what they did and saw. Some of their transactions commit in two phases. */
export class ListAppend {
  readonly history: HistoryTransaction[] = [];
  readonly #connection: Connection;
  readonly #level: Level;
  readonly #seed: number;
  /** By client. */
  readonly #pending = new Map<number, TwoPhases>();
  #stopped = false;
  #nextValue = 1;

  constructor(connection: Connection, level: Level, seed: number) {
    this.#connection = connection;
    this.#level = level;
    this.#seed = seed;
  }

  static async createTable(connection: Connection): Promise<void> {
    const client = new pg.Client(connection);
    await client.connect();
    await client.query('DROP TABLE IF EXISTS lists; CREATE TABLE lists (key int PRIMARY KEY, items int[] NOT NULL)');
    await client.end();
  }

  get committed(): number {
    return this.history.filter(({ outcome }) => outcome === 'committed').length;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One client's work until `stop`, over as many connections as it takes. */
  async run(client: number): Promise<void> {
    const random = new Random(this.#seed * 1000 + client);
    while (!this.#stopped || this.#pending.has(client)) {
      const connection = new pg.Client(this.#connection);
      // Broken connections show in the statement that is under way.
      connection.on('error', () => undefined);
      try {
        await connection.connect();
        await this.#resolve(connection, client);
        await connection.query(`SET deadlock_timeout = '5ms'`);
        while (!this.#stopped) await this.#transaction(connection, client, random);
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      } finally {
        connection.end().catch(() => undefined);
      }
    }
  }

  /** @throws when the connection is lost */
  async #transaction(connection: pg.Client, client: number, random: Random): Promise<void> {
    const transaction: HistoryTransaction = {
      name: `T${this.history.length}(c${client})`,
      operations: [],
      outcome: 'aborted',
      began: performance.now(),
      ended: 0,
    };
    this.history.push(transaction);
    try {
      await connection.query(`BEGIN ISOLATION LEVEL ${this.#level}`);
      for (let left = 1 + random.below(MAX_OPERATIONS); left > 0; left--) {
        transaction.operations.push(...(await this.#operation(connection, random, transaction.operations)));
      }
      if (random.chance(0.25)) {
        await this.#commitInTwoPhases(connection, client, transaction);
        return;
      }
      // From here on nobody knows until the answer is there.
      transaction.outcome = 'unknown';
      const { command } = await connection.query('COMMIT');
      transaction.ended = performance.now();
      transaction.outcome = command === 'COMMIT' ? 'committed' : 'aborted';
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL') throw error;
      transaction.outcome = 'aborted';
      await connection.query('ROLLBACK');
    }
  }

  async #commitInTwoPhases(connection: pg.Client, client: number, transaction: HistoryTransaction): Promise<void> {
    const pending: TwoPhases = { gid: transaction.name, transaction, asked: false };
    this.#pending.set(client, pending);
    try {
      await connection.query(`PREPARE TRANSACTION '${pending.gid}'`);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.severity !== 'FATAL') this.#pending.delete(client);
      throw error;
    }
    await this.#commitPrepared(connection, client, pending);
  }

  async #commitPrepared(connection: pg.Client, client: number, pending: TwoPhases): Promise<void> {
    pending.asked = true;
    await connection.query(`COMMIT PREPARED '${pending.gid}'`);
    this.#ended(client, pending, 'committed');
  }

  /** After the connection was lost in between. */
  async #resolve(connection: pg.Client, client: number): Promise<void> {
    const pending = this.#pending.get(client);
    if (pending === undefined) return;
    const { rows } = await connection.query('SELECT FROM pg_prepared_xacts WHERE gid = $1', [pending.gid]);
    if (rows.length > 0) await this.#commitPrepared(connection, client, pending);
    else this.#ended(client, pending, pending.asked ? 'committed' : 'aborted');
  }

  #ended(client: number, { transaction }: TwoPhases, outcome: 'committed' | 'aborted'): void {
    this.#pending.delete(client);
    transaction.ended = performance.now();
    transaction.outcome = outcome;
  }

  async #operation(connection: pg.Client, random: Random, before: readonly Operation[]): Promise<readonly Operation[]> {
    const oldest = Math.floor(this.#nextValue / APPENDS_PER_KEY);
    const key = oldest + random.below(ACTIVE_KEYS);
    if (random.chance(0.5)) return [await append(connection, key, this.#nextValue++, random)];
    if (random.chance(0.3)) return readRange(connection, oldest, oldest + ACTIVE_KEYS - 1);
    // A locking read shows the newest version, so it is one of the snapshot's only where nothing was read before.
    const locks = this.#level === 'READ COMMITTED' || before.length === 0;
    return [await readOne(connection, key, locks && random.chance(0.2) ? ' FOR UPDATE' : '')];
  }

  async finalLists(): Promise<FinalLists> {
    const client = new pg.Client(this.#connection);
    await client.connect();
    const { rows } = await client.query<{ key: number; items: number[] }>('SELECT key, items FROM lists ORDER BY key');
    await client.end();
    return new Map(rows.map(({ key, items }) => [key, items]));
  }
}

async function append(connection: pg.Client, key: number, value: number, random: Random): Promise<Operation> {
  const operation: Operation = { kind: 'append', key, value };
  if (random.chance(0.5)) {
    const { rowCount } = await connection.query('UPDATE lists SET items = items || $2::int WHERE key = $1', [key, value]);
    if (rowCount === 1) return operation;
  }
  await connection.query(
    'INSERT INTO lists AS l VALUES ($1, ARRAY[$2::int]) ON CONFLICT (key) DO UPDATE SET items = l.items || excluded.items',
    [key, value],
  );
  return operation;
}

async function readOne(connection: pg.Client, key: number, suffix: string): Promise<Operation> {
  const { rows } = await connection.query<{ items: number[] }>(`SELECT items FROM lists WHERE key = $1${suffix}`, [key]);
  return { kind: 'read', key, values: rows[0]?.items ?? [] };
}

/** Also says of lists that are not there that they are empty. */
async function readRange(connection: pg.Client, from: number, to: number): Promise<readonly Operation[]> {
  const { rows } = await connection.query<{ key: number; items: number[] }>(
    'SELECT key, items FROM lists WHERE key BETWEEN $1 AND $2 ORDER BY key',
    [from, to],
  );
  const lists = new Map(rows.map(({ key, items }) => [key, items]));
  return Array.from({ length: to - from + 1 }, (_, i) => ({ kind: 'read', key: from + i, values: lists.get(from + i) ?? [] }));
}
