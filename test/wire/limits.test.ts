import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/commons/logger.js';
import { createServer, type KalamServer } from '../../src/server.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';
import { fieldsOf, i32, message, packet, RawClient, startup } from './raw-client.js';

const PASSWORD = 'a superuser secret';

describe('limits and records', () => {
  const directory = temporaryDirectory('limits');
  const log: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _, done) {
      log.push(chunk.toString());
      done();
    },
  });
  let server: KalamServer;
  const settings = {
    max_connections: '8',
    superuser_reserved_connections: '2',
    'kalamdb.max_unread_results': '64',
    'kalamdb.login_failure_delay': '0',
  };
  const start = () =>
    createServer({
      host: '127.0.0.1',
      port: 0,
      data: directory.path,
      password: PASSWORD,
      settings,
      logger: createLogger('trace', destination),
    });

  beforeAll(async () => {
    server = await start();
    const client = await open();
    await client.query("CREATE ROLE few LOGIN PASSWORD 'few-secret' CONNECTION LIMIT 2; CREATE ROLE many LOGIN PASSWORD 'many-secret'");
    await client.end();
  });
  afterAll(async () => {
    await server.close();
    directory.remove();
  });

  const driver = (user: string, password: string) => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user, password, database: 'postgres' });
    client.on('error', () => undefined);
    return client;
  };
  async function open(user = 'postgres', password = PASSWORD): Promise<pg.Client> {
    const client = driver(user, password);
    await client.connect();
    return client;
  }
  const refusal = (user: string, password: string): Promise<unknown> =>
    open(user, password).then(
      (client) => client.end(),
      (error: unknown) => error,
    );
  const closed = (clients: readonly pg.Client[]) => Promise.all(clients.map((client) => client.end()));
  const sessions = async (client: pg.Client): Promise<number> =>
    Number((await client.query('SELECT count(*) AS n FROM pg_stat_activity')).rows[0].n);

  it('of a role: CONNECTION LIMIT', async () => {
    const clients = [await open('few', 'few-secret'), await open('few', 'few-secret')];
    expect(await refusal('few', 'few-secret')).toMatchObject({ code: '53300', message: 'too many connections for role "few"' });
    await closed(clients);
    await expect.poll(() => refusal('few', 'few-secret')).toBeUndefined();
  });

  it('of the server: the last connections are for superusers', async () => {
    const administrator = await open();
    await expect.poll(() => sessions(administrator)).toBe(1);
    const clients: pg.Client[] = [];
    for (let i = 0; i < 5; i++) clients.push(await open('many', 'many-secret'));
    expect(await refusal('many', 'many-secret')).toMatchObject({
      code: '53300',
      message: 'remaining connection slots are reserved for non-replication superuser connections',
    });
    clients.push(await open(), await open());
    expect(await refusal('postgres', PASSWORD)).toMatchObject({ code: '53300', message: 'sorry, too many clients already' });
    await closed([...clients, administrator]);
  });

  it('of what a client leaves unread: the statement waits, and other sessions go on', async () => {
    const client = await open('many', 'many-secret');
    const other = await open();
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const socket = (client as unknown as { connection: { stream: import('node:net').Socket } }).connection.stream;
    socket.pause();
    const result = client.query("SELECT repeat('x', 100000) FROM generate_series(1, 500)");
    const state = async () => (await other.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [rows[0].pid])).rows[0]?.state;
    await expect.poll(state).toBe('active');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await state()).toBe('active');
    socket.resume();
    expect((await result).rows.length).toBe(500);
    await closed([client, other]);
  });

  it('of idling: a session, and one within a transaction', async () => {
    const idle = await open();
    const ended = new Promise<Error>((resolve) => idle.once('error', resolve));
    await idle.query("SET idle_session_timeout = '50ms'");
    expect(await ended).toMatchObject({ code: '57P05', message: 'terminating connection due to idle-session timeout' });
    const block = await open();
    const broken = new Promise<Error>((resolve) => block.once('error', resolve));
    await block.query("SET idle_in_transaction_session_timeout = '50ms'; BEGIN");
    expect(await broken).toMatchObject({ code: '25P03', message: 'terminating connection due to idle-in-transaction timeout' });
  });

  it('of a client that has gone: its statement ends', async () => {
    const other = await open();
    const client = await open('many', 'many-secret');
    client.query('SELECT pg_sleep(60)').catch(() => undefined);
    const running = async () =>
      Number(
        (await other.query("SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"))
          .rows[0].n,
      );
    await expect.poll(running).toBe(1);
    (client as unknown as { connection: { stream: import('node:net').Socket } }).connection.stream.destroy();
    await expect.poll(running).toBe(0);
    await other.end();
  });

  it('has cancel keys of 32 bytes in protocol 3.2, and of 4 in 3.0', async () => {
    const trusting = await createServer({ host: '127.0.0.1', port: 0, data: temporaryDirectory('keys').path, trust: true });
    for (const [protocol, bytes] of [
      [196_608, 4],
      [196_610, 32],
    ] as const) {
      const client = new RawClient(trusting.port);
      client.send(startup({ protocol }));
      const key = (await client.until('Z')).find(({ type }) => type === 'K')?.body ?? Buffer.alloc(0);
      expect(key.length).toBe(4 + bytes);
      const cancel = async (secret: Uint8Array): Promise<void> => {
        const other = new RawClient(trusting.port);
        other.send(packet(i32(80_877_102), key.subarray(0, 4), secret));
        await other.until('never');
      };
      client.send(message('Q', 'SELECT pg_sleep(0.3)'));
      const wrong = Buffer.from(key.subarray(4));
      wrong[bytes - 1] = (wrong[bytes - 1] ?? 0) ^ 1;
      await cancel(wrong);
      await cancel(key.subarray(4, -1));
      expect((await client.until('Z')).map(({ type }) => type)).not.toContain('E');
      client.send(message('Q', 'SELECT pg_sleep(60)'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await cancel(key.subarray(4));
      const error = (await client.until('Z')).find(({ type }) => type === 'E');
      expect(error && fieldsOf(error).C).toBe('57014');
      await client.end();
    }
    await trusting.close();
  });

  it('keeps a record of log-ins, failures and changes of roles, over a restart, and no secret in any log', async () => {
    const client = await open();
    await client.query("CREATE ROLE eve LOGIN PASSWORD 'eve-secret'; GRANT few TO eve");
    await client.query('BEGIN; GRANT many TO eve; SAVEPOINT s; DROP ROLE eve; ROLLBACK TO s; COMMIT');
    await client.query('BEGIN; DROP ROLE eve; ROLLBACK');
    await client.query("DO $$ BEGIN EXECUTE 'ALTER ROLE eve NOLOGIN'; END $$");
    await client.query("ALTER ROLE eve LOGIN PASSWORD 'eve-secret-2'; GRANT SELECT (oid) ON pg_class TO eve WITH GRANT OPTION");
    expect(await refusal('eve', 'a-guess-of-a-secret')).toMatchObject({ code: '28P01' });
    await (await open('eve', 'eve-secret-2')).end();
    const lines = async (on: pg.Client) =>
      (
        await on.query(
          "SELECT event, role, sqlstate, detail, method, client_addr FROM system.audit_log WHERE detail LIKE '%eve%' OR role = 'eve'",
        )
      ).rows;
    const address = '127.0.0.1';
    const change = (detail: string) => ({ event: 'change', role: 'postgres', sqlstate: null, detail, method: null, client_addr: address });
    const expected = [
      change('CREATE ROLE eve canlogin=true PASSWORD'),
      change('GRANT few TO eve'),
      change('GRANT many TO eve'),
      change('ALTER ROLE eve canlogin=false'),
      change('ALTER ROLE eve canlogin=true PASSWORD'),
      change('GRANT SELECT (oid) ON TABLE pg_class TO eve WITH GRANT OPTION'),
      {
        event: 'login failed',
        role: 'eve',
        sqlstate: '28P01',
        detail: 'password authentication failed for user "eve"',
        method: 'scram-sha-256',
        client_addr: address,
      },
      { event: 'login', role: 'eve', sqlstate: null, detail: null, method: 'scram-sha-256', client_addr: address },
    ];
    expect(await lines(client)).toEqual(expected);
    const eve = await open('eve', 'eve-secret-2');
    expect(new Set((await eve.query('SELECT role FROM system.audit_log')).rows.map(({ role }) => role))).toEqual(new Set(['eve']));
    await closed([eve, client]);
    await server.close();
    server = await start();
    const again = await open();
    expect((await lines(again)).slice(0, expected.length)).toEqual(expected);
    await again.end();
    const written = readFileSync(join(directory.path, 'audit.log'), 'utf8') + log.join('');
    expect(written).toContain('log-in failed');
    expect(written).not.toMatch(/secret/);
  });
});
