import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

const WRITERS = 16;
const KILLS = 20;

/**
 * Twenty power cuts (SIGKILL) under sixteen writers. Each transaction writes two rows and moves a balance; what was acknowledged must be
 * there afterwards, whole, and nothing may be there by half.
 */
describe('acknowledged commits', () => {
  const server = new ServerProcess({ label: 'durability' });

  beforeAll(async () => {
    await server.start();
    const client = new pg.Client(server.connection);
    await client.connect();
    await client.query(`
      CREATE TABLE pairs (writer int, n int, half int, PRIMARY KEY (writer, n, half));
      CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL);
      INSERT INTO accounts SELECT i, 100 FROM generate_series(0, ${WRITERS}) AS i;
    `);
    await client.end();
  });
  afterAll(() => server.close());

  it(`are there after ${KILLS} times SIGKILL under ${WRITERS} writers, and no half transaction is`, async () => {
    const acknowledged = new Set<string>();
    const attempted = new Set<string>();
    const next = new Array<number>(WRITERS).fill(0);
    for (let kill = 0; kill < KILLS; kill++) {
      const writers = Promise.all(next.map((_, writer) => write(writer, next, attempted, acknowledged)));
      const before = acknowledged.size;
      await expect.poll(() => acknowledged.size - before, { timeout: 10_000, interval: 5 }).toBeGreaterThan(50 + kill * 5);
      await server.kill();
      await writers;
      await server.start();
      await verify(attempted, acknowledged);
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS * 50);
  }, 180_000);

  async function write(writer: number, next: number[], attempted: Set<string>, acknowledged: Set<string>): Promise<void> {
    const client = new pg.Client(server.connection);
    client.on('error', () => undefined);
    try {
      await client.connect();
      for (;;) {
        const n = next[writer] ?? 0;
        next[writer] = n + 1;
        const name = `${writer}/${n}`;
        attempted.add(name);
        await client.query('BEGIN');
        await client.query('INSERT INTO pairs VALUES ($1, $2, 1)', [writer, n]);
        await client.query('UPDATE accounts SET balance = balance - 1 WHERE id = $1', [writer]);
        await client.query('UPDATE accounts SET balance = balance + 1 WHERE id = $1', [WRITERS]);
        await client.query('INSERT INTO pairs VALUES ($1, $2, 2)', [writer, n]);
        await client.query('COMMIT');
        acknowledged.add(name);
      }
    } catch {
      // The power is off: whatever was under way ends here, unacknowledged.
    } finally {
      client.end().catch(() => undefined);
    }
  }

  async function verify(attempted: ReadonlySet<string>, acknowledged: ReadonlySet<string>): Promise<void> {
    const client = new pg.Client(server.connection);
    await client.connect();
    const { rows } = await client.query<{ writer: number; n: number; halves: number }>(
      'SELECT writer, n, count(*)::int AS halves FROM pairs GROUP BY writer, n',
    );
    expect(rows.filter((row) => row.halves !== 2)).toEqual([]);
    const found = new Set(rows.map((row) => `${row.writer}/${row.n}`));
    expect([...acknowledged].filter((name) => !found.has(name))).toEqual([]);
    expect([...found].filter((name) => !attempted.has(name))).toEqual([]);
    const total = await client.query('SELECT sum(balance)::int AS total FROM accounts');
    expect(total.rows).toEqual([{ total: 100 * (WRITERS + 1) }]);
    const moved = await client.query(`SELECT balance - 100 AS moved FROM accounts WHERE id = ${WRITERS}`);
    expect(moved.rows).toEqual([{ moved: rows.length }]);
    await client.end();
  }
});
