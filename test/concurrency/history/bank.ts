import pg from 'pg';
import { Random } from '../../fuzz/random.js';
import type { Connection } from '../scenario-session.js';
import type { Level } from './history.js';

const ACCOUNTS = 10;
const OPENING_BALANCE = 1000;
export const BANK_TOTAL = ACCOUNTS * OPENING_BALANCE;

const LEVELS: readonly Level[] = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'];

/** Clients that move money between accounts, and look at the sum of all of them: it never changes. */
export class Bank {
  readonly problems: string[] = [];
  committed = 0;
  readonly #connection: Connection;
  readonly #seed: number;
  #stopped = false;

  constructor(connection: Connection, seed: number) {
    this.#connection = connection;
    this.#seed = seed;
  }

  async open(): Promise<void> {
    await this.#with((client) =>
      client.query(`
        DROP TABLE IF EXISTS account;
        CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0));
        INSERT INTO account SELECT i, ${OPENING_BALANCE} FROM generate_series(1, ${ACCOUNTS}) AS i`),
    );
  }

  stop(): void {
    this.#stopped = true;
  }

  async total(): Promise<number> {
    return this.#with(async (client) => Number((await client.query('SELECT sum(balance) AS total FROM account')).rows[0]?.total));
  }

  async run(client: number): Promise<void> {
    const random = new Random(this.#seed * 1000 + 500 + client);
    while (!this.#stopped) {
      await this.#with(async (connection) => {
        await connection.query(`SET deadlock_timeout = '5ms'`);
        while (!this.#stopped) await this.#transaction(connection, LEVELS[client % LEVELS.length] ?? 'READ COMMITTED', random);
      }).catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
    }
  }

  async #with<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(this.#connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      client.end().catch(() => undefined);
    }
  }

  async #transaction(client: pg.Client, level: Level, random: Random): Promise<void> {
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${level}`);
      if (random.chance(0.3)) await this.#look(client, level);
      else await transfer(client, level, random);
      if ((await client.query('COMMIT')).command === 'COMMIT') this.committed++;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL') throw error;
      await client.query('ROLLBACK');
    }
  }

  async #look(client: pg.Client, level: Level): Promise<void> {
    const { rows } = await client.query<{ total: string }>('SELECT sum(balance) AS total FROM account');
    let total = Number(rows[0]?.total);
    if (total !== BANK_TOTAL) this.problems.push(`${level}: the sum was ${total}`);
    if (level === 'READ COMMITTED') return;
    total = 0;
    for (let id = 1; id <= ACCOUNTS; id++) {
      total += Number((await client.query('SELECT balance FROM account WHERE id = $1', [id])).rows[0]?.balance);
    }
    if (total !== BANK_TOTAL) this.problems.push(`${level}: one by one the sum was ${total}`);
  }
}

/** READ COMMITTED changes what is there; the others compute from what they have read. */
async function transfer(client: pg.Client, level: Level, random: Random): Promise<void> {
  const from = 1 + random.below(ACCOUNTS);
  const to = 1 + random.below(ACCOUNTS);
  const amount = 1 + random.below(50);
  if (from === to) return;
  if (level === 'READ COMMITTED') {
    await client.query('UPDATE account SET balance = balance - $2 WHERE id = $1', [from, amount]);
    await client.query('UPDATE account SET balance = balance + $2 WHERE id = $1', [to, amount]);
    return;
  }
  const { rows } = await client.query<{ id: number; balance: number }>('SELECT id, balance FROM account WHERE id IN ($1, $2)', [from, to]);
  const balances = new Map(rows.map(({ id, balance }) => [id, balance]));
  await client.query('UPDATE account SET balance = $2 WHERE id = $1', [from, (balances.get(from) ?? 0) - amount]);
  await client.query('UPDATE account SET balance = $2 WHERE id = $1', [to, (balances.get(to) ?? 0) + amount]);
}
