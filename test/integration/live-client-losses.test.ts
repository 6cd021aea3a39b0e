import type { AddressInfo } from 'node:net';
import { createServer, connect as netConnect, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LiveQueryEnded, live } from '../../src/client/live.js';
import { ServerProcess } from '../harness/server-process.js';

const PATIENT = { timeout: 15_000, interval: 10 };
const RETRY = { retryMs: 20 };

/** A wire that can be cut: after so many bytes from the server, or at once. */
class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Bytes from the server after which the next connection is cut. */
  cutAfter = Number.POSITIVE_INFINITY;
  connections = 0;

  constructor(target: () => { readonly host: string; readonly port: number }) {
    this.#server = createServer((client) => {
      this.connections++;
      let left = this.cutAfter;
      this.cutAfter = Number.POSITIVE_INFINITY;
      const upstream = netConnect(target());
      const close = (): void => {
        client.destroy();
        upstream.destroy();
      };
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', close);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          close();
        });
      }
      client.pipe(upstream);
      upstream.on('data', (data: Buffer) => {
        client.write(data.subarray(0, left));
        left -= data.length;
        if (left <= 0) client.end(close);
      });
    });
  }

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

describe('kalamdb/live when things are lost', () => {
  const server = new ServerProcess({ label: 'live-losses', args: ['--set', 'kalamdb.max_notification_queue=64kB'] });
  const wire = new Wire(() => server);
  let wirePort = 0;
  const pools: pg.Pool[] = [];
  const pool = (options: pg.PoolConfig = {}): pg.Pool => {
    const made = new pg.Pool({ ...server.connection, ...options });
    made.on('error', () => undefined);
    pools.push(made);
    return made;
  };
  let writer: pg.Pool;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    await server.start();
    wirePort = await wire.start();
  });
  beforeEach(async () => {
    writer = pool();
    await writer.query(
      "DROP TABLE IF EXISTS t; CREATE TABLE t (id int PRIMARY KEY, v text) WITH (type = 'user'); INSERT INTO t VALUES (1, 'a')",
    );
  });
  afterEach(async () => {
    wire.cutAfter = Number.POSITIVE_INFINITY;
    for (const stop of stops.splice(0)) await stop();
    for (const each of pools.splice(0)) await each.end();
  });
  afterAll(async () => {
    wire.close();
    await server.close();
  });

  const liveQueries = async (): Promise<number> => {
    const { rows } = await writer.query('SELECT count(*)::int AS n FROM system.live_queries');
    return rows[0].n;
  };
  /** Follows a query; what it has last, and every time it did not have the rows of one commit. */
  const follow = (db: pg.Pool, sql: string) => {
    const seen: { rows: readonly Record<string, unknown>[]; error?: Error } = { rows: [] };
    const rows = live(db, sql, [], RETRY);
    const stop = rows.subscribe(
      (now) => {
        seen.rows = now;
      },
      (error) => {
        seen.error = error;
      },
    );
    stops.push(stop);
    return { seen, stop };
  };

  it('comes back from a loss at every point, and has all', async () => {
    const followed = ['SELECT * FROM t ORDER BY id', 'SELECT count(*)::int AS n FROM t'].map((sql) =>
      follow(pool({ port: wirePort }), sql),
    );
    await expect.poll(() => followed.map(({ seen }) => seen.rows.length), PATIENT).toEqual([1, 1]);
    let id = 1;
    // Log-in takes some 700 bytes, LISTEN and the rows come behind it.
    for (let cutAfter = 30; cutAfter < 1600; cutAfter += 70) {
      wire.cut();
      wire.cutAfter = cutAfter;
      await writer.query("INSERT INTO t VALUES ($1, 'x')", [++id]);
      await writer.query('UPDATE t SET v = v || $1::text', [id % 10]);
      await expect
        .poll(() => followed.map(({ seen }) => [seen.rows.length, seen.rows[0]?.n]), PATIENT)
        .toEqual([
          [id, undefined],
          [1, id],
        ]);
      const { rows } = await writer.query('SELECT * FROM t ORDER BY id');
      await expect.poll(() => followed[0]?.seen.rows, PATIENT).toEqual(rows);
    }
    expect(followed.map(({ seen }) => seen.error)).toEqual([undefined, undefined]);
    for (const { stop } of followed) await stop();
    expect(await liveQueries()).toBe(0);
  }, 60_000);

  it('shares one connection of a pool', async () => {
    const db = pool({ max: 2 });
    const followed = Array.from({ length: 20 }, (_, i) => follow(db, `SELECT * FROM t WHERE id > ${i - 20}`));
    await expect.poll(() => followed.every(({ seen }) => seen.rows.length === 1), PATIENT).toBe(true);
    expect(db.totalCount).toBeLessThanOrEqual(2);
    expect(await liveQueries()).toBe(20);
    await db.query("INSERT INTO t VALUES (2, 'b')");
    await expect.poll(() => followed.every(({ seen }) => seen.rows.length === 2), PATIENT).toBe(true);
    for (const { stop } of followed) await stop();
    expect(await liveQueries()).toBe(0);
    expect(db.idleCount).toBe(db.totalCount);
  });

  it('says so when what it reads was dropped while it was away', async () => {
    const { seen } = follow(pool({ port: wirePort }), 'SELECT * FROM t');
    await expect.poll(() => seen.rows.length, PATIENT).toBe(1);
    wire.cutAfter = 1;
    wire.cut();
    await writer.query('DROP TABLE t');
    await expect.poll(() => seen.error?.message, PATIENT).toBe('relation "t" does not exist');
  });

  it('says so when the first connection can not be had', async () => {
    const nowhere = pool({ port: 1 });
    await expect(live(nowhere, 'SELECT * FROM t')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(live(writer, 'SELECT * FROM nowhere')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: '42P01' });
  });

  it('reads anew after a resync', async () => {
    const db = pool();
    const { seen, stop } = follow(db, 'SELECT id, length(v) AS n FROM t');
    await expect.poll(() => seen.rows.length, PATIENT).toBe(1);
    await writer.query('TRUNCATE t');
    await expect.poll(() => seen.rows.length, PATIENT).toBe(0);
    await writer.query("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20000) i");
    await writer.query("UPDATE t SET v = 'vv'");
    await writer.query("UPDATE t SET v = 'vvv'");
    await expect.poll(() => [seen.rows.length, seen.rows.every(({ n }) => n === 3)], PATIENT).toEqual([20000, true]);
    await stop();
  });

  it('reads anew when the client itself was too slow', async () => {
    const client = new pg.Client(server.connection);
    await client.connect();
    let rows: readonly Record<string, unknown>[] = [];
    const stop = live(client, 'SELECT * FROM t').subscribe((now) => {
      rows = now;
    });
    await expect.poll(() => rows.length, PATIENT).toBe(1);
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    stream.pause();
    for (let i = 0; i < 60; i++)
      await writer.query("INSERT INTO t SELECT $1 * 1000 + i, repeat('x', 100) FROM generate_series(1, 1000) i", [i + 1]);
    const { rows: told } = await writer.query('SELECT resyncs FROM system.live_queries');
    expect(told).toEqual([{ resyncs: '1' }]);
    stream.resume();
    await expect.poll(() => rows.length, PATIENT).toBe(60_001);
    await writer.query('DELETE FROM t WHERE id > 1');
    await expect.poll(() => rows, PATIENT).toEqual([{ id: 1, v: 'a' }]);
    await stop();
    await client.end();
  });

  it('ends with a client that is lost', async () => {
    const client = new pg.Client({ ...server.connection, port: wirePort });
    client.on('error', () => undefined);
    await client.connect();
    const first = live(client, 'SELECT * FROM t')[Symbol.asyncIterator]();
    const second = live(client, 'SELECT count(*)::int AS n FROM t')[Symbol.asyncIterator]();
    expect((await first.next()).value).toEqual([{ id: 1, v: 'a' }]);
    expect((await second.next()).value).toEqual([{ n: 1 }]);
    wire.cut();
    await expect(first.next()).rejects.toThrow('Connection terminated unexpectedly');
    await expect(second.next()).rejects.toThrow('Connection terminated unexpectedly');
    expect(await first.next()).toEqual({ value: undefined, done: true });
  });

  it('ends on the server with return, also while a next waits, and with a signal', async () => {
    const waits = live(writer, 'SELECT * FROM t')[Symbol.asyncIterator]();
    await waits.next();
    const pending = waits.next();
    await waits.return?.();
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(await liveQueries()).toBe(0);
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const rows of live(writer, 'SELECT * FROM t', [], { signal: stop.signal })) {
      seen.push(rows.length);
      stop.abort();
    }
    expect(seen).toEqual([1]);
    await expect.poll(liveQueries, PATIENT).toBe(0);
    for await (const _ of live(writer, 'SELECT * FROM t', [], { signal: stop.signal })) seen.push(-1);
    expect(seen).toEqual([1]);
  });

  it('has the newest rows for a slow consumer, and no queue', async () => {
    const seen: number[] = [];
    for await (const rows of live(writer, 'SELECT id FROM t')) {
      seen.push(rows.length);
      if (rows.length > 100) break;
      for (let i = 0; i < 50; i++) await writer.query('INSERT INTO t VALUES ($1)', [seen.length * 1000 + i]);
    }
    // The last one or two may not have come yet when it looks.
    expect(seen.length).toBeLessThan(6);
  });

  it('goes on for others when a reader throws', async () => {
    const caught: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => caught.push(error));
    try {
      const rows = live(writer, 'SELECT id FROM t');
      const seen: number[] = [];
      const stops = [
        rows.subscribe(() => {
          throw new Error('of the reader');
        }),
        rows.subscribe((now) => seen.push(now.length)),
      ];
      await expect.poll(() => seen, PATIENT).toEqual([1]);
      await writer.query('INSERT INTO t VALUES (2)');
      await expect.poll(() => seen, PATIENT).toEqual([1, 2]);
      for (const stop of stops) await stop();
      expect(caught).toHaveLength(2);
    } finally {
      process.removeAllListeners('uncaughtException');
      for (const listener of before) process.on('uncaughtException', listener);
    }
  });

  it('is the same with notifications in batches', async () => {
    const { seen, stop } = follow(pool({ options: '-c kalamdb.live_batch=on' }), 'SELECT * FROM t ORDER BY id DESC LIMIT 2');
    await expect.poll(() => seen.rows.length, PATIENT).toBe(1);
    await writer.query("INSERT INTO t SELECT i, 'x' FROM generate_series(2, 9) i");
    await writer.query('DELETE FROM t WHERE id = 9');
    await expect.poll(() => seen.rows.map(({ id }) => id), PATIENT).toEqual([8, 7]);
    await stop();
  });

  it('ends with the reason when the relation is altered', async () => {
    const rows = live(writer, 'SELECT * FROM t')[Symbol.asyncIterator]();
    await rows.next();
    await writer.query('ALTER TABLE t ADD COLUMN more int');
    await expect(rows.next()).rejects.toThrow(LiveQueryEnded);
  });
});
