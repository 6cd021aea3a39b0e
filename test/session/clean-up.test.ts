import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createServer, type KalamServer } from '../../src/server.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';

let server: KalamServer;
let client: pg.Client;
const store = new MemoryStore();

beforeAll(async () => {
  server = await createServer({ host: '127.0.0.1', port: 0, data: store, password: 'secret' });
  client = new pg.Client({ host: server.host, port: server.port, user: 'postgres', password: 'secret', database: 'postgres' });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await server.close();
});

it('removes expired rows of stream tables and their index entries from the store, and no others', async () => {
  await client.query("CREATE TABLE events (id int PRIMARY KEY, what text UNIQUE) WITH (type = 'stream', ttl = '1 s')");
  await client.query('CREATE INDEX ON events (lower(what))');
  await client.query("INSERT INTO events SELECT i, 'event ' || i FROM generate_series(1, 5000) AS i");
  const full = store.stats().entries;
  await expect.poll(async () => (await client.query('SELECT count(*)::int AS n FROM events')).rows, { timeout: 3000 }).toEqual([{ n: 0 }]);
  // A key that is taken again while its old row waits to be removed keeps its new row.
  await client.query("INSERT INTO events VALUES (1, 'event 1')");
  await expect.poll(() => full - store.stats().entries, { timeout: 8000 }).toBeGreaterThan(14_000);
  await client.query("INSERT INTO events VALUES (2, 'event 2')");
  expect((await client.query("SELECT id FROM events WHERE what = 'event 2'")).rows).toEqual([{ id: 2 }]);
});
