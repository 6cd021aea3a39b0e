import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chat, type Message, type Room } from '../../examples/chat/chat.js';
import { LiveQueryEnded, live } from '../../src/client/live.js';
import { statementText } from '../../src/client/statement.js';
import { ServerProcess } from '../harness/server-process.js';

const PATIENT = { timeout: 15_000 };

describe('kalamdb/live', () => {
  const server = new ServerProcess({ label: 'live-client' });
  const pools: pg.Pool[] = [];
  const pool = (): pg.Pool => {
    const made = new pg.Pool({ ...server.connection, max: 50 });
    made.on('error', () => undefined);
    pools.push(made);
    return made;
  };

  beforeAll(async () => {
    await server.start();
    await pool().query('CREATE TABLE todos (id int PRIMARY KEY, title text, due date) WITH (type = $$user$$)');
  });
  afterAll(async () => {
    for (const each of pools) await each.end();
    await server.close();
  });

  it('keeps the rows of a query current, in its order', async () => {
    const db = pool();
    await db.query("INSERT INTO todos VALUES (1, 'milk', '2026-05-01'), (2, 'eggs', '2026-04-01'), (3, 'far', '2030-01-01')");
    const seen: string[][] = [];
    const todos = live<{ title: string }>(db, 'SELECT title FROM todos WHERE due < $1 ORDER BY due LIMIT $2', ['2029-01-01', 2]);
    const stop = todos.subscribe((rows) => seen.push(rows.map(({ title }) => title)));
    await expect.poll(() => seen, PATIENT).toEqual([['eggs', 'milk']]);
    await db.query("INSERT INTO todos VALUES (4, 'bread', '2026-03-01')");
    await db.query("UPDATE todos SET due = '2026-01-01' WHERE id = 1");
    await db.query('DELETE FROM todos WHERE id = 4');
    await expect
      .poll(() => seen.slice(1))
      .toEqual([
        ['bread', 'eggs'],
        ['milk', 'bread'],
        ['milk', 'eggs'],
      ]);
    stop();
    await db.query('DELETE FROM todos');
    expect(seen).toHaveLength(4);
  });

  it('gives the newest rows to a for await, and ends with it', async () => {
    const db = pool();
    const counts: number[] = [];
    for await (const [row] of live<{ n: number }>(db, 'SELECT count(*)::int AS n FROM todos')) {
      counts.push(row?.n ?? -1);
      if (row?.n === 3) break;
      await db.query('INSERT INTO todos VALUES ($1)', [100 + counts.length]);
    }
    expect(counts).toEqual([0, 1, 2, 3]);
    const { rows } = await db.query('SELECT count(*)::int AS n FROM system.live_queries');
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('connects again after the server was restarted, and has what was missed', async () => {
    const db = pool();
    await db.query('DELETE FROM todos');
    const seen: string[] = [];
    const stops = [
      live<{ title: string }>(db, 'SELECT * FROM todos', [], { retryMs: 20 }).subscribe((rows) =>
        seen.push(`all ${rows.map((r) => r.title)}`),
      ),
      live<{ n: number }>(db, 'SELECT count(*)::int AS n FROM todos', [], { retryMs: 20 }).subscribe(([row]) =>
        seen.push(`count ${row?.n}`),
      ),
    ];
    await db.query("INSERT INTO todos VALUES (1, 'one'), (2, 'two')");
    await expect.poll(() => [...seen].sort().slice(-1), PATIENT).toEqual(['count 2']);
    await server.kill();
    await server.start();
    const other = pool();
    await other.query("DELETE FROM todos WHERE id = 1; INSERT INTO todos VALUES (3, 'three')");
    await expect.poll(() => seen.includes('all two,three'), PATIENT).toBe(true);
    await other.query("INSERT INTO todos VALUES (4, 'four')");
    await expect.poll(() => seen.slice(-2).sort(), PATIENT).toEqual(['all two,three,four', 'count 3']);
    for (const stop of stops) stop();
  });

  it('fails when what it reads is gone', async () => {
    const db = pool();
    await db.query("CREATE TABLE gone (id int) WITH (type = 'user')");
    const rows = live(db, 'SELECT * FROM gone')[Symbol.asyncIterator]();
    expect(await rows.next()).toEqual({ value: [], done: false });
    await db.query('DROP TABLE gone');
    await expect(rows.next()).rejects.toBeInstanceOf(LiveQueryEnded);
  });

  it('takes statements of query builders', () => {
    expect(statementText({ sql: 'SELECT $1, $2', parameters: ["it's", [1, null]] })).toBe("SELECT 'it''s', '{\"1\",NULL}'");
    expect(statementText({ toSQL: () => ({ sql: "SELECT '$1', $1", params: [null] }) })).toBe("SELECT '$1', NULL");
    expect(() => statementText('SELECT $2', [1])).toThrow('parameter $2 is not given');
  });

  it('is what the chat is made of', async () => {
    const admin = pool();
    await admin.query(readFileSync(new URL('../../examples/chat/schema.sql', import.meta.url), 'utf8'));
    const app = new pg.Pool({ ...server.connection, user: 'chat_app', password: 'chat', max: 20 });
    pools.push(app);
    const alice = new Chat(app, 'alice');
    const bob = new Chat(app, 'bob');
    const room = await alice.join('tea');
    let rooms: readonly Room[] = [];
    let messages: readonly Message[] = [];
    const stops = [
      bob.rooms().subscribe((now) => {
        rooms = now;
      }),
      bob.messages(room).subscribe((now) => {
        messages = now;
      }),
    ];
    await bob.join('tea');
    await alice.say(room, 'hello');
    await alice.say(room, 'anybody?');
    await expect.poll(() => rooms, PATIENT).toEqual([{ id: room, name: 'tea', unread: 2 }]);
    await expect.poll(() => messages.map(({ body }) => body), PATIENT).toEqual(['hello', 'anybody?']);
    await bob.read(room);
    await expect.poll(() => rooms, PATIENT).toEqual([{ id: room, name: 'tea', unread: 0 }]);
    for (const stop of stops) stop();
  });
});
