import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, ServerProcess } from '../harness/server-process.js';
import { message, startup } from '../wire/raw-client.js';

const MB = 1024 * 1024;
const server = new ServerProcess({ label: 'large-values', environment: { NODE_OPTIONS: '--max-old-space-size=1024' } });
let admin: pg.Client;

async function open(): Promise<pg.Client> {
  const client = new pg.Client(server.connection);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Without pages of the data file. */
const memoryMb = (): number => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;

beforeAll(async () => {
  await server.start();
  admin = await open();
  await admin.query(`CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'`);
});
afterAll(async () => {
  await admin?.end();
  await server.close();
});

describe('a client that does not read', () => {
  /** Asks, and leaves the answers where they are. */
  async function asking(texts: readonly string[], inRows: boolean): Promise<Socket> {
    const client = await open();
    const { stream: socket } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    socket.removeAllListeners('data');
    socket.pause();
    const simple = texts.map((text) => message('Q', text));
    const extended = texts.map((text) =>
      Buffer.concat([
        message('P', '', text, Buffer.alloc(2)),
        message('B', '', '', Buffer.alloc(6)),
        message('E', '', Buffer.alloc(4)),
        message('S'),
      ]),
    );
    socket.write(Buffer.concat(inRows ? simple : extended));
    return socket;
  }

  it.each([
    ['rows', ["SELECT repeat('x', 10000) FROM generate_series(1, 1000000)"], true],
    ['rows of a portal', ["SELECT repeat('x', 10000) FROM generate_series(1, 1000000)"], false],
    ['COPY TO STDOUT', ["COPY (SELECT repeat('x', 10000) FROM generate_series(1, 1000000)) TO STDOUT"], true],
    ['many answers', Array.from({ length: 3000 }, () => "SELECT repeat('x', 100000)"), true],
    ['errors and notices', Array.from({ length: 3000 }, () => "DO $$ BEGIN RAISE NOTICE '%', repeat('x', 100000); END $$"), false],
  ] as const)('holds no more than kalamdb.max_unread_results: %s', async (_what, texts, inRows) => {
    const before = memoryMb();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => asking(texts, inRows)));
    let most = 0;
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      most = Math.max(most, memoryMb());
    }
    const started = performance.now();
    await admin.query('SELECT 1');
    expect(performance.now() - started).toBeLessThan(1000);
    for (const socket of sockets) socket.destroy();
    // Each asked for 300 MB or more: 20 times 1 MB may wait, and V8 keeps garbage for a while.
    expect(most - before).toBeLessThan(200);
    await expect.poll(async () => (await admin.query('SELECT count(*)::int AS n FROM pg_stat_activity')).rows[0].n).toBe(1);
  });

  it('before it has shown who it is holds no more than a packet', async () => {
    const before = memoryMb();
    const hello = startup({ user: 'reader', database: 'postgres' });
    const sockets = await Promise.all(
      Array.from({ length: 150 }, async () => {
        const socket = connect(server.port, server.host);
        socket.on('error', () => undefined);
        socket.write(Buffer.concat([hello, Buffer.from('p'), Buffer.from([0, 0, 0xff, 0xff]), Buffer.alloc(60_000, 1)]));
        return socket;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(memoryMb() - before).toBeLessThan(100);
    for (const socket of sockets) socket.destroy();
  });
});

describe('large values', () => {
  it('a parameter of 100 MB comes and goes, in text and in binary', async () => {
    const client = await open();
    const text = 'x'.repeat(100 * MB);
    const { rows } = await client
      .query('SELECT length($1::text) AS length, $1::text = $2 AS same, $1::text AS text', [text, text])
      .catch((error: unknown) => ({ rows: [error] }));
    // Two of them are more than kalamdb.max_message_size.
    expect(rows[0]).toMatchObject({ code: '54000' });
    const again = await open();
    const one = await again.query('SELECT length($1::text) AS length, $1::text AS text', [text]);
    expect(one.rows[0].length).toBe(text.length);
    expect(one.rows[0].text === text).toBe(true);
    const bytes = Buffer.alloc(100 * MB, 7);
    const binary = await again.query('SELECT length($1::bytea) AS length', [bytes]);
    expect(binary.rows[0].length).toBe(bytes.length);
    await again.end();
    await client.end().catch(() => undefined);
  });

  it('goes into a table and back', async () => {
    const client = await open();
    await client.query('CREATE TABLE large (a text)');
    const text = 'y'.repeat(60 * MB);
    await client.query('INSERT INTO large VALUES ($1)', [text]);
    const { rows } = await client.query('SELECT a FROM large');
    expect(rows[0].a === text).toBe(true);
    await client.query('DROP TABLE large');
    await client.end();
  });

  it.each([
    ["SELECT repeat('x', 1073741824)", /^54000$/],
    ["SELECT length(repeat('x', 60000000) || repeat('y', 60000000))", /^54000$/],
    ["SELECT length(string_agg(repeat('x', 10000000), '')) FROM generate_series(1, 120)", /^(54000|53200)$/],
    [`SELECT ${Array.from({ length: 20 }, () => "repeat('x', 60000000)").join(', ')}`, /^54000$/],
    ["SELECT count(pg_notify('x' || g, repeat('y', 7000))) FROM generate_series(1, 20000) AS g", /^54000$/],
    ["SELECT length(lpad('x', 1073741824))", /^54000$/],
  ])('of 1 GB is refused, and the session goes on: %s', async (text, code) => {
    await expect(admin.query(text)).rejects.toMatchObject({ code: expect.stringMatching(code) });
    expect((await admin.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
