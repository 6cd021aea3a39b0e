import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

const CALLERS = 8;
const KILLS = 4;

/** Power cuts (SIGKILL) under eight sessions that only call nextval: what somebody has been told never comes again. */
describe('a sequence', () => {
  const server = new ServerProcess({ label: 'sequences' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  it(`repeats no value after ${KILLS} times SIGKILL under ${CALLERS} callers`, async () => {
    await query('CREATE SEQUENCE s');
    const seen = new Set<number>();
    const twice: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const before = seen.size;
      const callers = Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller, seen, twice)));
      await expect.poll(() => seen.size - before, { timeout: 10_000, interval: 2 }).toBeGreaterThan(20 + kill * 200);
      await server.kill();
      await callers;
      await server.start();
    }
    expect(twice).toEqual([]);
    expect(seen.size).toBeGreaterThan(KILLS * 20);
  }, 120_000);

  it('goes with all that is kept of it, and so do those that it had before', async () => {
    await query('CREATE SEQUENCE gone; CREATE TABLE hidden (a int); CREATE TABLE numbered (id serial)');
    await query("SELECT nextval('gone'), setval('gone', 50); INSERT INTO hidden VALUES (1); INSERT INTO numbered DEFAULT VALUES");
    await query('BEGIN; DROP SEQUENCE gone; ROLLBACK');
    expect(await query("SELECT nextval('gone')")).toEqual([{ nextval: '51' }]);
    await query('DROP SEQUENCE gone; CREATE SEQUENCE gone; TRUNCATE numbered RESTART IDENTITY; TRUNCATE hidden');
    expect(await query("SELECT nextval('gone')")).toEqual([{ nextval: '1' }]);
    await query('INSERT INTO hidden VALUES (1); INSERT INTO numbered DEFAULT VALUES');
    expect(await query('SELECT id FROM numbered')).toEqual([{ id: 1 }]);
  });

  async function call(caller: number, seen: Set<number>, twice: number[]): Promise<void> {
    const client = new pg.Client(server.connection);
    client.on('error', () => undefined);
    // Half of them ask for many at a time, faster than they become durable.
    const text = caller % 2 === 0 ? "SELECT nextval('s')::int AS n" : "SELECT nextval('s')::int AS n FROM generate_series(1, 100)";
    try {
      await client.connect();
      for (;;) {
        const { rows } = await client.query<{ n: number }>(text);
        for (const { n } of rows) {
          if (seen.has(n)) twice.push(n);
          seen.add(n);
        }
      }
    } catch {
      // The power is off.
    } finally {
      client.end().catch(() => undefined);
    }
  }

  async function query(text: string): Promise<unknown[]> {
    const client = new pg.Client(server.connection);
    await client.connect();
    try {
      const result = await client.query(text);
      return Array.isArray(result) ? [] : result.rows;
    } finally {
      await client.end();
    }
  }
});
