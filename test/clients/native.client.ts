import 'pg-native';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startedServer } from './started.js';

/** pg-native: node-postgres over libpq. */
describe('pg-native', () => {
  const server = startedServer('native');
  const { native } = pg;
  if (native === null) throw new Error('pg-native is there and does not load');

  async function open(): Promise<pg.Client> {
    const { host, port, user, password, database } = server.connection;
    const client = new native.Client({ host, port, user, password, database });
    await client.connect();
    return client;
  }

  it('runs plain queries, queries with parameters and prepared ones', async () => {
    const client = await open();
    await client.query(
      "CREATE TABLE items (id int PRIMARY KEY, name text, tags text[], data jsonb, at timestamptz DEFAULT '2024-05-06 07:08:09+00')",
    );
    const several = (await client.query(
      "INSERT INTO items VALUES (1, 'one', '{a,b}', '{\"k\": 1}'); SELECT 1 AS a; SELECT 2 AS b",
    )) as unknown;
    expect(several).toMatchObject([{ command: 'INSERT', rowCount: 1 }, { rows: [{ a: 1 }] }, { rows: [{ b: 2 }] }]);
    const inserted = await client.query('INSERT INTO items VALUES ($1, $2, $3, $4) RETURNING *', [
      2,
      'zwei \u{1f600}',
      ['x', null],
      { k: [2] },
    ]);
    expect(inserted.rowCount).toBe(1);
    expect(inserted.rows).toEqual([
      { id: 2, name: 'zwei \u{1f600}', tags: ['x', null], data: { k: [2] }, at: new Date('2024-05-06T07:08:09Z') },
    ]);
    for (const id of [1, 2, 3]) {
      const { rows } = await client.query({ name: 'by id', text: 'SELECT name FROM items WHERE id = $1', values: [id] });
      expect(rows.length).toBe(id < 3 ? 1 : 0);
    }
    expect((await client.query({ text: 'SELECT id, name FROM items ORDER BY id', rowMode: 'array' })).rows).toEqual([
      [1, 'one'],
      [2, 'zwei \u{1f600}'],
    ]);
    await client.end();
  });

  it('tells errors with their fields, and goes on', async () => {
    const client = await open();
    await client.query('CREATE TABLE keys (id int PRIMARY KEY)');
    await client.query('INSERT INTO keys VALUES (1)');
    await expect(client.query('INSERT INTO keys VALUES ($1)', [1])).rejects.toMatchObject({
      code: '23505',
      constraint: 'keys_pkey',
      detail: 'Key (id)=(1) already exists.',
      severity: 'ERROR',
    });
    await expect(client.query('SELECT nothing FROM keys')).rejects.toMatchObject({ code: '42703', position: '8' });
    await client.query('BEGIN');
    await client.query('DELETE FROM keys');
    await client.query('ROLLBACK');
    expect((await client.query('SELECT count(*)::int AS n FROM keys')).rows).toEqual([{ n: 1 }]);
    await client.end();
  });

  it('hears notifications, and reads large results', async () => {
    const client = await open();
    const heard = new Promise((resolve) => client.on('notification', resolve));
    await client.query('LISTEN news');
    const other = await open();
    await other.query("SELECT pg_notify('news', 'hello')");
    expect(await heard).toMatchObject({ channel: 'news', payload: 'hello' });
    const { rows } = await client.query("SELECT n, repeat('x', 100) AS x FROM generate_series(1, 50000) AS n");
    expect(rows.length).toBe(50_000);
    expect(rows.at(-1)).toEqual({ n: 50_000, x: 'x'.repeat(100) });
    await other.end();
    await client.end();
  });

  it('is pooled', async () => {
    const { host, port, user, password, database } = server.connection;
    const pool = new native.Pool({ host, port, user, password, database, max: 4 });
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => pool.query('SELECT $1::int * 2 AS n', [i])));
    expect(answers.map(({ rows }) => rows[0].n)).toEqual(Array.from({ length: 40 }, (_, i) => i * 2));
    await pool.end();
  });
});
