import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Random } from '../../fuzz/random.js';
import type { Connection } from '../scenario-session.js';
import type { Level } from './history.js';

const ACCOUNTS = 40;
const OPENING_BALANCE = 1000;
export const TWO_PHASE_TOTAL = ACCOUNTS * OPENING_BALANCE;

const LEVELS: readonly Level[] = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'];

/** A transfer that its client has begun to prepare. */
interface Transfer {
  readonly gid: string;
  readonly commits: boolean;
  /** `preparing` and `finishing`: asked for and not answered. */
  state: 'preparing' | 'prepared' | 'finishing' | 'finished' | 'never';
}

/**
 * Transfers in two phases, with a coordinator that never forgets: what was prepared is there until it is told how to end, whatever becomes
 * of the server, and then ends so, once.
 */
export class TwoPhase {
  readonly problems: string[] = [];
  committed = 0;
  readonly #connection: Connection;
  readonly #seed: number;
  readonly #transfers: Transfer[] = [];
  #stopped = false;

  constructor(connection: Connection, seed: number) {
    this.#connection = connection;
    this.#seed = seed;
  }

  async open(): Promise<void> {
    await this.#with((client) =>
      client.query(`
        DROP TABLE IF EXISTS purse, ledger;
        CREATE TABLE purse (id int PRIMARY KEY, balance int NOT NULL);
        CREATE TABLE ledger (gid text PRIMARY KEY);
        INSERT INTO purse SELECT i, ${OPENING_BALANCE} FROM generate_series(1, ${ACCOUNTS}) AS i`),
    );
  }

  stop(): void {
    this.#stopped = true;
  }

  async total(): Promise<number> {
    return this.#with(async (client) => Number((await client.query('SELECT sum(balance) AS total FROM purse')).rows[0]?.total));
  }

  /** Ends what is left over, and compares the ledger with what the coordinator knows. */
  async finish(): Promise<void> {
    await this.#with(async (client) => {
      for (const transfer of this.#transfers)
        if (transfer.state !== 'finished' && transfer.state !== 'never') await this.#resolve(client, transfer);
      const { rows: left } = await client.query<{ gid: string }>('SELECT gid FROM pg_prepared_xacts');
      for (const { gid } of left) this.problems.push(`${gid} is still prepared`);
      const { rows } = await client.query<{ gid: string }>('SELECT gid FROM ledger');
      const ledger = new Set(rows.map(({ gid }) => gid));
      for (const { gid, commits, state } of this.#transfers) {
        const expected = commits && state === 'finished';
        if (ledger.has(gid) !== expected) this.problems.push(`${gid} ${expected ? 'is lost' : 'was not to be committed'}`);
      }
    });
  }

  async run(client: number): Promise<void> {
    const random = new Random(this.#seed * 1000 + 700 + client);
    let last: Transfer | undefined;
    for (let number = 0; !this.#stopped; ) {
      await this.#with(async (connection) => {
        if (last !== undefined) await this.#resolve(connection, last);
        await connection.query(`SET deadlock_timeout = '5ms'`);
        while (!this.#stopped) {
          if (random.chance(0.2)) await this.#look(connection);
          else {
            last = { gid: `c${client}-${number++}`, commits: random.chance(0.7), state: 'preparing' };
            await this.#transfer(connection, last, LEVELS[client % LEVELS.length] ?? 'READ COMMITTED', random);
          }
        }
      }).catch(() => sleep(20));
    }
  }

  async #transfer(client: pg.Client, transfer: Transfer, level: Level, random: Random): Promise<void> {
    const [from, to, amount] = [1 + random.below(ACCOUNTS), 1 + random.below(ACCOUNTS), 1 + random.below(50)];
    this.#transfers.push(transfer);
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${level}`);
      await client.query('SELECT balance FROM purse WHERE id IN ($1, $2)', [from, to]);
      await client.query('UPDATE purse SET balance = balance - $2 WHERE id = $1', [from, amount]);
      await client.query('UPDATE purse SET balance = balance + $2 WHERE id = $1', [to, amount]);
      await client.query('INSERT INTO ledger VALUES ($1)', [transfer.gid]);
      await client.query(`PREPARE TRANSACTION '${transfer.gid}'`);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.severity === 'FATAL') throw error;
      transfer.state = 'never';
      await client.query('ROLLBACK');
      return;
    }
    transfer.state = 'prepared';
    if (random.chance(0.3)) await sleep(random.below(20));
    await this.#end(client, transfer);
  }

  async #end(client: pg.Client, transfer: Transfer): Promise<void> {
    transfer.state = 'finishing';
    await client.query(`${transfer.commits ? 'COMMIT' : 'ROLLBACK'} PREPARED '${transfer.gid}'`);
    transfer.state = 'finished';
    if (transfer.commits) this.committed++;
  }

  /** After the connection was lost: what was answered must be so, what was not may be either way. */
  async #resolve(client: pg.Client, transfer: Transfer): Promise<void> {
    const { rows } = await client.query('SELECT FROM pg_prepared_xacts WHERE gid = $1', [transfer.gid]);
    const isThere = rows.length > 0;
    switch (transfer.state) {
      case 'preparing':
        if (isThere) await this.#end(client, transfer);
        else transfer.state = 'never';
        return;
      case 'prepared':
        if (isThere) await this.#end(client, transfer);
        else this.problems.push(`${transfer.gid} was prepared and is gone`);
        return;
      case 'finishing':
        if (isThere) await this.#end(client, transfer);
        else transfer.state = 'finished';
        return;
      case 'finished':
      case 'never':
        if (isThere) this.problems.push(`${transfer.gid} is prepared, and should be ${transfer.state}`);
    }
  }

  async #look(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ total: string }>('SELECT sum(balance) AS total FROM purse');
    const total = Number(rows[0]?.total);
    if (total !== TWO_PHASE_TOTAL) this.problems.push(`the sum was ${total}`);
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
}
