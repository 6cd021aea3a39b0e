import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LiveChange, LiveClients, settled } from '../harness/live-clients.js';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** Live queries that remember rows: what each change of their surroundings does to them. */
const FORMS = {
  join: 'SELECT r.name, m.id FROM rooms r JOIN messages m ON m.room = r.id',
  'outer join': 'SELECT r.name, m.id FROM rooms r LEFT JOIN messages m ON m.room = r.id',
  group: 'SELECT room, count(*) AS n, max(id) AS newest FROM messages GROUP BY room',
  top: 'SELECT id, room FROM messages ORDER BY id DESC LIMIT 2',
  lateral: 'SELECT r.id AS room_id, l.id FROM rooms r, LATERAL (SELECT id FROM messages WHERE room = r.id ORDER BY id DESC LIMIT 1) l',
} as const;
const FORM_NAMES = Object.keys(FORMS) as readonly (keyof typeof FORMS)[];

describe('a live query that remembers rows', () => {
  const server = new ServerProcess({ label: 'stateful', args: ['--set', 'kalamdb.max_live_query_memory=1MB'] });
  const clients = new LiveClients(server);
  const { connect } = clients;
  beforeAll(async () => {
    await server.start();
    const admin = await connect('postgres');
    await admin.query(`
      CREATE ROLE people;
      CREATE ROLE alice LOGIN PASSWORD '${PASSWORD}' IN ROLE people;
      CREATE ROLE bob LOGIN PASSWORD '${PASSWORD}' IN ROLE people;
      CREATE ROLE app LOGIN PASSWORD '${PASSWORD}' IN ROLE people, kalamdb_service;
    `);
  });
  beforeEach(async () => {
    const admin = await connect('postgres');
    await admin.query(`
      DROP TABLE IF EXISTS rooms, messages;
      CREATE TABLE rooms (id int PRIMARY KEY, name text) WITH (type = 'user');
      CREATE TABLE messages (id int PRIMARY KEY, room int, body text) WITH (type = 'user');
      GRANT ALL ON rooms, messages TO people;
    `);
    const writer = await connect('alice');
    await writer.query("INSERT INTO rooms VALUES (1, 'one'), (2, 'two'); INSERT INTO messages VALUES (1, 1), (2, 1), (3, 2)");
  });
  afterEach(() => clients.close());
  afterAll(() => server.close());

  const listen = (user: string, query: string, before?: string) => clients.listen(user, `LISTEN "${query}"`, before);
  /** A change that every form tells of. */
  const NEW_MESSAGE = 'INSERT INTO messages VALUES (9, 2)';
  const heardOf = (changes: readonly LiveChange[]) => expect.poll(() => changes.length, { timeout: 5000 }).toBeGreaterThan(0);
  /** What was committed before has been told by now. */
  const allTold = async (client: pg.Client): Promise<void> => {
    await client.query('SELECT pg_sleep(0.05)');
  };

  it.each(FORM_NAMES)('goes on after another form was unlistened: %s', async (form) => {
    const { client, changes } = await listen('alice', FORMS[form]);
    await client.query(`LISTEN "${FORMS.join} WHERE r.id > 5"; UNLISTEN "${FORMS.join} WHERE r.id > 5"`);
    await client.query(NEW_MESSAGE);
    await heardOf(changes);
    await client.query(`UNLISTEN "${FORMS[form]}"`);
    changes.length = 0;
    await client.query('DELETE FROM messages');
    await allTold(client);
    expect(changes).toEqual([]);
  });

  it.each(FORM_NAMES)('is one for two sessions, and stays for the other when one ends: %s', async (form) => {
    const one = await listen('alice', FORMS[form]);
    const two = await listen('alice', FORMS[form]);
    await clients.end(one.client);
    await two.client.query(NEW_MESSAGE);
    await heardOf(two.changes);
    expect(one.changes).toEqual([]);
  });

  it.each(FORM_NAMES)('ends with the acting user: %s', async (form) => {
    const { client, changes } = await listen('app', FORMS[form], "SET kalamdb.user_id = 'alice'");
    const notices: (string | undefined)[] = [];
    client.on('notice', ({ message }) => notices.push(message));
    await client.query("SET kalamdb.user_id = 'bob'");
    await (await connect('alice')).query(NEW_MESSAGE);
    await allTold(client);
    expect(notices).toEqual(['a live query ended: the session acts for another user now']);
    expect(changes).toEqual([]);
  });

  it.each(FORM_NAMES)('begins anew with TRUNCATE, and with what is left: %s', async (form) => {
    const { client, changes } = await listen('alice', FORMS[form]);
    await (await connect('postgres')).query('TRUNCATE messages');
    await settled(changes, 1);
    expect(changes[0]).toMatchObject({ op: 'resync' });
    await client.query('INSERT INTO messages VALUES (20, 1)');
    await settled(changes, form === 'outer join' ? 3 : 2);
    const told = changes.slice(1);
    expect(told.some(({ op, row }) => op === 'insert' && (row?.id === 20 || row?.n === 1))).toBe(true);
  });

  it.each(FORM_NAMES)('ends with ALTER and DROP of any table that it reads: %s', async (form) => {
    const admin = await connect('postgres');
    const { client, changes } = await listen('alice', FORMS[form]);
    await admin.query('ALTER TABLE messages ADD COLUMN extra int');
    await settled(changes, 1);
    expect(changes[0]).toEqual({ op: 'end', reason: 'the query was altered' });
    await client.query(`LISTEN "${FORMS[form]}"`);
    await admin.query('DROP TABLE messages');
    await settled(changes, 2);
    expect(changes[1]).toEqual({ op: 'end', reason: 'the query was dropped' });
    await expect(client.query(`LISTEN "${FORMS[form]}"`)).rejects.toMatchObject({ code: '42P01' });
  });

  it.each(FORM_NAMES)('can be cancelled: %s', async (form) => {
    const admin = await connect('postgres');
    const { client, changes } = await listen('alice', FORMS[form]);
    const { rows } = await admin.query(
      'SELECT kalamdb.cancel_live_query(id) AS done, rows_held > 0 AS holds FROM system.live_queries WHERE pid <> pg_backend_pid()',
    );
    expect(rows).toEqual([{ done: true, holds: true }]);
    await client.query(NEW_MESSAGE);
    await settled(changes, 1);
    expect(changes[0]).toEqual({ op: 'end', reason: 'cancelled' });
  });

  it.each(FORM_NAMES)('counts for nothing in a transaction or savepoint that is rolled back: %s', async (form) => {
    const client = await connect('alice');
    const changes: LiveChange[] = [];
    client.on('notification', (message) => changes.push(JSON.parse(message.payload ?? '')));
    await client.query(`BEGIN; LISTEN "${FORMS[form]}"; ROLLBACK`);
    await client.query(`BEGIN; SAVEPOINT s; LISTEN "${FORMS[form]}"; ROLLBACK TO s; COMMIT`);
    await client.query(NEW_MESSAGE);
    await allTold(client);
    expect(changes).toEqual([]);
    expect((await client.query('SELECT * FROM system.live_queries')).rows).toEqual([]);
  });

  it('ends with its reason when an expression fails for a row, and touches no other', async () => {
    const failing = await listen('alice', 'SELECT room, sum(100 / id) AS n FROM messages GROUP BY room');
    const filtering = await listen('alice', 'SELECT m.id FROM messages m JOIN rooms r ON r.id = m.room WHERE 10 / m.id > 0');
    const other = await listen('alice', FORMS.group);
    const writer = await connect('alice');
    await writer.query('INSERT INTO messages VALUES (0, 1)');
    await settled(failing.changes, 1);
    await settled(filtering.changes, 1);
    expect([failing.changes[0], filtering.changes[0]]).toEqual(Array(2).fill({ op: 'end', reason: 'division by zero' }));
    await settled(other.changes, 1);
    expect(other.changes[0]).toMatchObject({ op: 'update', key: { room: 1 }, row: { n: 3 } });
    expect((await writer.query('SELECT count(*)::int AS n FROM messages')).rows).toEqual([{ n: 4 }]);
  });

  it.each(['join', 'top', 'lateral'] as const)('is refused, or ends, above its memory: %s', async (form) => {
    const query = FORMS[form]
      .replace('SELECT ', 'SELECT body, ')
      .replace('(SELECT id', '(SELECT id, body')
      .replace('LIMIT 2', 'LIMIT 5000');
    const { client, changes } = await listen('alice', query);
    const reason = 'a live query would hold more than 1048576 bytes';
    await client.query("INSERT INTO messages SELECT n, 1, repeat('x', 1000) FROM generate_series(100, 1400) n");
    await settled(changes, 1);
    expect(changes[0]).toEqual({ op: 'end', reason });
    await expect(client.query(`LISTEN "${query}"`)).rejects.toMatchObject({ code: '54000', message: reason });
    expect((await client.query('SELECT * FROM system.live_queries')).rows).toEqual([]);
  });
});
