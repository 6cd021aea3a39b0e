import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { TestAuthority } from '../harness/certificates.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';
import { fieldsOf, i32, message, packet, startup } from './raw-client.js';

const PASSWORD = 'secret';
const SSL_REQUEST = packet(i32(80_877_103));

const RULES = `hostssl   all  ann      127.0.0.1/32 cert
hostssl   all  cora     127.0.0.1/32 scram-sha-256 clientcert=verify-ca
hostssl   all  dora     127.0.0.1/32 scram-sha-256 clientcert=verify-full
hostnossl all  plain    127.0.0.1/32 scram-sha-256
hostssl   all  sent     127.0.0.1/32 password
hostssl   all  postgres 127.0.0.1/32 scram-sha-256
`;

describe('TLS', () => {
  const directory = temporaryDirectory('tls');
  const files = temporaryDirectory('tls-files');
  let server: KalamServer;
  let authority: TestAuthority;
  let chosen: { readonly certificate: string; readonly key: string };

  beforeAll(async () => {
    authority = new TestAuthority(files.path);
    const issued = authority.issue('server', '/CN=localhost');
    chosen = { certificate: join(files.path, 'now.crt'), key: join(files.path, 'now.key') };
    copyFileSync(issued.certificate, chosen.certificate);
    copyFileSync(issued.key, chosen.key);
    writeFileSync(join(directory.path, 'hba.conf'), RULES);
    server = await createServer({
      host: '127.0.0.1',
      port: 0,
      data: directory.path,
      password: PASSWORD,
      tls: { ...chosen, authorities: authority.certificate },
    });
    const client = await open();
    await client.query("CREATE ROLE ann LOGIN; CREATE ROLE cora LOGIN PASSWORD 'c'; CREATE ROLE dora LOGIN PASSWORD 'd'");
    await client.query("CREATE ROLE plain LOGIN PASSWORD 'p'; CREATE ROLE sent LOGIN PASSWORD 's'");
    await client.end();
  });
  afterAll(async () => {
    await server.close();
    directory.remove();
    files.remove();
  });

  const ca = () => readFileSync(authority.certificate, 'utf8');
  const driver = (options: pg.ClientConfig = {}) =>
    new pg.Client({
      host: 'localhost',
      port: server.port,
      user: 'postgres',
      password: PASSWORD,
      database: 'postgres',
      ssl: { ca: ca() },
      ...options,
    });
  async function open(options: pg.ClientConfig = {}): Promise<pg.Client> {
    const client = driver(options);
    await client.connect();
    return client;
  }
  const refusal = async (options: pg.ClientConfig): Promise<unknown> => {
    const client = driver(options);
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end(),
      (error: unknown) => error,
    );
  };
  const certificate = (name: string, subject: string, from = authority) => {
    const pair = from.issue(name, subject);
    return { ca: ca(), cert: readFileSync(pair.certificate, 'utf8'), key: readFileSync(pair.key, 'utf8') };
  };
  const psql = (conninfo: string, sql: string) =>
    promisify(execFile)(
      'psql',
      ['-XAtc', sql, `host=localhost ${conninfo.includes('port=') ? '' : `port=${server.port}`} dbname=postgres ${conninfo}`],
      {
        env: { ...process.env, PGPASSWORD: PASSWORD },
      },
    ).then(({ stdout }) => stdout.trim());

  it('is what a connection says of itself', async () => {
    const client = await open();
    const { rows } = await client.query('SELECT ssl, version, cipher, bits, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ ssl: true, version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', bits: 256, client_dn: null }]);
    expect((await client.query('SHOW ssl')).rows).toEqual([{ ssl: 'on' }]);
    await client.end();
  });

  it('carries large results and parameters', async () => {
    const client = await open();
    const { rows } = await client.query('SELECT length($1::text) AS length, repeat($1::text, 3) AS text', ['x'.repeat(3_000_000)]);
    expect(rows[0].length).toBe(3_000_000);
    expect(rows[0].text.length).toBe(9_000_000);
    await client.end();
  });

  it('speaks TLS 1.2 too, and nothing older', async () => {
    const client = await open({ ssl: { ca: ca(), maxVersion: 'TLSv1.2' } });
    const { rows } = await client.query('SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    expect(rows).toEqual([{ version: 'TLSv1.2' }]);
    await client.end();
    expect(await refusal({ ssl: { ca: ca(), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } })).toBeInstanceOf(Error);
  });

  it('satisfies psql with sslmode=verify-full, and binds SCRAM to the channel', async () => {
    const secure = `user=postgres sslmode=verify-full sslrootcert=${authority.certificate}`;
    expect(await psql(`${secure} channel_binding=require`, 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toBe('t');
    expect(await psql(`${secure} channel_binding=disable`, 'SELECT 1')).toBe('1');
    await expect(psql('user=postgres sslmode=disable', 'SELECT 1')).rejects.toThrow(
      `no pg_hba.conf entry for host "127.0.0.1", user "postgres", database "postgres", no encryption`,
    );
    await expect(psql(`user=plain sslmode=require`, 'SELECT 1')).rejects.toThrow(
      `no pg_hba.conf entry for host "127.0.0.1", user "plain", database "postgres", SSL encryption`,
    );
  });

  it('carries what psql repeats with \\watch', async () => {
    const secure = `host=localhost port=${server.port} dbname=postgres user=postgres sslmode=verify-full sslrootcert=${authority.certificate}`;
    const child = execFile('psql', ['-XAtq', secure], { env: { ...process.env, PGPASSWORD: PASSWORD } });
    let output = '';
    child.stdout?.on('data', (text: string) => {
      output += text;
    });
    // It goes on until there is an error.
    child.stdin?.end("CREATE SEQUENCE rounds;\nSELECT 60 / (4 - nextval('rounds')) AS left \\watch 0.05\nSELECT 'over';\n");
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
    expect(output.match(/^(20|30|60|over)$/gm)).toEqual(['20', '30', '60', 'over']);
  });

  it('takes a client certificate for a password', async () => {
    const ann = certificate('ann', '/O=Shop/CN=ann');
    const client = await open({ user: 'ann', password: 'none', ssl: ann });
    const { rows } = await client.query(
      'SELECT current_user AS me, client_dn, client_serial > 0 AS serial, issuer_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    expect(rows).toEqual([{ me: 'ann', client_dn: '/O=Shop/CN=ann', serial: true, issuer_dn: '/CN=authority' }]);
    await client.end();
    const other = await open({ user: 'dora', password: 'd', ssl: certificate('dora0', '/CN=dora') });
    const watched = await open({ user: 'ann', ssl: ann });
    const seen = await other.query('SELECT count(*) AS all, count(client_dn) AS shown, max(client_dn) AS dn FROM pg_stat_ssl');
    expect(seen.rows[0]).toMatchObject({ shown: '1', dn: '/CN=dora' });
    await other.end();
    await watched.end();
    expect(await refusal({ user: 'ann' })).toMatchObject({ code: '28000', message: 'connection requires a valid client certificate' });
    const bob = certificate('bob', '/CN=bob');
    expect(await refusal({ user: 'ann', ssl: bob })).toMatchObject({
      code: '28000',
      message: 'certificate authentication failed for user "ann"',
    });
    // One common name that is right, behind one that is not.
    expect(await refusal({ user: 'ann', ssl: certificate('two', '/CN=bob/CN=ann') })).toMatchObject({ code: '28000' });
    const stranger = new TestAuthority(files.path, 'stranger');
    expect(await refusal({ user: 'ann', ssl: certificate('forged', '/CN=ann', stranger) })).toMatchObject({
      code: '28000',
      message: 'the client certificate is not trusted',
    });
  });

  it('asks for a certificate besides a password: clientcert', async () => {
    const bob = certificate('bob2', '/CN=bob');
    await (await open({ user: 'cora', password: 'c', ssl: bob })).end();
    expect(await refusal({ user: 'cora', password: 'x', ssl: bob })).toMatchObject({ code: '28P01' });
    expect(await refusal({ user: 'cora', password: 'c' })).toMatchObject({ code: '28000' });
    expect(await refusal({ user: 'dora', password: 'd', ssl: bob })).toMatchObject({ code: '28000' });
    await (await open({ user: 'dora', password: 'd', ssl: certificate('dora', '/CN=dora') })).end();
  });

  it('takes a password as it is where a rule asks for it', async () => {
    await (await open({ user: 'sent', password: 's' })).end();
    expect(await refusal({ user: 'sent', password: 'S' })).toMatchObject({
      code: '28P01',
      message: 'password authentication failed for user "sent"',
    });
    expect(await refusal({ user: 'sent', password: '' })).toMatchObject({ code: '28P01' });
  });

  const direct = (options: { readonly ALPNProtocols?: string[] }) =>
    new Promise<TLSSocket>((resolve, reject) => {
      const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: ca(), servername: 'localhost', ...options }, () =>
        resolve(socket),
      );
      socket.on('error', reject);
    });
  const answer = (socket: { once(event: 'data', listener: (bytes: Buffer) => void): unknown }) =>
    new Promise<Buffer>((resolve) => socket.once('data', resolve));

  it('may begin at once, with ALPN', async () => {
    const socket = await direct({ ALPNProtocols: ['postgresql'] });
    expect(socket.alpnProtocol).toBe('postgresql');
    socket.write(startup());
    expect((await answer(socket)).toString('latin1')).toContain('SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
    socket.destroy();
    await expect(direct({ ALPNProtocols: ['http/1.1'] })).rejects.toThrow();
    const without = await direct({});
    const bytes = await answer(without);
    expect(fieldsOf({ type: 'E', body: bytes.subarray(5) })).toMatchObject({
      C: '08P01',
      M: 'received direct SSL connection request without ALPN protocol negotiation extension',
    });
  });

  it.each([
    ['y,,', 'SCRAM-SHA-256', '28000', 'SCRAM channel binding negotiation error'],
    ['n,,', 'SCRAM-SHA-256-PLUS', '08P01', 'malformed SCRAM message'],
    ['p=tls-unique,,', 'SCRAM-SHA-256-PLUS', '08P01', 'unsupported SCRAM channel-binding type "tls-unique"'],
    ['p=tls-server-end-point,,', 'SCRAM-SHA-256', '08P01', 'malformed SCRAM message'],
    ['n,a=other,', 'SCRAM-SHA-256', '0A000', 'client uses authorization identity, but it is not supported'],
    ['n,,', 'SCRAM-SHA-1', '08P01', 'client selected an invalid SASL authentication mechanism'],
  ])('refuses SCRAM that begins with %s as %s', async (header, mechanism, code, text) => {
    const socket = await direct({ ALPNProtocols: ['postgresql'] });
    socket.write(startup());
    await answer(socket);
    const first = Buffer.from(`${header}n=,r=abcdefghijklmnop`);
    socket.write(message('p', mechanism, i32(first.length), first));
    const bytes = await answer(socket);
    expect(fieldsOf({ type: 'E', body: bytes.subarray(5) })).toMatchObject({ S: 'FATAL', C: code, M: text });
    socket.destroy();
  });

  it('binds SCRAM to the certificate that the client has seen', async () => {
    const socket = await direct({ ALPNProtocols: ['postgresql'] });
    socket.write(startup());
    await answer(socket);
    const header = 'p=tls-server-end-point,,';
    const first = Buffer.from(`${header}n=,r=abcdefghijklmnop`);
    socket.write(message('p', 'SCRAM-SHA-256-PLUS', i32(first.length), first));
    const nonce = /r=([^,]+)/.exec((await answer(socket)).toString('latin1'))?.[1] ?? '';
    const seen = Buffer.concat([Buffer.from(header), Buffer.alloc(32, 7)]).toString('base64');
    socket.write(message('p', Buffer.from(`c=${seen},r=${nonce},p=${Buffer.alloc(32).toString('base64')}`)));
    const bytes = await answer(socket);
    expect(fieldsOf({ type: 'E', body: bytes.subarray(5) })).toMatchObject({ C: '28000', M: 'SCRAM channel binding check failed' });
    socket.destroy();
  });

  it('refuses bytes that came before it was there', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(Buffer.concat([SSL_REQUEST, startup()]));
    const bytes: Buffer[] = [];
    socket.on('data', (chunk) => bytes.push(chunk));
    await new Promise((resolve) => socket.once('close', resolve));
    const all = Buffer.concat(bytes);
    expect(all.subarray(0, 1).toString()).toBe('S');
    expect(fieldsOf({ type: 'E', body: all.subarray(6) })).toMatchObject({
      S: 'FATAL',
      C: '08P01',
      M: 'received unencrypted data after SSL request',
    });
  });

  it('is asked for once only', async () => {
    const socket = connectTls({ socket: await accepted(), ca: ca(), servername: 'localhost' });
    socket.write(SSL_REQUEST);
    const bytes = await answer(socket);
    expect(fieldsOf({ type: 'E', body: bytes.subarray(5) })).toMatchObject({
      C: '0A000',
      M: 'unsupported frontend protocol 1234.5679: server supports 3.0 to 3.2',
    });
    socket.destroy();
  });

  async function accepted() {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(SSL_REQUEST);
    expect((await answer(socket)).toString()).toBe('S');
    return socket;
  }

  it('survives clients that say nonsense, or nothing', async () => {
    const nonsense = await accepted();
    nonsense.on('error', () => undefined);
    nonsense.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => nonsense.once('close', resolve));
    const silent = await accepted();
    silent.destroy();
    const halfway = connect(server.port, '127.0.0.1');
    halfway.on('error', () => undefined);
    halfway.write(Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3]));
    halfway.end();
    await new Promise((resolve) => halfway.once('close', resolve));
    await (await open()).end();
  });

  it('has a new certificate after a reload, and keeps the old one where the new one is none', async () => {
    const before = await open();
    const issued = authority.issue('next', '/CN=localhost', 'sha384');
    copyFileSync(issued.certificate, chosen.certificate);
    await before.query('SELECT pg_reload_conf()');
    // Certificate and key do not fit: nothing has changed.
    await (await open()).end();
    copyFileSync(issued.key, chosen.key);
    await before.query('SELECT pg_reload_conf()');
    const socket = connectTls({ socket: await accepted(), ca: ca(), servername: 'localhost' });
    const serial = await new Promise((resolve) => socket.once('secureConnect', () => resolve(socket.getPeerX509Certificate()?.raw)));
    expect(serial).toEqual(Buffer.from(pemBody(readFileSync(issued.certificate, 'utf8')), 'base64'));
    socket.destroy();
    // Channel binding hashes with what the certificate is signed with.
    const secure = `user=postgres sslmode=verify-full sslrootcert=${authority.certificate}`;
    expect(await psql(`${secure} channel_binding=require`, 'SELECT 1')).toBe('1');
    expect((await before.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await before.end();
  });

  const pemBody = (pem: string): string => pem.replace(/-----[^-]+-----|\n/g, '');

  it('is not begun with a key that others may read, or with no files', async () => {
    const other = { host: '127.0.0.1', port: 0, data: temporaryDirectory('tls-no').path };
    const issued = authority.issue('open', '/CN=localhost');
    chmodSync(issued.key, 0o644);
    await expect(createServer({ ...other, tls: issued })).rejects.toThrow(/private key file ".*" has group or world access/);
    await expect(createServer({ ...other, tls: { ...issued, key: '/nowhere' } })).rejects.toThrow(
      /could not load server private key file "\/nowhere"/,
    );
  });

  it('makes a certificate for itself, once, that verify-full takes', async () => {
    const home = temporaryDirectory('tls-auto');
    const options = { host: '127.0.0.1', port: 0, data: home.path, password: PASSWORD, tls: { kind: 'auto' } } as const;
    const own = await createServer(options);
    const root = join(home.path, 'server.crt');
    const conninfo = `port=${own.port} user=postgres sslmode=verify-full sslrootcert=${root} channel_binding=require`;
    expect(await psql(conninfo, 'SELECT ssl FROM pg_stat_ssl')).toBe('t');
    const made = readFileSync(root, 'utf8');
    await own.close();
    const again = await createServer(options);
    expect(readFileSync(root, 'utf8')).toBe(made);
    await again.close();
    home.remove();
  });
});
