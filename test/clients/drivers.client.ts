import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { startedServer, urlOf } from './started.js';

describe('drivers', () => {
  const server = startedServer('drivers');

  it('node-postgres: cursors, streams, COPY both ways', async () => {
    const client = new pg.Client(server.connection);
    await client.connect();
    await client.query('CREATE TABLE numbers (n int, t text)');
    await pipeline(
      Readable.from(Array.from({ length: 5000 }, (_, i) => `${i}\trow ${i}\n`)),
      client.query(copyFrom('COPY numbers FROM STDIN')),
    );
    const cursor = client.query(new Cursor<{ n: number }>('SELECT n FROM numbers ORDER BY n'));
    expect((await cursor.read(3)).map(({ n }) => n)).toEqual([0, 1, 2]);
    await cursor.close();
    let sum = 0;
    for await (const row of client.query(new QueryStream('SELECT n FROM numbers', [], { batchSize: 100 })) as AsyncIterable<{ n: number }>)
      sum += row.n;
    expect(sum).toBe((4999 * 5000) / 2);
    let text = '';
    for await (const chunk of client.query(
      copyTo('COPY (SELECT * FROM numbers WHERE n < 3 ORDER BY n) TO STDOUT'),
    ) as AsyncIterable<Buffer>)
      text += chunk.toString();
    expect(text).toBe('0\trow 0\n1\trow 1\n2\trow 2\n');
    await client.end();
  });

  it('postgres.js: pipelining, transactions, cursors, arrays, COPY', async () => {
    const sql = postgres(urlOf(server), { max: 3 });
    expect(await Promise.all([1, 2, 3].map(async (n) => (await sql`SELECT ${n}::int AS n`)[0]?.n))).toEqual([1, 2, 3]);
    await sql`CREATE TABLE things (id int PRIMARY KEY, tags text[], data jsonb)`;
    await sql`INSERT INTO things ${sql([
      { id: 1, tags: ['a', 'b'], data: sql.json({ k: 1 }) },
      { id: 2, tags: [], data: null },
    ] as never)}`;
    expect((await sql`SELECT tags, data FROM things WHERE id = ANY(${[1]})`)[0]).toEqual({ tags: ['a', 'b'], data: { k: 1 } });
    await expect(
      sql.begin(async (tx) => {
        await tx`DELETE FROM things`;
        await tx.savepoint(async (inner) => inner`SELECT 1 / 0`).catch(() => undefined);
        throw new Error('back');
      }),
    ).rejects.toThrow('back');
    const seen: number[] = [];
    await sql`SELECT i FROM generate_series(1, 10) i`.cursor(4, (rows) => void seen.push(rows.length));
    expect(seen).toEqual([4, 4, 2]);
    await pipeline(Readable.from(['3\t{x}\t\\N\n']), await sql`COPY things FROM STDIN`.writable());
    expect((await sql`SELECT count(*)::int AS n FROM things`)[0]).toEqual({ n: 3 });
    await sql.end();
  });
});
