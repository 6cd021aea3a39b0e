import { and, count, desc, sql as drizzleSql, eq, gt } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { drizzle as overPostgresJs } from 'drizzle-orm/postgres-js';
import { Kysely, sql as kyselySql, PostgresDialect } from 'kysely';
import pg from 'pg';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { LiveQueryEnded, type LiveRows, live } from '../../src/client/live.js';
import { ServerProcess } from '../harness/server-process.js';

const PATIENT = { timeout: 20_000, interval: 10 };

const todos = pgTable('todos', {
  id: integer('id').primaryKey(),
  list: integer('list').notNull(),
  title: text('title').notNull(),
  due: timestamp('due', { withTimezone: true }),
});

interface Tables {
  todos: { id: number; list: number; title: string; due: Date | null };
  lists: { id: number; name: string };
}

/** `kalamdb/live` over the real drivers and query builders. */
describe('kalamdb/live', () => {
  const server = new ServerProcess({ label: 'live-clients' });
  let pool: pg.Pool;
  const open: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    await server.start();
    pool = new pg.Pool({ ...server.connection });
    pool.on('error', () => undefined);
  });
  beforeEach(async () => {
    await pool.query(`
      DROP TABLE IF EXISTS todos, lists;
      CREATE TABLE lists (id int PRIMARY KEY, name text NOT NULL) WITH (type = 'user');
      CREATE TABLE todos (id int PRIMARY KEY, list int NOT NULL, title text NOT NULL, due timestamptz) WITH (type = 'user');
      INSERT INTO lists VALUES (1, 'home'), (2, 'work');
      INSERT INTO todos VALUES (1, 1, 'milk', '2026-01-01'), (2, 1, 'eggs', NULL), (3, 2, 'mail', '2026-02-01')`);
  });
  afterAll(async () => {
    for (const close of open) await close();
    await pool.end();
    await server.close();
  });

  /** What somebody who reads it has last. */
  const follow = <Row>(rows: LiveRows<Row>) => {
    const seen: { rows: readonly Row[]; error?: Error } = { rows: [] };
    const stop = rows.subscribe(
      (now) => {
        seen.rows = now;
      },
      (error) => {
        seen.error = error;
      },
    );
    return { seen, stop };
  };
  const postgresJs = (): postgres.Sql => {
    const { host, port, user, password, database } = server.connection;
    const sql = postgres({ host, port, username: user, password, database, max: 3, backoff: () => 0.05, onnotice: () => undefined });
    open.push(() => sql.end({ timeout: 1 }));
    return sql;
  };
  const liveQueries = async (): Promise<number> => {
    const { rows } = await pool.query('SELECT count(*)::int AS n FROM system.live_queries');
    return rows[0].n;
  };

  it('follows Kysely builders, and knows the types of their rows', async () => {
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    const query = db
      .selectFrom('todos')
      .innerJoin('lists', 'lists.id', 'todos.list')
      .select(['todos.id', 'todos.due', 'lists.name as list'])
      .where('todos.title', 'in', ['milk', 'eggs', "it's"])
      .where('todos.id', '>', 0)
      .orderBy('todos.id', 'desc')
      .limit(2);
    const rows = live(pool, query);
    expectTypeOf(rows).toEqualTypeOf<LiveRows<{ id: number; due: string | null; list: string }>>();
    const counts = live(
      pool,
      db
        .selectFrom('todos')
        .select(['list', kyselySql<number>`count(*)::int`.as('n')])
        .groupBy('list')
        .having(kyselySql<boolean>`count(*) > 1`),
    );
    const both = [follow(rows), follow(counts)] as const;
    await expect
      .poll(() => both[0].seen.rows, PATIENT)
      .toEqual([
        { id: 2, due: null, list: 'home' },
        { id: 1, due: '2026-01-01T00:00:00+00:00', list: 'home' },
      ]);
    await db.insertInto('todos').values({ id: 4, list: 2, title: "it's", due: null }).execute();
    await expect.poll(() => both[0].seen.rows.map(({ id }) => id), PATIENT).toEqual([4, 2]);
    await expect
      .poll(() => [...both[1].seen.rows].sort((a, b) => a.list - b.list), PATIENT)
      .toEqual([
        { list: 1, n: 2 },
        { list: 2, n: 2 },
      ]);
    for (const { stop } of both) await stop();
  });

  it("follows Drizzle's builders, over both drivers", async () => {
    const byPool = drizzle(pool);
    const sql = postgresJs();
    const byPostgresJs = overPostgresJs(sql);
    const top = follow(
      live<{ id: number; title: string }>(
        pool,
        byPool
          .select({ id: todos.id, title: todos.title })
          .from(todos)
          .where(and(gt(todos.id, 0), eq(todos.list, 1)))
          .orderBy(desc(todos.id))
          .limit(1),
      ),
    );
    const counted = follow(
      live<{ list: number; n: number }>(
        sql,
        byPostgresJs
          .select({ list: todos.list, n: drizzleSql<number>`${count()}::int`.as('n') })
          .from(todos)
          .groupBy(todos.list),
      ),
    );
    await expect.poll(() => [top.seen.rows, counted.seen.rows.length], PATIENT).toEqual([[{ id: 2, title: 'eggs' }], 2]);
    await byPostgresJs.insert(todos).values({ id: 9, list: 1, title: 'tea', due: new Date() });
    await expect.poll(() => top.seen.rows, PATIENT).toEqual([{ id: 9, title: 'tea' }]);
    await expect.poll(() => counted.seen.rows.find(({ list }) => list === 1)?.n, PATIENT).toBe(3);
    await top.stop();
    await counted.stop();
    expect(await liveQueries()).toBe(0);
  });

  it('comes back over postgres.js after a restart, with what was missed, and none the less ends at once', async () => {
    const sql = postgresJs();
    const all = follow(live(sql, 'SELECT id FROM todos WHERE id < $1 ORDER BY id', [100]));
    const joined = follow(live(sql, 'SELECT t.id, l.name FROM todos t JOIN lists l ON l.id = t.list'));
    const twice = follow(live(sql, 'SELECT id FROM todos WHERE id < $1 ORDER BY id', [100]));
    const ids = () => all.seen.rows.map(({ id }) => id);
    await expect.poll(() => [ids(), joined.seen.rows.length, twice.seen.rows.length], PATIENT).toEqual([[1, 2, 3], 3, 3]);
    for (const end of ['kill', 'stop'] as const) {
      await server[end]();
      await server.start();
      await pool.query(
        'DELETE FROM todos WHERE id = (SELECT max(id) FROM todos); INSERT INTO todos SELECT max(id) + 10, 1, $$new$$ FROM todos',
      );
      await expect.poll(ids, PATIENT).toEqual([1, 2, 12]);
      await expect.poll(() => [joined.seen.rows.length, twice.seen.rows.length], PATIENT).toEqual([3, 3]);
    }
    await pool.query("UPDATE todos SET title = 'x'; DELETE FROM todos WHERE id = 1");
    await expect.poll(() => [ids().length, joined.seen.rows.length], PATIENT).toEqual([2, 2]);
    expect([all.seen.error, joined.seen.error]).toEqual([undefined, undefined]);
    for (const { stop } of [all, joined, twice]) await stop();
    await expect.poll(liveQueries, PATIENT).toBe(0);
  });

  it('fails over postgres.js too when there is nothing to follow, or no longer', async () => {
    const sql = postgresJs();
    await expect(live(sql, 'SELECT * FROM nowhere')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: '42P01' });
    const rows = live(sql, 'SELECT * FROM lists')[Symbol.asyncIterator]();
    expect((await rows.next()).value).toHaveLength(2);
    await pool.query('DROP TABLE lists');
    await expect(rows.next()).rejects.toBeInstanceOf(LiveQueryEnded);
  });
});
