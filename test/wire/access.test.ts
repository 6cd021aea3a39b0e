import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer, type ServerOptions } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { LoginThrottle } from '../../src/wire/authentication/login-throttle.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';
import { fieldsOf, message, RawClient, startup } from './raw-client.js';

const PASSWORD = 'secret';

describe('who may come in', () => {
  const directory = temporaryDirectory('access');
  const file = join(directory.path, 'hba.conf');
  const sockets = join(directory.path, 'sockets');
  let server: KalamServer;
  let first: string;
  const options = (): ServerOptions => ({
    host: '127.0.0.1',
    port: 0,
    data: directory.path,
    password: PASSWORD,
    socketDirectory: sockets,
    settings: { unix_socket_permissions: String(0o700), 'kalamdb.login_failure_delay': '0' },
  });

  beforeAll(async () => {
    mkdirSync(sockets, { recursive: true });
    server = await createServer(options());
    first = readFileSync(file, 'utf8');
  });
  afterAll(async () => {
    await server.close();
    directory.remove();
  });

  const driver = (more: pg.ClientConfig = {}) =>
    new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password: PASSWORD, database: 'postgres', ...more });
  async function open(more: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = driver(more);
    await client.connect();
    return client;
  }
  const refusal = async (more: pg.ClientConfig): Promise<unknown> => {
    const client = driver(more);
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end(),
      (error: unknown) => error,
    );
  };
  const rules = async (text: string): Promise<void> => {
    const client = await open();
    writeFileSync(file, text);
    await client.query('SELECT pg_reload_conf()');
    await client.end();
  };

  it('is born with rules that ask everybody for a password, in a file for its owner only', async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const client = await open();
    const { rows } = await client.query(
      'SELECT type, database, user_name, address, netmask, auth_method, options, error FROM pg_hba_file_rules',
    );
    const all = { database: ['all'], user_name: ['all'], netmask: null, auth_method: 'scram-sha-256', options: null, error: null };
    expect(rows).toEqual([
      { type: 'local', address: null, ...all },
      { type: 'host', address: 'all', ...all },
    ]);
    expect((await client.query('SHOW hba_file')).rows).toEqual([{ hba_file: file }]);
    await client.end();
  });

  it('follows the file when it is told to read it again, and shows what is wrong with it', async () => {
    const client = await open();
    await client.query("CREATE ROLE staff; CREATE ROLE ann LOGIN PASSWORD 'a' IN ROLE staff; CREATE ROLE bob LOGIN PASSWORD 'b'");
    writeFileSync(
      file,
      'host all postgres 127.0.0.1/32 scram-sha-256\nhost all bob all reject\nhost all +staff 127.0.0.0/8 scram-sha-256\n',
    );
    expect(await refusal({ user: 'bob', password: 'b' })).toBeUndefined();
    await client.query('SELECT pg_reload_conf()');
    expect(await refusal({ user: 'bob', password: 'b' })).toMatchObject({
      code: '28000',
      severity: 'FATAL',
      message: 'pg_hba.conf rejects connection for host "127.0.0.1", user "bob", database "postgres", no encryption',
    });
    expect(await refusal({ user: 'ann', password: 'a' })).toBeUndefined();
    await client.query('REVOKE staff FROM ann');
    expect(await refusal({ user: 'ann', password: 'a' })).toMatchObject({
      code: '28000',
      message: 'no pg_hba.conf entry for host "127.0.0.1", user "ann", database "postgres", no encryption',
    });
    expect(await refusal({ host: sockets, user: 'ann', password: 'a' })).toMatchObject({
      message: 'no pg_hba.conf entry for host "[local]", user "ann", database "postgres", no encryption',
    });
    appendFileSync(file, 'host all ann all magic\n');
    await client.query('SELECT pg_reload_conf()');
    // It has a mistake: the old rules stay.
    expect(await refusal({ user: 'bob', password: 'b' })).toMatchObject({ code: '28000' });
    const { rows } = await client.query('SELECT line_number, type, error FROM pg_hba_file_rules ORDER BY 1');
    expect(rows.at(-1)).toEqual({ line_number: 4, type: null, error: 'invalid authentication method "magic"' });
    expect(rows.length).toBe(4);
    const state = 'SELECT line_number, in_force, type, database, user_name, address, netmask, method, options, error FROM system.hba';
    const rule = { in_force: true, type: 'host', database: ['all'], options: null, error: null };
    expect((await client.query(state)).rows).toEqual([
      { line_number: 1, ...rule, user_name: ['postgres'], address: '127.0.0.1', netmask: '255.255.255.255', method: 'scram-sha-256' },
      { line_number: 2, ...rule, user_name: ['bob'], address: 'all', netmask: null, method: 'reject' },
      { line_number: 3, ...rule, user_name: ['+staff'], address: '127.0.0.0', netmask: '255.0.0.0', method: 'scram-sha-256' },
      {
        line_number: 4,
        in_force: false,
        type: null,
        database: null,
        user_name: null,
        address: null,
        netmask: null,
        method: null,
        options: null,
        error: 'invalid authentication method "magic"',
      },
    ]);
    await client.end();
    await expect(createServer({ ...options(), data: directory.path, port: 0 })).rejects.toThrow();
    await rules(first);
  });

  it('lets only superusers read the rules and have them read again', async () => {
    const ann = await open({ user: 'ann', password: 'a' });
    await expect(ann.query('SELECT pg_reload_conf()')).rejects.toMatchObject({ code: '42501' });
    await expect(ann.query('SELECT * FROM pg_hba_file_rules')).rejects.toMatchObject({ code: '42501' });
    expect((await ann.query('SELECT * FROM system.hba')).rows).toEqual([]);
    await ann.end();
  });

  it('trusts loopback where a rule says so', async () => {
    await rules('host all bob 127.0.0.1/32 trust\nhost all all all scram-sha-256');
    expect(await refusal({ user: 'bob', password: 'anything' })).toBeUndefined();
    expect(await refusal({ user: 'ann', password: 'anything' })).toMatchObject({ code: '28P01' });
    await rules(first);
  });

  it('has rules for replication, which is not there', async () => {
    const replicate = async () => {
      const client = new RawClient(server.port);
      client.send(startup({ parameters: { replication: 'database' } }));
      const error = (await client.until('E')).find(({ type }) => type === 'E');
      return error && fieldsOf(error).M;
    };
    expect(await replicate()).toBe('no pg_hba.conf entry for replication connection from host "127.0.0.1", user "postgres", no encryption');
    await rules(`host replication postgres all scram-sha-256\n${first}`);
    expect(await replicate()).toBe('replication connections are not supported yet');
    await rules(first);
  });

  it('listens on a Unix socket with the mode that is asked for, and takes over a file that was left behind', async () => {
    const path = join(sockets, `.s.PGSQL.${server.port}`);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    const client = await open({ host: sockets });
    const { rows } = await client.query(
      'SELECT client_addr, client_port, inet_client_addr() AS address FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    expect(rows).toEqual([{ client_addr: null, client_port: -1, address: null }]);
    await client.end();
    expect(await refusal({ host: sockets, password: 'wrong' })).toMatchObject({ code: '28P01' });
    await server.close();
    expect(existsSync(path)).toBe(false);
    const port = server.port;
    server = await createServer({ ...options(), port });
    await expect(createServer({ ...options(), data: new MemoryStore(), host: '127.0.0.2', port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      address: path,
    });
    await (await open({ host: sockets })).end();
  });

  it('asks the kernel who connects by the Unix socket where a rule says peer', async () => {
    const { username } = userInfo();
    await rules(`local all all peer\nlocal all all trust\n${first}`);
    const administrator = await open();
    await administrator.query(`CREATE ROLE ${pg.escapeIdentifier(username)} LOGIN`);
    const client = await open({ host: sockets, user: username, password: 'anything' });
    expect((await client.query('SELECT current_user AS who, pg_backend_pid() AS pid')).rows[0].who).toBe(username);
    expect(await refusal({ host: sockets, user: 'bob', password: 'b' })).toMatchObject({
      code: '28000',
      severity: 'FATAL',
      message: 'Peer authentication failed for user "bob"',
    });
    const { rows } = await administrator.query(
      "SELECT event, role, detail, method FROM system.audit_log WHERE method = 'peer' ORDER BY at",
    );
    expect(rows).toEqual([
      { event: 'login', role: username, detail: null, method: 'peer' },
      { event: 'login failed', role: 'bob', detail: 'Peer authentication failed for user "bob"', method: 'peer' },
    ]);
    await client.end();
    await administrator.query(`DROP ROLE ${pg.escapeIdentifier(username)}`);
    await administrator.end();
    await rules(first);
  });

  it('knows hosts by their names', async () => {
    await rules('host all bob localhost reject\nhost all all all scram-sha-256');
    expect(await refusal({ user: 'bob', password: 'b' })).toMatchObject({
      message: 'pg_hba.conf rejects connection for host "127.0.0.1", user "bob", database "postgres", no encryption',
    });
    expect(await refusal({ user: 'ann', password: 'a' })).toBeUndefined();
    await rules('host all bob nowhere.invalid reject\nhost all all all scram-sha-256');
    expect(await refusal({ user: 'bob', password: 'b' })).toBeUndefined();
    await rules(first);
  });

  it('refuses TLS on the Unix socket, and answers GSS with N', async () => {
    const client = new RawClient(server.port);
    client.send(
      startup({ protocol: 80_877_104 })
        .subarray(0, 8)
        .fill(Buffer.from([0, 0, 0, 8]), 0, 4),
    );
    const bytes = await new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
    expect(bytes.toString()).toBe('N');
    client.socket.destroy();
  });

  it('does not go on after an answer that nobody asked for', async () => {
    const client = new RawClient(server.port);
    client.send(startup(), message('Q', 'SELECT 1'));
    const error = (await client.until('E')).find(({ type }) => type === 'E');
    expect(error && fieldsOf(error)).toMatchObject({ S: 'FATAL', C: '08P01', M: 'expected SASL response, got message type 81' });
    await client.until('never');
  });
});

