import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LiveClients, settled } from '../harness/live-clients.js';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** Long enough for a few runs. */
const RUNS_MS = 450;

describe('a live query that is run again', () => {
  const server = new ServerProcess({ label: 'refresh', args: ['--set', 'kalamdb.max_live_query_memory=1MB'] });
  const clients = new LiveClients(server);
  const { connect, listen } = clients;
  beforeAll(async () => {
    await server.start();
    const admin = await connect('postgres');
    await admin.query(`
      CREATE TABLE tasks (id int PRIMARY KEY, title text, due timestamptz, points int) WITH (type = 'user');
      CREATE TABLE prices (id int PRIMARY KEY, price int);
      CREATE ROLE people;
      GRANT ALL ON tasks, prices TO people;
      CREATE ROLE alice LOGIN PASSWORD '${PASSWORD}' IN ROLE people;
      CREATE ROLE bob LOGIN PASSWORD '${PASSWORD}' IN ROLE people;
      CREATE ROLE app LOGIN PASSWORD '${PASSWORD}' IN ROLE people, kalamdb_service;
    `);
  });
  beforeEach(async () => {
    const writer = await connect('alice');
    await writer.query('DELETE FROM tasks; DELETE FROM prices');
    await writer.query("INSERT INTO tasks VALUES (1, 'milk', now() + interval '1 h', 3), (2, 'bread', now() + interval '1 h', 5)");
  });
  afterEach(() => clients.close());
  afterAll(() => server.close());

  const pause = (ms = RUNS_MS) => new Promise((resolve) => setTimeout(resolve, ms));
  const REFRESH = "WITH (refresh = '100 ms')";

  it('tells the rows of window functions as they change, by key', async () => {
    const { changes } = await listen('alice', `LISTEN "SELECT id, rank() OVER (ORDER BY points DESC) AS place FROM tasks" ${REFRESH}`);
    const writer = await connect('alice');
    await writer.query("INSERT INTO tasks VALUES (3, 'eggs', NULL, 4)");
    await settled(changes, 2);
    expect(changes.map(({ op, key, row, old }) => [op, key, row, old])).toEqual(
      expect.arrayContaining([
        ['insert', { id: 3 }, { id: 3, place: 2 }, undefined],
        ['update', { id: 1 }, { id: 1, place: 3 }, { place: 2 }],
      ]),
    );
    expect(changes.at(-1)).toMatchObject({ last: true });
  });

  it('follows the clock', async () => {
    const { changes } = await listen('alice', `LISTEN "SELECT id FROM tasks WHERE due < now()" ${REFRESH}`);
    const writer = await connect('alice');
    await writer.query("UPDATE tasks SET due = now() + interval '300 ms' WHERE id = 2");
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'insert', key: { id: 2 } });
  });

  it('tells equal rows apart by number', async () => {
    const { changes } = await listen('alice', `LISTEN "SELECT title FROM tasks WHERE random() >= 0" ${REFRESH}`);
    const writer = await connect('alice');
    await writer.query("INSERT INTO tasks VALUES (10, 'milk'), (11, 'milk')");
    await settled(changes, 2);
    expect(new Set(changes.map(({ key }) => JSON.stringify(key))).size).toBe(2);
    await writer.query('DELETE FROM tasks WHERE id = 10');
    await settled(changes, 3);
    expect(changes[2]).toMatchObject({ op: 'delete', old: { title: 'milk' } });
  });

  it('reads its own user’s rows, whoever else writes, and may name the user', async () => {
    const alice = await listen('alice', `LISTEN "SELECT id, count(*) OVER () AS n FROM tasks" ${REFRESH}`);
    const app = await listen('app', `LISTEN "SELECT id, count(*) OVER () AS n FROM tasks" WITH (refresh = '100 ms', user_id = 'bob')`);
    const bob = await connect('bob');
    await bob.query("INSERT INTO tasks VALUES (77, 'bob’s')");
    await settled(app.changes, 1);
    await pause();
    expect(alice.changes).toEqual([]);
    expect(app.changes).toMatchObject([{ op: 'insert', user: 'bob', key: { id: 77 }, row: { id: 77, n: 1 } }]);
    await bob.query('DELETE FROM tasks');
  });

  it('has the settings of its LISTEN', async () => {
    const text = `LISTEN "SELECT id, current_setting('app.room') AS room, count(*) OVER () AS n FROM tasks WHERE id = 1" ${REFRESH}`;
    const { client, changes } = await listen('alice', text, "SET app.room = 'one'");
    await client.query("SET app.room = 'two'");
    await client.query("UPDATE tasks SET points = 9 WHERE id = 1; INSERT INTO tasks VALUES (5, 'x')");
    await pause();
    expect(changes).toEqual([]);
  });

  it('reads shared tables anew each time, where asked', async () => {
    const query = 'SELECT t.id, p.price FROM tasks t JOIN prices p USING (id)';
    const { changes } = await listen('alice', `LISTEN "${query}" WITH (refresh = '100 ms', snapshot_shared = true)`);
    await (await connect('bob')).query('INSERT INTO prices VALUES (1, 10)');
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'insert', row: { id: 1, price: 10 } });
  });

  it('calls functions by users, which may not write', async () => {
    const admin = await connect('postgres');
    await admin.query(`
      CREATE OR REPLACE FUNCTION doubled(int) RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN $1 * 2; END';
      CREATE OR REPLACE FUNCTION writing() RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM tasks; RETURN 1; END';
    `);
    const { client, changes } = await listen('alice', `LISTEN "SELECT id, doubled(points) AS points FROM tasks" ${REFRESH}`);
    await expect(client.query(`LISTEN "SELECT writing()" ${REFRESH}`)).rejects.toMatchObject({ code: '25006' });
    await client.query('UPDATE tasks SET points = 7 WHERE id = 1');
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'update', key: { id: 1 }, row: { points: 14 } });
    await admin.query(`CREATE OR REPLACE FUNCTION doubled(int) RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN $1 * 20; END'`);
    await settled(changes, 3);
  });

  it('ends with its reason: an error, a right that is gone, a table that is dropped, too much to hold', async () => {
    const admin = await connect('postgres');
    await admin.query("CREATE TABLE IF NOT EXISTS gone (id int PRIMARY KEY) WITH (type = 'user'); GRANT ALL ON gone TO people");
    const failing = await listen('alice', `LISTEN "SELECT 1 / points AS n, now() > due AS late FROM tasks" ${REFRESH}`);
    const dropped = await listen('alice', `LISTEN "SELECT id, count(*) OVER () FROM gone" ${REFRESH}`);
    const large = await listen('alice', `LISTEN "SELECT id, title, count(*) OVER () FROM tasks" ${REFRESH}`);
    const other = await listen('alice', `LISTEN "SELECT id, count(*) OVER () AS n FROM tasks WHERE id = 1" ${REFRESH}`);
    await admin.query('DROP TABLE gone');
    await settled(dropped.changes, 1);
    expect(dropped.changes[0]).toMatchObject({ op: 'end', reason: 'the query was dropped' });
    await failing.client.query('UPDATE tasks SET points = 0 WHERE id = 2');
    await settled(failing.changes, 1);
    expect(failing.changes[0]).toMatchObject({ op: 'end', reason: 'division by zero' });
    await large.client.query("INSERT INTO tasks SELECT n, repeat('x', 1000) FROM generate_series(100, 1300) n");
    await settled(large.changes, 1);
    expect(large.changes[0]).toMatchObject({ op: 'end', reason: 'a live query would hold more than 1048576 bytes' });
    await other.client.query('UPDATE tasks SET points = 1 WHERE id = 1; DELETE FROM tasks WHERE id = 1');
    await settled(other.changes, 1);
    expect(other.changes[0]).toMatchObject({ op: 'delete' });
    const late = await listen('alice', `LISTEN "SELECT id, count(*) OVER () AS n FROM tasks WHERE id = 2" ${REFRESH}`);
    await admin.query('REVOKE ALL ON tasks FROM people');
    await settled(late.changes, 1);
    await admin.query('GRANT ALL ON tasks TO people');
    expect(late.changes[0]?.reason).toMatch(/revoked/);
  });

  it('stops with UNLISTEN and with its session, and is shown while it runs', async () => {
    const admin = await connect('postgres');
    const { client, changes } = await listen(
      'alice',
      `LISTEN "SELECT id, count(*) OVER () AS n FROM tasks" WITH (refresh = '100 ms', channel = 'n')`,
    );
    const shown = async () =>
      (await admin.query("SELECT rows_held, bytes_held > 0 AS bytes FROM system.live_queries WHERE channel = 'n'")).rows;
    expect(await shown()).toEqual([{ rows_held: '2', bytes: true }]);
    await client.query('UNLISTEN n');
    await client.query("INSERT INTO tasks VALUES (6, 'x')");
    await pause();
    expect(changes).toEqual([]);
    expect(await shown()).toEqual([]);
    const other = await listen('alice', `LISTEN "SELECT now()" ${REFRESH}`);
    await clients.end(other.client);
    await expect.poll(async () => (await admin.query('SELECT count(*)::int AS n FROM system.live_queries')).rows[0]?.n).toBe(0);
  });

  it('shows administrators the server’s own lists', async () => {
    const { changes } = await listen(
      'postgres',
      "LISTEN \"SELECT pid, role FROM system.sessions WHERE role = 'bob'\" WITH (refresh = '100 ms')",
    );
    const bob = await connect('bob');
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'insert', row: { role: 'bob' } });
    await clients.end(bob);
    await settled(changes, 2);
    expect(changes[1]).toMatchObject({ op: 'delete', old: { role: 'bob' } });
    await expect((await connect('alice')).query('LISTEN "system.sessions"')).rejects.toMatchObject({ code: '42501' });
  });
});
