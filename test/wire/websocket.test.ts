import type { Duplex } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebSocketStream, WebSocket } from 'ws';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { message, startup } from './raw-client.js';

const PASSWORD = 'secret';

describe('the protocol over WebSocket', () => {
  let server: KalamServer;
  beforeAll(async () => {
    server = await createServer({
      host: '127.0.0.1',
      port: 0,
      websocketPort: 0,
      websocketOrigins: ['https://shop.example'],
      data: new MemoryStore(),
      password: PASSWORD,
    });
  });
  afterAll(() => server.close());

  const url = () => `ws://127.0.0.1:${server.websocketPort}/v2`;
  /** node-postgres over a WebSocket: what it wants of a socket besides a stream. */
  function socket(origin?: string): Duplex {
    const stream = createWebSocketStream(new WebSocket(url(), { ...(origin === undefined ? {} : { origin }) }));
    const more = { setNoDelay: () => undefined, setKeepAlive: () => undefined, ref: () => undefined, unref: () => undefined };
    return Object.assign(stream, more, { connect: () => setImmediate(() => stream.emit('connect')) });
  }
  async function open(origin?: string): Promise<pg.Client> {
    const client = new pg.Client({
      user: 'postgres',
      password: PASSWORD,
      database: 'postgres',
      stream: () => socket(origin) as import('node:net').Socket,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  it('carries sessions, with large messages both ways', async () => {
    const client = await open();
    const { rows } = await client.query('SELECT length($1::text) AS length, repeat($1, 2) AS twice', ['x'.repeat(2_000_000)]);
    expect([rows[0].length, rows[0].twice.length]).toEqual([2_000_000, 4_000_000]);
    expect((await client.query('SELECT n FROM generate_series(1, 100000) AS n')).rows.length).toBe(100_000);
    const activity = await client.query(
      'SELECT client_addr, inet_client_addr() AS address FROM pg_stat_activity WHERE pid = pg_backend_pid()',
    );
    expect(activity.rows).toEqual([{ client_addr: '127.0.0.1', address: '127.0.0.1' }]);
    await client.end();
  });

  it('does not mind how the bytes are cut into frames', async () => {
    const web = new WebSocket(url());
    await new Promise((resolve) => web.once('open', resolve));
    const received: Buffer[] = [];
    web.on('message', (data: Buffer) => received.push(data));
    for (const byte of startup()) web.send(Buffer.from([byte]));
    await expect.poll(() => Buffer.concat(received).toString('latin1')).toContain('SCRAM-SHA-256');
    web.send(Buffer.concat([message('p', 'x'), message('X')]));
    await new Promise((resolve) => web.once('close', resolve));
  });

  it('lets pages in from origins that were named, and from no others', async () => {
    await (await open('https://shop.example')).end();
    await expect(open('https://evil.example')).rejects.toThrow('403');
    const answer = await fetch(`http://127.0.0.1:${server.websocketPort}/`);
    expect(answer.status).toBe(426);
  });

  it('ends a session whose socket breaks, and what it was running', async () => {
    const other = await open();
    const web = new WebSocket(url());
    await new Promise((resolve) => web.once('open', resolve));
    web.terminate();
    const client = await open();
    const stream = (client as unknown as { connection: { stream: Duplex } }).connection.stream;
    client.query('SELECT pg_sleep(60)').catch(() => undefined);
    const count = async () =>
      Number((await other.query("SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'")).rows[0].n);
    await expect.poll(count).toBe(2);
    // The one that counts is one of them.
    stream.destroy();
    await expect.poll(count).toBe(1);
    await other.end();
  });
});
