import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LiveChange, LiveClients, settled } from '../harness/live-clients.js';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

describe('a live query through node-postgres', () => {
  const server = new ServerProcess({ label: 'live' });
  const clients = new LiveClients(server);
  const { connect } = clients;

  beforeAll(async () => {
    await server.start();
    const admin = await connect('postgres');
    await admin.query(`
      CREATE SCHEMA app;
      CREATE TABLE app.todos (id int PRIMARY KEY, title text, done bool NOT NULL DEFAULT false, due date, data jsonb) WITH (type = 'user');
      CREATE TABLE app.events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text) WITH (type = 'stream', ttl = '30 s');
      CREATE TABLE app.settings (name text PRIMARY KEY, value text);
      CREATE ROLE people;
      GRANT USAGE ON SCHEMA app TO people;
      GRANT ALL ON ALL TABLES IN SCHEMA app TO people;
      CREATE ROLE alice LOGIN PASSWORD '${PASSWORD}' IN ROLE people;
      CREATE ROLE bob LOGIN PASSWORD '${PASSWORD}' IN ROLE people;
    `);
  });
  afterEach(() => clients.close());
  afterAll(() => server.close());

  const listen = (user: string, channel: string, before = '') =>
    clients.listen(user, `LISTEN ${channel}`, `${before}; SET search_path = app, public`);

  it('delivers insert, update and delete with key, row and what changed', async () => {
    const { changes } = await listen('alice', 'todos');
    const writer = await connect('alice');
    await writer.query(`INSERT INTO app.todos VALUES (1, 'milk', false, '2026-01-31', '{"n": 1.50}')`);
    await writer.query("UPDATE app.todos SET title = 'oat milk' WHERE id = 1");
    await writer.query('DELETE FROM app.todos WHERE id = 1');
    await settled(changes, 3);
    const row = { id: 1, title: 'milk', done: false, due: '2026-01-31', data: { n: 1.5 } };
    expect(changes[0]).toMatchObject({ op: 'insert', key: { id: 1 }, row });
    expect(changes[1]).toMatchObject({ op: 'update', key: { id: 1 }, row: { ...row, title: 'oat milk' }, old: { title: 'milk' } });
    expect(Object.keys(changes[1]?.old ?? {})).toEqual(['title']);
    expect(changes[2]).toMatchObject({ op: 'delete', key: { id: 1 }, old: { ...row, title: 'oat milk' } });
    const seqs = changes.map((change) => Number(change.seq));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  it('tells rows that enter and leave its filter', async () => {
    const view = 'CREATE TEMP VIEW open_todos AS SELECT id, upper(title) AS title FROM app.todos WHERE NOT done';
    const { changes } = await listen('alice', 'open_todos', view);
    const writer = await connect('alice');
    await writer.query("INSERT INTO app.todos (id, title, done) VALUES (10, 'hidden', true), (11, 'seen', false)");
    await writer.query('UPDATE app.todos SET done = false WHERE id = 10');
    await writer.query('UPDATE app.todos SET done = true WHERE id = 11');
    await writer.query("UPDATE app.todos SET due = '2027-01-01' WHERE id = 10");
    await writer.query("UPDATE app.todos SET title = 'shown' WHERE id = 10");
    await writer.query('DELETE FROM app.todos WHERE id IN (10, 11)');
    await settled(changes, 5);
    expect(changes.map(({ op, row, old }) => [op, row ?? old])).toEqual([
      ['insert', { id: 11, title: 'SEEN' }],
      ['insert', { id: 10, title: 'HIDDEN' }],
      ['delete', { id: 11, title: 'SEEN' }],
      ['update', { id: 10, title: 'SHOWN' }],
      ['delete', { id: 10, title: 'SHOWN' }],
    ]);
  });

  it('goes to the right user only, in commit order, also over several writers', async () => {
    const alice = await listen('alice', 'todos');
    const bob = await listen('bob', 'todos');
    const writers = await Promise.all(Array.from({ length: 8 }, () => connect('alice')));
    await Promise.all(
      writers.map(async (writer, w) => {
        for (let i = 0; i < 20; i++) await writer.query('INSERT INTO app.todos (id, title) VALUES ($1, $2)', [1000 + w * 100 + i, 'x']);
      }),
    );
    await settled(alice.changes, 160);
    expect(bob.changes).toEqual([]);
    const seqs = alice.changes.map((change) => Number(change.seq));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(new Set(seqs).size).toBe(160);
    await writers[0]?.query('DELETE FROM app.todos');
  });

  it('hears nothing of a transaction that is rolled back, and all of one that commits at once', async () => {
    const { changes } = await listen('alice', 'todos');
    const writer = await connect('alice');
    await writer.query('BEGIN; INSERT INTO app.todos (id) VALUES (20); SAVEPOINT s; INSERT INTO app.todos (id) VALUES (21); ROLLBACK TO s');
    await writer.query('INSERT INTO app.todos (id) VALUES (22); COMMIT');
    await writer.query('BEGIN; DELETE FROM app.todos; ROLLBACK');
    await settled(changes, 2);
    expect(changes.map((change) => change.key)).toEqual([{ id: 20 }, { id: 22 }]);
    expect(changes[0]?.seq).toBe(changes[1]?.seq);
    await writer.query('DELETE FROM app.todos');
  });

  it('starts exactly where the transaction that listens has read', async () => {
    const writer = await connect('alice');
    await writer.query('INSERT INTO app.todos (id) VALUES (30)');
    const client = await connect('alice');
    const changes: LiveChange[] = [];
    client.on('notification', (message) => changes.push(JSON.parse(message.payload ?? '')));
    await client.query('SET search_path = app; BEGIN; LISTEN todos');
    await writer.query('INSERT INTO app.todos (id) VALUES (31)');
    const { rows } = await client.query('SELECT id FROM todos ORDER BY id');
    await writer.query('INSERT INTO app.todos (id) VALUES (32)');
    await client.query('COMMIT');
    await settled(changes, 1);
    expect(rows).toEqual([{ id: 30 }, { id: 31 }]);
    expect(changes.map((change) => change.key)).toEqual([{ id: 32 }]);
    await writer.query('DELETE FROM app.todos');
  });

  it('works on stream tables', async () => {
    const { changes } = await listen('bob', 'events');
    const writer = await connect('bob');
    await writer.query("INSERT INTO app.events (what) VALUES ('typing')");
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'insert', row: { what: 'typing' } });
    await expect(writer.query("UPDATE app.events SET what = 'x'")).rejects.toMatchObject({ code: '0A000' });
  });

  it('tells that a stream row has expired, once it is removed', async () => {
    const admin = await connect('postgres');
    await admin.query("CREATE TABLE app.pings (id int PRIMARY KEY) WITH (type = 'stream', ttl = '1 s'); GRANT ALL ON app.pings TO people");
    const { changes } = await listen('bob', 'pings');
    const writer = await connect('bob');
    await writer.query('INSERT INTO app.pings VALUES (1)');
    await expect.poll(() => changes.map((change) => change.op), { timeout: 10_000 }).toEqual(['insert', 'delete']);
    expect(changes[1]?.key).toEqual({ id: 1 });
  });

  it('tells so of rows in any order of their keys, also where these should be that of time', async () => {
    const admin = await connect('postgres');
    await admin.query(`
      CREATE TABLE app.beats (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, what text) WITH (type = 'stream', ttl = '1 s');
      CREATE INDEX ON app.beats (what);
      GRANT ALL ON app.beats TO people`);
    const { changes } = await listen('bob', 'beats');
    const [bob, alice] = [await connect('bob'), await connect('alice')];
    await bob.query("INSERT INTO app.beats VALUES (100, 'x'), (101, 'y')");
    await alice.query("INSERT INTO app.beats VALUES (1, 'x')");
    await bob.query('SELECT pg_sleep(0.8)');
    await bob.query("INSERT INTO app.beats VALUES (1, 'late')");
    await expect.poll(() => changes.filter(({ op }) => op === 'delete').map(({ key }) => key?.id), { timeout: 10_000 }).toHaveLength(3);
    expect((await bob.query("SELECT * FROM app.beats WHERE what = 'x'")).rows).toEqual([]);
  });

  it('stands when everything before it in its transaction is unlistened', async () => {
    const { client, changes } = await listen('alice', 'todos');
    await client.query('BEGIN; UNLISTEN *; LISTEN todos; COMMIT');
    const writer = await connect('alice');
    await writer.query('INSERT INTO app.todos (id) VALUES (41)');
    await settled(changes, 1);
    await writer.query('DELETE FROM app.todos');
  });

  it('that ends before its transaction does is over', async () => {
    const admin = await connect('postgres');
    await admin.query("CREATE TABLE app.brief (id int PRIMARY KEY) WITH (type = 'user'); GRANT ALL ON app.brief TO people");
    const client = await connect('alice');
    const changes: LiveChange[] = [];
    client.on('notification', (message) => changes.push(JSON.parse(message.payload ?? '')));
    await client.query('SET search_path = app; BEGIN; LISTEN brief');
    await admin.query('ALTER TABLE app.brief ADD COLUMN n int');
    await client.query('COMMIT');
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'end' });
    const { rows } = await client.query('SELECT live_queries FROM system.sessions WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ live_queries: 0 }]);
    await client.query('LISTEN brief; INSERT INTO brief VALUES (1)');
    await settled(changes, 2);
  });

  it('ends with UNLISTEN', async () => {
    const { client, changes } = await listen('alice', 'todos');
    await client.query('UNLISTEN todos');
    const writer = await connect('alice');
    await writer.query('INSERT INTO app.todos (id) VALUES (40)');
    await writer.query('DELETE FROM app.todos');
    await client.query('SELECT 1');
    expect(changes).toEqual([]);
  });

  it.each([
    ['a shared table', 'LISTEN settings', 'SELECT 1'],
    ['a view over a shared table', 'LISTEN v', 'CREATE TEMP VIEW v AS SELECT * FROM app.settings'],
    [
      'a shared table in a sub-query',
      'LISTEN v',
      'CREATE TEMP VIEW v AS SELECT id FROM app.todos WHERE title IN (SELECT value FROM app.settings)',
    ],
    ['a join with a shared table', 'LISTEN v', 'CREATE TEMP VIEW v AS SELECT id FROM app.todos JOIN app.settings ON name = title'],
  ])('refuses %s, with a hint', async (_what, sql, before) => {
    const client = await connect('alice');
    await client.query(`SET search_path = app, public; ${before}`);
    await expect(client.query(sql)).rejects.toMatchObject({ code: '0A000', hint: expect.stringContaining('user table') });
  });

  it.each([
    ['window functions', 'SELECT id, row_number() OVER (ORDER BY id) FROM app.todos'],
    ['WITH RECURSIVE', 'WITH RECURSIVE r AS (SELECT id FROM app.todos UNION SELECT id + 1 FROM r WHERE id < 3) SELECT * FROM r'],
    ['random()', 'SELECT id FROM app.todos WHERE random() < 0.5'],
    ['now()', 'SELECT id FROM app.todos WHERE due < now()'],
  ])('refuses what it cannot maintain: %s', async (_what, query) => {
    const client = await connect('alice');
    await client.query(`CREATE TEMP VIEW v AS ${query}`);
    await expect(client.query('LISTEN v')).rejects.toMatchObject({ code: '0A000' });
  });

  it('is shown in system.live_queries and can be cancelled', async () => {
    const { client, changes } = await listen('alice', 'todos');
    const admin = await connect('postgres');
    const { rows } = await admin.query("SELECT id, user_id, channel, relation FROM system.live_queries WHERE user_id = 'alice'");
    expect(rows).toEqual([{ id: expect.anything(), user_id: 'alice', channel: 'todos', relation: 'todos' }]);
    const mine = await client.query('SELECT count(*)::int AS n FROM system.live_queries');
    expect(mine.rows).toEqual([{ n: 1 }]);
    await admin.query('SELECT kalamdb.cancel_live_query($1)', [rows[0].id]);
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'end' });
  });

  it('leaves plain channels as PostgreSQL has them', async () => {
    const client = await connect('alice');
    const heard: string[] = [];
    client.on('notification', (message) => heard.push(`${message.channel}:${message.payload}`));
    await client.query('LISTEN news');
    const other = await connect('bob');
    await other.query("BEGIN; NOTIFY news, 'a'; NOTIFY news, 'a'; SELECT pg_notify('news', 'b'); COMMIT");
    await other.query("BEGIN; NOTIFY news, 'never'; ROLLBACK");
    await other.query('NOTIFY news');
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['news:a', 'news:b', 'news:']);
  });
});
