import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import { fieldsOf, i16, i32, message, RawClient, value } from './raw-client.js';

const query = (text: string) => message('Q', text);
const sync = message('S');
const run = (text: string, ...params: string[]) =>
  Buffer.concat([
    message('P', '', text, i16(0)),
    message('B', '', '', i16(0), i16(params.length), ...params.map(value), i16(0)),
    message('E', '', i32(0)),
  ]);

describe('flow of messages', () => {
  let server: KalamServer;
  const clients: RawClient[] = [];
  beforeAll(async () => {
    server = await createServer({ host: '127.0.0.1', port: 0, data: new MemoryStore(), trust: true });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });
  afterAll(() => server.close());

  const open = async (): Promise<RawClient> => {
    const client = await RawClient.open(server.port);
    clients.push(client);
    return client;
  };

  it('answers a pipeline of many statements in order, in few writes', async () => {
    const client = await open();
    client.chunks = 0;
    client.send(...Array.from({ length: 500 }, (_, i) => Buffer.concat([run('SELECT $1::int', String(i)), sync])));
    const answers = await client.until('Z', 500);
    const rows = answers.filter(({ type }) => type === 'D').map(({ body }) => Number(body.subarray(6).toString()));
    expect(rows).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(client.chunks).toBeLessThan(50);
  });

  it('takes messages apart however they are cut', async () => {
    const client = await open();
    for (const byte of Buffer.concat([run("SELECT 'in pieces'"), sync])) {
      client.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answers = await client.until('Z');
    expect(
      answers
        .find(({ type }) => type === 'D')
        ?.body.subarray(6)
        .toString(),
    ).toBe('in pieces');
  });

  it('sends what it has at Flush, before Sync', async () => {
    const client = await open();
    client.send(run('SELECT 1'), message('H'));
    expect((await client.until('C')).map(({ type }) => type).join('')).toBe('12DC');
    client.send(sync);
    await client.until('Z');
  });

  it('streams a large result only as fast as the client reads', async () => {
    const client = await open();
    client.socket.pause();
    const rows = 30_000;
    client.send(query(`SELECT g, repeat('x', 1000) FROM generate_series(1, ${rows}) AS g`));
    const [entry] = server.parts.sessions.all();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const buffered = entry?.session.core.output.bufferedBytes ?? 0;
    expect(buffered).toBeGreaterThan(0);
    expect(buffered).toBeLessThan(4 * 1024 * 1024);
    // Others are served meanwhile.
    const other = await open();
    other.send(query('SELECT 1'));
    await other.until('Z');
    client.socket.resume();
    const answers = await client.until('Z');
    expect(answers.filter(({ type }) => type === 'D')).toHaveLength(rows);
  });

  it('takes COPY data in messages of any size, and in lines of any length', { timeout: 10_000 }, async () => {
    const client = await open();
    client.send(query('CREATE TEMP TABLE copied (a text); COPY copied FROM STDIN'));
    await client.until('G');
    const line = Buffer.alloc(3 * 1024 * 1024, 'x');
    line[line.length - 1] = 10;
    client.send(message('d', line));
    // The same again, a line in many messages.
    for (let at = 0; at < line.length; at += 1000) client.send(message('d', line.subarray(at, at + 1000)));
    client.send(message('c'), query('SELECT count(*), sum(length(a)) FROM copied'));
    const answers = await client.until('Z', 2);
    expect(answers.find(({ type }) => type === 'D')?.body).toEqual(Buffer.concat([i16(2), value('2'), value('6291454')]));
  });

  it('forgets a client that goes away in the middle of a result, a transaction or a COPY', async () => {
    const admin = await open();
    admin.send(query('CREATE TABLE gone (a int PRIMARY KEY)'));
    await admin.until('Z');
    const endings = [
      query("SELECT repeat('x', 100000) FROM generate_series(1, 10000)"),
      query('BEGIN; INSERT INTO gone VALUES (1)'),
      Buffer.concat([query('COPY gone FROM STDIN'), message('d', Buffer.from('1\n2\n'))]),
      query('SELECT pg_sleep(60)'),
    ];
    for (const ending of endings) {
      const client = await RawClient.open(server.port);
      client.send(ending);
      await new Promise((resolve) => setTimeout(resolve, 50));
      client.socket.destroy();
    }
    await expect.poll(() => server.parts.sessions.size, { timeout: 3000 }).toBe(1);
    // Nothing of theirs is left, and no lock.
    admin.send(query('INSERT INTO gone VALUES (1); SELECT count(*) FROM gone'));
    const answers = await admin.until('Z');
    expect(
      answers
        .find(({ type }) => type === 'D')
        ?.body.subarray(6)
        .toString(),
    ).toBe('1');
    expect([...server.parts.transactions.active()]).toEqual([]);
  });

  it('lives through messages that make no sense, one connection at a time', async () => {
    const good = await open();
    for (let seed = 1; seed <= 60; seed++) {
      const bad = await RawClient.open(server.port);
      bad.send(noise(seed));
      bad.socket.end();
      await Promise.race([bad.until('never'), new Promise((resolve) => setTimeout(resolve, 20))]);
      bad.socket.destroy();
    }
    good.send(query('SELECT 1'));
    expect((await good.until('Z')).map(({ type }) => type).join('')).toBe('TDCZ');
  });

  it('answers an unexpected exception with XX000 and goes on', async () => {
    const client = await open();
    const { library } = server.parts.compile;
    const original = library.scalar;
    library.scalar = () => {
      throw new TypeError('a bug');
    };
    try {
      client.send(query("SELECT upper('never planned before' || 'x')"));
      const error = (await client.until('Z')).find(({ type }) => type === 'E');
      expect(error && fieldsOf(error)).toMatchObject({ S: 'ERROR', C: 'XX000', M: 'internal error: a bug' });
    } finally {
      library.scalar = original;
    }
    client.send(query("SELECT upper('never planned before' || 'x')"));
    expect((await client.until('Z')).map(({ type }) => type).join('')).toBe('TDCZ');
  });
});

/** Messages with valid frames and random bodies, the same for a seed. */
function noise(seed: number): Buffer {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const types = 'BCDEHPQSdcfp';
  return Buffer.concat(
    Array.from({ length: 5 }, () =>
      message(types.charAt(next(types.length)), Buffer.from(Array.from({ length: next(40) }, () => next(256)))),
    ),
  );
}