describe('failed log-ins', () => {
  it('slow down their address, and failures for their role', () => {
    let now = 0;
    const throttle = new LoginThrottle(100, () => now);
    for (let i = 0; i < 10; i++) expect(throttle.failed('a', 'ann')).toBe(0);
    expect(throttle.beforeMs('a')).toBe(0);
    expect(throttle.failed('a', 'ann')).toBe(100);
    expect(throttle.beforeMs('a')).toBe(100);
    // Another address is heard at once, but guesses of the same role wait.
    expect(throttle.beforeMs('b')).toBe(0);
    expect(throttle.failed('b', 'ann')).toBe(200);
    expect(throttle.failed('b', 'bob')).toBe(0);
    now = 150;
    expect(throttle.beforeMs('a')).toBe(0);
    for (let i = 0; i < 10_000; i++) throttle.failed('a', 'ann');
    expect(throttle.beforeMs('a')).toBe(10_000);
    now = 10_000_000;
    expect(throttle.beforeMs('a')).toBe(0);
  });

  it('make the server slower to answer', async () => {
    const server = await createServer({
      host: '127.0.0.1',
      port: 0,
      data: new MemoryStore(),
      password: PASSWORD,
      settings: { 'kalamdb.login_failure_delay': '50' },
    });
    const attempt = async (password: string): Promise<number> => {
      const started = performance.now();
      const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', password, database: 'postgres' });
      client.on('error', () => undefined);
      await client.connect().then(
        () => client.end(),
        () => undefined,
      );
      return performance.now() - started;
    };
    const guesses = Promise.all(Array.from({ length: 40 }, () => attempt('wrong')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await attempt(PASSWORD)).toBeGreaterThan(200);
    expect(Math.max(...(await guesses))).toBeGreaterThan(700);
    expect(await attempt(PASSWORD)).toBeLessThan(200);
    await server.close();
  });
});
