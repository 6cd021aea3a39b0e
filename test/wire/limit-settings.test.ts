import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { tooFewFiles } from '../../src/wire/open-files.js';
import { fieldsOf, i16, i32, message, RawClient, value } from './raw-client.js';

describe('settings that limit what a client may do', () => {
  let server: KalamServer;
  const clients: pg.Client[] = [];
  const settings = {
    'kalamdb.max_statement_length': '64',
    'kalamdb.max_statement_nesting': '60',
    'kalamdb.max_message_size': '1024',
    tcp_keepalives_idle: '30',
  };
  beforeAll(async () => {
    server = await createServer({ host: '127.0.0.1', port: 0, data: new MemoryStore(), trust: true, settings });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end().catch(() => undefined);
  });
  afterAll(() => server.close());

  async function open(): Promise<pg.Client> {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  }
  const code = (client: pg.Client, text: string): Promise<unknown> =>
    client.query(text).then(
      () => 'ok',
      (error: { code?: string }) => error.code,
    );

  it('kalamdb.max_statement_length counts what is outside of literals', async () => {
    const client = await open();
    expect(await code(client, `SELECT ${'1,'.repeat(30_000)} 1`)).toBe('54011'); // too many columns, but read
    expect(await code(client, `SELECT ${'1,'.repeat(40_000)} 1`)).toBe('54001');
    expect(await code(client, `SELECT '${'x'.repeat(500_000)}'`)).toBe('ok');
  });

  it('kalamdb.max_statement_nesting', async () => {
    const client = await open();
    const nested = (depth: number): string => `SELECT ${'('.repeat(depth)}SELECT 1${')'.repeat(depth)}`;
    const sums = (depth: number): string => `SELECT 1${' + 1'.repeat(depth)}`;
    expect(await code(client, sums(40))).toBe('ok');
    expect(await code(client, sums(100))).toBe('54001');
    const queries = (depth: number): string => (depth === 0 ? 'SELECT 1 AS a' : `SELECT a FROM (${queries(depth - 1)}) AS t${depth}`);
    expect(await code(client, queries(10))).toBe('ok');
    expect(await code(client, queries(100))).toBe('54001');
    expect(await code(client, nested(5))).toBe('ok');
    expect(await code(client, 'SELECT 1')).toBe('ok');
  });

  it('statement_timeout ends what runs, what waits and what sends', async () => {
    const client = await open();
    await client.query("SET statement_timeout = '80ms'");
    for (const text of [
      'SELECT pg_sleep(20)',
      'SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b',
      'SELECT g FROM generate_series(1, 100000000) g',
      'DO $$ BEGIN LOOP NULL; END LOOP; END $$',
    ]) {
      const started = performance.now();
      expect(await code(client, text)).toBe('57014');
      expect(performance.now() - started).toBeLessThan(3000);
    }
    expect(await code(client, 'SELECT 1')).toBe('ok');
  });

  it('tcp_keepalives_idle: the kernel asks for the client when it says nothing', async () => {
    const client = await open();
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    await expect.poll(() => keepAliveTimer(server.port, (stream.address() as AddressInfo).port)).toBeGreaterThan(0);
    expect(keepAliveTimer(server.port, (stream.address() as AddressInfo).port)).toBeLessThanOrEqual(30);
    expect((await client.query('SHOW tcp_keepalives_idle')).rows).toEqual([{ tcp_keepalives_idle: '30s' }]);
  });

  it('kalamdb.max_message_size is told before the message has been taken in, however much is on its way', async () => {
    const client = await RawClient.open(server.port);
    client.socket.write(Buffer.concat([Buffer.from('B'), i32(1024 ** 3 + 4)]));
    const chunk = Buffer.alloc(1024 * 1024);
    let sent = 0;
    const closed = new Promise<void>((resolve) => client.socket.once('close', () => resolve()));
    while (!client.closed && sent < 200) {
      sent++;
      if (client.socket.write(chunk)) continue;
      await Promise.race([new Promise<void>((resolve) => client.socket.once('drain', resolve)), closed]);
    }
    await closed;
    expect(sent).toBeLessThan(100);
    const error = client.messages.find(({ type }) => type === 'E');
    expect(error && fieldsOf(error)).toMatchObject({
      S: 'FATAL',
      C: '54000',
      M: `message of ${1024 ** 3 + 4} bytes exceeds the limit of 1048576 bytes`,
    });
    expect(await code(await open(), 'SELECT 1')).toBe('ok');
  });

  it('max_connections says so where the process may not open as many files', () => {
    expect(tooFewFiles(5000, 1024)).toBe(
      'max_connections is 5000, for which this process would have to open 5200 files, and it may open 1024: raise ulimit -n, or lower max_connections',
    );
    expect(tooFewFiles(5000, 5200)).toBeUndefined();
    expect(tooFewFiles(100)).toBeUndefined();
  });

  it('kalamdb.max_prepared_statements and kalamdb.max_cursors hold for one session', async () => {
    const client = await RawClient.open(server.port);
    const setUp = await open();
    await setUp.query('ALTER ROLE postgres SET kalamdb.max_prepared_statements = 20; ALTER ROLE postgres SET kalamdb.max_cursors = 20');
    const limited = await RawClient.open(server.port);
    const parses = Array.from({ length: 21 }, (_, i) => message('P', `s${i}`, 'SELECT $1::text', i16(0)));
    limited.send(...parses, message('S'));
    const answers = await limited.until('Z');
    expect(answers.filter(({ type }) => type === '1')).toHaveLength(20);
    expect(answers.filter(({ type }) => type === 'E').map((error) => fieldsOf(error).C)).toEqual(['54000']);
    const binds = Array.from({ length: 21 }, (_, i) => message('B', `p${i}`, 's0', i16(0), i16(1), value('x'), i16(0)));
    limited.send(...binds, message('S'));
    const bound = await limited.until('Z');
    expect(bound.filter(({ type }) => type === '2')).toHaveLength(20);
    expect(bound.filter(({ type }) => type === 'E').map((error) => fieldsOf(error).C)).toEqual(['54000']);
    await setUp.query('ALTER ROLE postgres RESET ALL');
    await client.end();
    await limited.end();
  });
});

/** Seconds until the server's side of a connection is asked for a sign of life; 0: the kernel has no such timer for it. */
function keepAliveTimer(serverPort: number, clientPort: number): number {
  const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local = '', remote = '', , , timer = ''] = line.trim().split(/\s+/);
    if (!local.endsWith(`:${hex(serverPort)}`) || !remote.endsWith(`:${hex(clientPort)}`)) continue;
    const [active, jiffies = '0'] = timer.split(':');
    return active === '02' ? Number.parseInt(jiffies, 16) / 100 : 0;
  }
  return 0;
}
