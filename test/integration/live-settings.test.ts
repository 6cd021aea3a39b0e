import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LiveClients, settled } from '../harness/live-clients.js';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** Queries that say the same and depend on the session share what is compiled, and nothing of each other's answers. */
const server = new ServerProcess({ label: 'live-settings' });
const clients = new LiveClients(server);

beforeAll(async () => {
  await server.start();
  const admin = await clients.connect('postgres');
  await admin.query(`
    CREATE TABLE notes (id int PRIMARY KEY, room text, owner text) WITH (type = 'user');
    CREATE ROLE alice LOGIN PASSWORD '${PASSWORD}';
    CREATE ROLE bob LOGIN PASSWORD '${PASSWORD}';
    GRANT ALL ON notes TO alice, bob;
  `);
});
afterEach(() => clients.close());
afterAll(() => server.close());

const idsOf = ({ changes }: { changes: readonly { readonly row?: Record<string, unknown> }[] }) => changes.map(({ row }) => row?.id);

it.each([
  ['a comparison', "room = current_setting('app.room')"],
  ['a list', "room IN (current_setting('app.room'), 'no room')"],
  ['a sub-query without tables', "room IN (SELECT unnest(string_to_array(current_setting('app.room'), ',')))"],
  ['EXISTS', "EXISTS (SELECT 1 FROM unnest(string_to_array(current_setting('app.room'), ',')) r WHERE r = room)"],
  ['a pattern', "room LIKE current_setting('app.room') || '%'"],
  ['a regular expression', "room ~ ('^' || current_setting('app.room'))"],
])('%s, of the same user in two rooms', async (_name, condition) => {
  const writer = await clients.connect('alice');
  await writer.query('DELETE FROM notes');
  const statement = `LISTEN "SELECT id FROM notes WHERE ${condition}"`;
  const tea = await clients.listen('alice', statement, "SET app.room = 'tea'");
  const work = await clients.listen('alice', statement, "SET app.room = 'work'");
  await writer.query("INSERT INTO notes VALUES (1, 'tea'), (2, 'work'), (3, 'none'), (4, 'tea')");
  await settled(tea.changes, 2);
  await settled(work.changes, 1);
  expect([idsOf(tea), idsOf(work)]).toEqual([[1, 4], [2]]);
});

it('the user, each time anew', async () => {
  const statement = 'LISTEN "SELECT id FROM notes WHERE owner IN (SELECT current_user::text)"';
  const alice = await clients.listen('alice', statement);
  const bob = await clients.listen('bob', statement);
  for (const user of ['alice', 'bob', 'alice']) {
    const writer = await clients.connect(user);
    await writer.query(`INSERT INTO notes SELECT coalesce(max(id), 10) + 1, 'x', 'alice' FROM notes`);
    await writer.query(`INSERT INTO notes SELECT max(id) + 1, 'x', 'bob' FROM notes`);
  }
  await settled(alice.changes, 2);
  await settled(bob.changes, 1);
});

it('fails at LISTEN where a setting is no value of the type, and not later', async () => {
  const client = await clients.connect('alice');
  await client.query("SET app.least = 'few'");
  const statement = `LISTEN "SELECT id FROM notes WHERE id > current_setting('app.least')::int"`;
  await expect(client.query(statement)).rejects.toMatchObject({ code: '22P02' });
  await client.query("SET app.least = '5'");
  await client.query(statement);
  await client.query('RESET ALL');
});
