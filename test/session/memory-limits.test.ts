import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MemoryGuard } from '../../src/session/memory-guard.js';
import { ServerMemory } from '../../src/session/server-memory.js';
import { Fixture, failure, rows } from './fixture.js';

const MB = 1024 * 1024;
const FILL = (mb: number) => `INSERT INTO held SELECT repeat(md5(g::text), 32) FROM generate_series(1, ${mb * 1024}) AS g`;

describe('kalamdb.max_session_memory', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start({ 'kalamdb.max_session_memory': String(16 * 1024) });
    await (await fixture.connect()).query('CREATE TABLE held (a text)');
  });
  afterEach(() => fixture.reset());
  afterAll(() => fixture.close());

  it('ends the statement of a transaction that has written too much, and the session goes on', async () => {
    const client = await fixture.connect();
    expect(await failure(client, FILL(80))).toMatchObject({
      code: '53200',
      message: 'out of memory',
      detail: expect.stringMatching(/^The session holds \d+ MB, and kalamdb\.max_session_memory allows 16 MB\.$/),
    });
    expect(await rows(client, 'SELECT count(*)::int FROM held')).toEqual([[0]]);
    await client.query(FILL(4));
    expect(await rows(client, 'SELECT count(*)::int FROM held')).toEqual([[4096]]);
    await client.query('TRUNCATE held');
  });

  it('gives up a transaction between its statements, and tells the next one', async () => {
    const client = await fixture.connect();
    const other = await fixture.connect();
    await client.query('BEGIN');
    let error: Record<string, unknown> | undefined;
    for (let i = 0; i < 12 && error === undefined; i++) {
      error = await failure(client, FILL(4)).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    expect(error).toMatchObject({ code: '53200' });
    expect(await failure(client, 'SELECT 1')).toMatchObject({ code: '25P02' });
    expect(await rows(other, 'SELECT 1')).toEqual([[1]]);
    await client.query('ROLLBACK');
    expect(await rows(client, 'SELECT count(*)::int FROM held')).toEqual([[0]]);
  });

  it('holds for rows that cursors keep', async () => {
    const client = await fixture.connect();
    await client.query('BEGIN; DECLARE c SCROLL CURSOR FOR SELECT repeat(md5(g::text), 32) FROM generate_series(1, 60000) AS g');
    expect(await failure(client, 'MOVE 60000 IN c; SELECT pg_sleep(1)')).toMatchObject({ code: '53200' });
    await client.query('ROLLBACK');
  });

  it('holds for what a statement holds in memory that nothing else counts', async () => {
    const client = await fixture.connect();
    const code = `DO $$ DECLARE texts text[] := '{}'; part text := repeat('0123456789', 20000); BEGIN
      FOR i IN 1..3000 LOOP texts[i] := part || i; PERFORM length(md5(texts[i])); END LOOP; END $$`;
    expect(await failure(client, code)).toMatchObject({ code: '53200' });
    expect(await rows(client, 'SELECT 1')).toEqual([[1]]);
  });

  it('leaves garbage out of it, and can be raised for a session', async () => {
    const client = await fixture.connect();
    await client.query(`DO $$ DECLARE part text; BEGIN
      FOR i IN 1..3000 LOOP part := repeat('0123456789', 20000) || i; PERFORM length(md5(part)); END LOOP; END $$`);
    await client.query("SET kalamdb.max_session_memory = '1GB'");
    await client.query(FILL(40));
    await client.query('TRUNCATE held');
  });
});

describe('kalamdb.max_server_memory', () => {
  it('takes the statement of the session that holds the most, and of nobody else', async () => {
    const fixture = await Fixture.start();
    const { parts } = fixture.server;
    const [small, large, third] = [await fixture.connect(), await fixture.connect(), await fixture.connect()];
    await small.query('CREATE TABLE held (a text)');
    for (const client of [small, large]) await client.query('BEGIN');
    await small.query(FILL(2));
    await large.query(FILL(8));
    let collected = 0;
    const memory = new ServerMemory(
      1,
      () => collected * 10_000,
      () => collected++,
    );
    new MemoryGuard({ ...parts, memory: new ServerMemory(Number.MAX_SAFE_INTEGER, () => 0) }).look();
    await small.query('SELECT 1');
    await large.query('SELECT 1');
    new MemoryGuard({ ...parts, memory }).look();
    expect(collected).toBe(1);
    expect(await failure(large, 'SELECT 1')).toMatchObject({
      code: '53200',
      detail: 'All sessions together need more than 1 MB (kalamdb.max_server_memory), and this one holds the most.',
    });
    await small.query('COMMIT');
    await large.query('ROLLBACK');
    expect(await rows(third, 'SELECT count(*)::int FROM held')).toEqual([[2048]]);
    await fixture.close();
  });

  it('is a share of the heap unless it is set', () => {
    expect(new ServerMemory(0, () => 0).limitBytes).toBeGreaterThan(100 * MB);
    expect(new ServerMemory(5 * MB, () => 0).limitBytes).toBe(5 * MB);
  });
});
