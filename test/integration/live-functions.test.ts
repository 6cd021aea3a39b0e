import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LiveClients, settled } from '../harness/live-clients.js';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

const server = new ServerProcess({ label: 'live-functions' });
const clients = new LiveClients(server);

beforeAll(async () => {
  await server.start();
  const admin = await clients.connect('postgres');
  await admin.query(`
    CREATE TABLE todos (id int PRIMARY KEY, list int, done bool NOT NULL DEFAULT false) WITH (type = 'user');
    CREATE TABLE colours (name text PRIMARY KEY);
    CREATE ROLE alice LOGIN PASSWORD '${PASSWORD}';
    GRANT ALL ON todos, colours TO alice;
    CREATE FUNCTION is_open(done bool) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT NOT done';
    CREATE FUNCTION open_of(list int) RETURNS SETOF todos LANGUAGE sql STABLE AS 'SELECT * FROM todos t WHERE t.list = open_of.list AND is_open(t.done)';
    CREATE FUNCTION all_colours() RETURNS SETOF text LANGUAGE sql STABLE AS 'SELECT name FROM colours';
    CREATE FUNCTION slow(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN n; END';
    CREATE FUNCTION mine(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n + 1';
    REVOKE EXECUTE ON FUNCTION mine FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION mine TO alice;
  `);
});
afterEach(() => clients.close());
afterAll(() => server.close());

it('is of functions in SQL that are put in the place of their calls', async () => {
  const filtered = await clients.listen('alice', 'LISTEN "SELECT id FROM todos WHERE is_open(done)"');
  const called = await clients.listen('alice', 'LISTEN "SELECT id FROM open_of(7)"');
  const writer = await clients.connect('alice');
  await writer.query('INSERT INTO todos VALUES (1, 7, false), (2, 8, false), (3, 7, true)');
  await writer.query('UPDATE todos SET done = NOT done');
  await settled(filtered.changes, 5);
  await settled(called.changes, 3);
  const told = ({ op, row, old }: { op: string; row?: unknown; old?: unknown }) => [op, row ?? old];
  expect(filtered.changes.map(told)).toEqual([
    ['insert', { id: 1 }],
    ['insert', { id: 2 }],
    ['delete', { id: 1 }],
    ['delete', { id: 2 }],
    ['insert', { id: 3 }],
  ]);
  expect(called.changes.map(told)).toEqual([
    ['insert', { id: 1 }],
    ['delete', { id: 1 }],
    ['insert', { id: 3 }],
  ]);
});

it('ends where such a function is another one now, or is gone', async () => {
  const admin = await clients.connect('postgres');
  const filtered = await clients.listen('alice', 'LISTEN "SELECT id FROM todos WHERE is_open(done)"');
  const inner = await clients.listen('alice', 'LISTEN "SELECT id FROM open_of(7)"');
  const other = await clients.listen('alice', 'LISTEN "SELECT id, mine(id) FROM todos"');
  await admin.query("CREATE OR REPLACE FUNCTION is_open(done bool) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT done'");
  await settled(filtered.changes, 1);
  await settled(inner.changes, 1);
  expect([...filtered.changes, ...inner.changes]).toEqual([
    { op: 'end', reason: 'function is_open was altered' },
    { op: 'end', reason: 'function is_open was altered' },
  ]);
  await admin.query('REVOKE EXECUTE ON FUNCTION mine FROM alice');
  await settled(other.changes, 1);
  expect(other.changes).toEqual([{ op: 'end', reason: expect.stringContaining('permission') }]);
});

it('refuses other functions by users, and shared tables within', async () => {
  const client = await clients.connect('alice');
  await expect(client.query('LISTEN "SELECT id, slow(id) FROM todos"')).rejects.toMatchObject({
    code: '0A000',
    hint: expect.stringContaining('refresh'),
  });
  await expect(client.query('LISTEN "SELECT id, c FROM todos, all_colours() c"')).rejects.toMatchObject({
    code: '0A000',
    message: expect.stringContaining('colours'),
  });
});

it('ends where its table is of another type now', async () => {
  const admin = await clients.connect('postgres');
  await admin.query("CREATE TABLE moved (id int PRIMARY KEY) WITH (type = 'user'); GRANT ALL ON moved TO alice");
  const { changes } = await clients.listen('alice', 'LISTEN moved');
  await admin.query("ALTER TABLE moved SET (type = 'shared')");
  await settled(changes, 1);
  expect(changes).toEqual([{ op: 'end', reason: 'moved was altered' }]);
});
