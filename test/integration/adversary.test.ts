import { readFileSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';

/** An attacker with an ordinary role's password, or with none: what once reached others' rows, or held up or ended the server. */
const server = new ServerProcess({ label: 'adversary', args: ['--set', 'max_connections=20'] });
let admin: pg.Client;

async function connect(user: string): Promise<pg.Client> {
  const client = new pg.Client({ ...server.connection, user });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function as<T>(user: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(user);
  try {
    return await run(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function column(client: pg.Client, sql: string): Promise<unknown[]> {
  const result = await client.query({ text: sql, rowMode: 'array' });
  return result.rows.map((row: unknown[]) => row[0]);
}

beforeAll(async () => {
  await server.start();
  admin = await connect('postgres');
  await admin.query(`
    CREATE TABLE notes (id int PRIMARY KEY, body text) WITH (type = 'user');
    GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO PUBLIC;
    CREATE ROLE app LOGIN PASSWORD '${PASSWORD}' IN ROLE kalamdb_service;
  `);
  for (const name of ['ann', 'anna', 'eve', 'gone']) await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}'`);
  for (const name of ['ann', 'anna'])
    await as(name, (client) => client.query("INSERT INTO notes SELECT i, current_user || '-secret' FROM generate_series(1, 10) AS i"));
});
afterAll(async () => {
  await admin?.end();
  await server.close();
});

describe('others’ rows', () => {
  beforeAll(() => admin.query('ANALYZE notes'));

  it.each([
    ['pg_stats', "SELECT count(*)::int FROM pg_stats WHERE tablename = 'notes'", 0],
    ['pg_class', "SELECT reltuples::int FROM pg_class WHERE relname = 'notes'", 10],
    ['pg_stat_user_tables', "SELECT n_live_tup::int FROM pg_stat_user_tables WHERE relname = 'notes'", 10],
    ['system.tables', "SELECT estimated_rows::int FROM system.tables WHERE table_name = 'notes'", 10],
  ])('do not show in %s', async (_relation, sql, expected) => {
    await as('eve', async (client) => expect(await column(client, sql)).toEqual([expected]));
  });

  it('are not emptied by TRUNCATE, whatever was granted', async () => {
    await admin.query(`
      CREATE TABLE granted (i int) WITH (type = 'user');
      CREATE TABLE granted_child (i int PRIMARY KEY) WITH (type = 'user');
      GRANT ALL ON granted, granted_child TO PUBLIC;
    `);
    for (const name of ['ann', 'eve']) await as(name, (client) => client.query('INSERT INTO granted VALUES (1)'));
    await as('eve', async (client) => {
      await expect(client.query('TRUNCATE granted')).rejects.toMatchObject({ code: '42501' });
      await expect(client.query('TRUNCATE granted_child, granted CASCADE')).rejects.toMatchObject({ code: '42501' });
      expect(await column(client, 'SELECT count(*)::int FROM granted')).toEqual([1]);
    });
    await admin.query('TRUNCATE granted');
    await as('ann', async (client) => expect(await column(client, 'SELECT count(*)::int FROM granted')).toEqual([0]));
  });

  it('do not show in estimates', async () => {
    await as('eve', async (client) => {
      const rows = async (body: string) => JSON.stringify(await column(client, `EXPLAIN SELECT * FROM notes WHERE body = '${body}'`));
      expect(await rows('ann-secret')).toBe((await rows('nobody-xyz')).replace('nobody-xyz', 'ann-secret'));
    });
  });

  it.each([
    ['kalamdb.user_id', 'ann'],
    ['kalamdb.all_users', 'on'],
    ['role', 'ann'],
    ['session_authorization', 'ann'],
  ])('are not reached by %s in the connection’s options', async (setting, value) => {
    const client = new pg.Client({ ...server.connection, user: 'eve', options: `-c ${setting}=${value}` });
    await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
  });

  it('are not reached by a setting that is changed within the statement', async () => {
    await as('app', async (client) => {
      await client.query("SET kalamdb.user_id = 'ann'");
      const sql = "WITH x AS MATERIALIZED (SELECT set_config('kalamdb.user_id', 'anna', false)) SELECT body FROM x, notes WHERE id = 1";
      expect(await column(client, sql)).toEqual(['ann-secret']);
    });
  });

  it('are not reached by a plan that an administrator made for all users', async () => {
    const query = { name: 'p', text: 'SELECT count(*)::int AS n FROM notes WHERE id = $1', values: [1] };
    await admin.query('SET kalamdb.all_users = on');
    expect((await admin.query(query)).rows).toEqual([{ n: 2 }]);
    await as('eve', async (client) => expect((await client.query(query)).rows).toEqual([{ n: 0 }]));
    await admin.query('SET ROLE eve');
    expect((await admin.query(query)).rows).toEqual([{ n: 0 }]);
    await admin.query('RESET ROLE; RESET kalamdb.all_users');
  });
});

describe('an administrator who asks for all users', () => {
  it('is told whose rows were changed', async () => {
    await admin.query('SET kalamdb.all_users = on');
    const changed = await column(admin, 'UPDATE notes SET body = body WHERE id = 1 RETURNING _user_id');
    expect(changed.sort()).toEqual(['ann', 'anna']);
    await admin.query('RESET kalamdb.all_users');
  });
});

describe('a live query', () => {
  const listening = async (user: string, actsFor?: string) => {
    const client = await connect(user);
    const payloads: string[] = [];
    client.on('notification', ({ payload }) => payloads.push(payload ?? ''));
    if (actsFor !== undefined) await client.query(`SET kalamdb.user_id = '${actsFor}'`);
    await client.query('LISTEN notes');
    return { client, payloads };
  };

  it.each([
    ['SELECT is revoked', 'gone', undefined, 'REVOKE SELECT ON notes FROM PUBLIC', 'GRANT SELECT ON notes TO PUBLIC'],
    ['the service may not act for users any more', 'app', 'ann', 'REVOKE kalamdb_service FROM app', 'GRANT kalamdb_service TO app'],
    ['its role is dropped', 'gone', undefined, 'DROP ROLE gone', 'SELECT 1'],
  ])('ends when %s', async (_when, user, actsFor, revoke, grant) => {
    const { client, payloads } = await listening(user, actsFor);
    await admin.query(revoke);
    await expect.poll(() => payloads).toEqual(['{"op":"end","reason":"permission for notes was revoked"}']);
    await admin.query(grant);
    await as('app', (app) =>
      app.query(`SET kalamdb.user_id = '${actsFor ?? user}'; INSERT INTO notes VALUES (99, 'later'); DELETE FROM notes WHERE id = 99`),
    );
    await admin.query('SELECT 1');
    expect(payloads).toHaveLength(1);
    await client.end();
  });

  it('is not told what others NOTIFY under its name', async () => {
    const { client, payloads } = await listening('ann');
    await as('eve', (eve) => eve.query(`NOTIFY notes, '{"op":"delete","key":{"id":1}}'`));
    await client.query('INSERT INTO notes VALUES (98, $1)', ['mine']);
    await expect.poll(() => payloads).toHaveLength(1);
    expect(payloads[0]).toContain('"id":98');
    await client.end();
  });
});

describe('a statement that asks for too much', () => {
  const many = (n: number, part: (i: number) => string, separator: string) => Array.from({ length: n }, (_, i) => part(i)).join(separator);

  it.each([
    ['an array of a hundred million rows', 'SELECT array(SELECT generate_series(1, 100000000))', '53200'],
    ['a string beyond the engine’s', "SELECT length(repeat('x', 400000000) || repeat('x', 400000000))", '54000'],
    ['a string made by replace', "SELECT length(replace(repeat('x', 1000000), 'x', repeat('y', 10000)))", '54000'],
    ['a width of a thousand million', "SELECT format('%1000000000s', 'x')", '54000'],
    ['a hundred thousand nested comments', `SELECT 1 ${'/*'.repeat(100_000)}${'*/'.repeat(100_000)}`, '54001'],
    ['a setting of a hundred million characters', "SELECT set_config('my.x', repeat('x', 100000000), false)", '54000'],
    ['a text of a hundred thousand parentheses', `SELECT ${'('.repeat(100_000)}1${')'.repeat(100_000)}`, '42601'],
    [
      'a correlated sub-query without end',
      'SET statement_timeout = 500; SELECT (SELECT count(*) FROM generate_series(1, 1000000000000 + x)) FROM (VALUES (1)) AS v (x)',
      '57014',
    ],
    [
      'statement_timeout, set in the same message',
      'SET statement_timeout = 200; SELECT count(*) FROM generate_series(1, 1000000000000)',
      '57014',
    ],
    ['cursors that keep too much', `DECLARE c CURSOR WITH HOLD FOR SELECT repeat('x', 1000) FROM generate_series(1, 1000000)`, '53200'],
  ])(
    '%s, is refused',
    async (_what, sql, code) => {
      await as('eve', async (client) => {
        await expect(client.query(sql)).rejects.toMatchObject({ code });
        expect(await column(client, 'SELECT 1')).toEqual([1]);
      });
    },
    15_000,
  );

  it.each([
    ['the root of a hundred thousand digits', "SELECT length(sqrt(repeat('9', 100000)::numeric)::text)", [50001]],
    ['a quotient of long numbers', "SELECT length((repeat('9', 130000)::numeric / repeat('7', 60000)::numeric)::text)", [70001]],
    ['a join of fifty tables', `SELECT count(*)::int FROM ${many(50, (i) => `notes n${i}`, ' NATURAL JOIN ')}`, [0]],
    [
      'a hundred LATERALs',
      `SELECT t99.x FROM (SELECT 1 AS x) t0 ${many(99, (i) => `, LATERAL (SELECT t${i}.x + 1 AS x) t${i + 1}`, '')}`,
      [100],
    ],
  ])(
    '%s, is answered soon',
    async (_what, sql, expected) => {
      await as('eve', async (client) => expect(await column(client, sql)).toEqual(expected));
    },
    5000,
  );

  it('without end in a sub-query of its own, leaves others their turns and can be cancelled', async () => {
    await as('eve', async (client) => {
      const [pid] = await column(client, 'SELECT pg_backend_pid()');
      const running = client
        .query('SELECT (SELECT count(*) FROM generate_series(1, 1000000000000))')
        .catch((error: { code: string }) => error.code);
      await as('ann', async (other) => expect(await column(other, 'SELECT 1')).toEqual([1]));
      await admin.query('SELECT pg_cancel_backend($1)', [pid]);
      expect(await running).toBe('57014');
    });
  });

  it('in a branch that is not taken, does not fail for it', async () => {
    const sql = 'SELECT CASE WHEN false THEN (SELECT sum(1 / (i - 5)) FROM generate_series(1, 10) AS i) ELSE 7 END::int';
    await as('eve', async (client) => expect(await column(client, sql)).toEqual([7]));
  });
});

describe('a client that does not behave', () => {
  const open = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connectSocket(server.port, server.host, () => resolve(socket));
      socket.on('error', () => undefined);
    });
  const residentMegabytes = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

  it('but opens sockets and says nothing, does not keep others out', async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, open));
    await as('ann', async (client) => expect(await column(client, 'SELECT 1')).toEqual([1]));
    for (const socket of sockets) socket.destroy();
  });

  it('but takes all connections, leaves some for administrators', async () => {
    const taken: pg.Client[] = [];
    const take = async (): Promise<void> => {
      for (;;) taken.push(await connect('eve'));
    };
    await expect(take()).rejects.toMatchObject({
      code: '53300',
      message: 'remaining connection slots are reserved for non-replication superuser connections',
    });
    await as('postgres', async (client) => expect(await column(client, 'SELECT 1')).toEqual([1]));
    await Promise.all(taken.map((client) => client.end()));
  });

  it('but sends statements and reads no answers, is left to wait', async () => {
    const client = await connect('eve');
    const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
    stream.pause();
    const before = residentMegabytes();
    const flood = Buffer.from(`Q\0\0\0\x0aselec\0`.repeat(20_000), 'latin1');
    for (let i = 0; i < 100 && stream.writableLength < 20_000_000; i++) {
      stream.write(flood);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await as('ann', async (other) => expect(await column(other, 'SELECT 1')).toEqual([1]));
    expect(stream.writableLength).toBeGreaterThan(0);
    expect(residentMegabytes() - before).toBeLessThan(100);
    stream.destroy();
  }, 20_000);
});
