import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

const server = new ServerProcess({ label: 'asynchronous' });
beforeAll(async () => {
  await server.start();
});
afterAll(() => server.close());

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(server.connection);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

describe('synchronous_commit = off', () => {
  it('shows a session its own commits at once, and others soon', async () => {
    const [a, b] = await Promise.all([connect(), connect()]);
    await a.query('CREATE TABLE own (id int PRIMARY KEY, n int)');
    await a.query('INSERT INTO own VALUES (0, 0)');
    await a.query('SET synchronous_commit = off');
    for (let i = 1; i <= 200; i++) {
      await a.query('INSERT INTO own VALUES ($1, $1)', [i]);
      await a.query('UPDATE own SET n = n + 1 WHERE id = 0');
      expect((await a.query('SELECT count(*)::int AS count, (SELECT n FROM own WHERE id = 0) AS n FROM own')).rows[0]).toEqual({
        count: i + 1,
        n: i,
      });
    }
    // Durable both: what it sees of the other is.
    await b.query('UPDATE own SET n = n + 1 WHERE id = 0');
    await expect.poll(async () => (await b.query('SELECT count(*)::int AS count FROM own')).rows[0].count).toBe(201);
    expect((await b.query('SELECT n FROM own WHERE id = 0')).rows[0].n).toBe(201);
    await Promise.all([a.end(), b.end()]);
  });

  it('may be asked for by one transaction', async () => {
    const a = await connect();
    await a.query('BEGIN');
    await a.query('SET LOCAL synchronous_commit = off');
    await a.query('CREATE TABLE one (id int)');
    await a.query('COMMIT');
    expect((await a.query('SHOW synchronous_commit')).rows[0].synchronous_commit).toBe('on');
    await a.query('BEGIN; SET LOCAL synchronous_commit TO off; INSERT INTO one VALUES (1); COMMIT');
    expect((await a.query('SELECT * FROM one')).rows).toEqual([{ id: 1 }]);
    await a.end();
  });

  it('loses at most the last commits, and none before one that is there', async () => {
    const a = await connect();
    await a.query('CREATE TABLE chain (id int PRIMARY KEY)');
    await a.query('SET synchronous_commit = off');
    let acknowledged = 0;
    const writing = (async () => {
      for (let i = 1; ; i++) {
        await a.query('INSERT INTO chain VALUES ($1)', [i]);
        acknowledged = i;
      }
    })().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.kill();
    await writing;
    await server.start();
    const b = await connect();
    const { rows } = await b.query('SELECT count(*)::int AS count, max(id) AS max FROM chain');
    expect(rows[0].count).toBe(rows[0].max);
    expect(rows[0].count).toBeGreaterThan(acknowledged - 100);
    await b.end();
  });
});

describe('streams', () => {
  it.each([
    ['as with synchronous_commit = off', '', 100],
    ['as any table, where they are durable', ', durable = true', 0],
  ])('are written %s', async (_how, option, mayLose) => {
    const a = await connect();
    await a.query('DROP TABLE IF EXISTS beats');
    await a.query(`CREATE TABLE beats (id int PRIMARY KEY, what text UNIQUE) WITH (type = 'stream', ttl = '1 h'${option})`);
    let acknowledged = 0;
    const writing = (async () => {
      for (let i = 1; ; i++) {
        await a.query('INSERT INTO beats VALUES ($1, $2)', [i, `beat ${i}`]);
        acknowledged = i;
      }
    })().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.kill();
    await writing;
    await server.start();
    const b = await connect();
    const { rows } = await b.query('SELECT count(*)::int AS count, max(id) AS max FROM beats');
    expect(rows[0].count).toBe(rows[0].max);
    expect(rows[0].count).toBeGreaterThanOrEqual(acknowledged - mayLose);
    await b.end();
  });
});
