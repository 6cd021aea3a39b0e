import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Fixture, failure, rows } from './fixture.js';

describe('statements and their plans', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
    const admin = await fixture.connect();
    await admin.query(
      "CREATE TABLE t (id int PRIMARY KEY, name text, n numeric); INSERT INTO t SELECT i, 'name ' || i, i FROM generate_series(1, 100) AS i",
    );
  });
  afterEach(() => fixture.reset());
  afterAll(() => fixture.close());

  it('runs a cached read without a promise, in both protocols', async () => {
    const client = await fixture.connect();
    const session = await fixture.sessionOf(client);
    const prepared = { name: 'point', text: 'SELECT name FROM t WHERE id = $1' };
    await client.query({ ...prepared, values: [1] });
    // What comes a second time is kept.
    for (const id of [1, 2]) await client.query(`SELECT name FROM t WHERE id = ${id}`);
    const spies = [vi.spyOn(session, 'query'), vi.spyOn(session, 'bind'), vi.spyOn(session, 'execute'), vi.spyOn(session, 'sync')];
    const results = async () => {
      for (const spy of spies) spy.mockClear();
      expect((await client.query({ ...prepared, values: [42] })).rows).toEqual([{ name: 'name 42' }]);
      expect((await client.query('SELECT name FROM t WHERE id = 43')).rows).toEqual([{ name: 'name 43' }]);
      return spies.map((spy) => spy.mock.results);
    };
    // Row counts, looked at once a second, may have made plans anew just then: not twice in a row.
    const [first, second] = [await results(), await results()];
    const unwaited = spies.map(() => [{ type: 'return', value: undefined }]);
    expect([JSON.stringify(first), JSON.stringify(second)]).toContain(JSON.stringify(unwaited));
  });

  it('shares a plan between texts that differ in their literals, and gives each its own values', async () => {
    const client = await fixture.connect();
    const before = fixture.server.parts.statements.stats.entries;
    for (let i = 1; i <= 20; i++)
      expect(await rows(client, `SELECT id, name FROM t WHERE id = ${i} AND name <> 'x${i}'`)).toEqual([[i, `name ${i}`]]);
    // rowMode does not change the protocol: without values it is the simple one.
    expect(fixture.server.parts.statements.stats.entries).toBe(before + 1);
    expect(await rows(client, 'SELECT 1 + 1, 2147483648 + 1, 1.5 + 1, -3')).toEqual([[2, '2147483649', '2.5', -3]]);
    expect(await rows(client, "SELECT '2026-01-31'::date = date '2026-01-31', '5'::int, interval '1' day")).toMatchObject([
      [true, 5, expect.anything()],
    ]);
  });

  it('points at the right place in a text whose literals are longer than those of the first', async () => {
    const client = await fixture.connect();
    await client.query("SELECT id / (id - id + 1), 'a' || 'b' FROM t WHERE id = 1");
    const position = async (text: string) => Number((await failure(client, text)).position);
    const texts = [`SELECT 'x', CAST('7' AS int)`, `SELECT 'a much longer literal', CAST('seven' AS int)`];
    await client.query(texts[0] ?? '');
    expect(await position(texts[1] ?? '')).toBe((texts[1] ?? '').indexOf("'seven'") + 1);
  });

  it('makes plans anew when the catalog, the search path or a format changes', async () => {
    const client = await fixture.connect();
    const other = await fixture.connect();
    await client.query('CREATE SCHEMA one; CREATE SCHEMA two; CREATE TABLE one.x AS SELECT 1 AS a; CREATE TABLE two.x AS SELECT 2 AS a');
    const select = { name: 'x', text: 'SELECT a FROM x', rowMode: 'array' as const };
    await client.query('SET search_path = one');
    expect((await client.query(select)).rows).toEqual([[1]]);
    await client.query('SET search_path = two');
    expect((await client.query(select)).rows).toEqual([[2]]);
    await other.query('ALTER TABLE two.x ALTER COLUMN a SET DEFAULT 5; CREATE INDEX ON two.x (a)');
    expect((await client.query(select)).rows).toEqual([[2]]);
    await other.query('ALTER TABLE two.x RENAME a TO b');
    await expect(client.query(select)).rejects.toMatchObject({ code: '42703' });
    await other.query('ALTER TABLE two.x ADD COLUMN a text');
    await expect(client.query(select)).rejects.toMatchObject({ code: '0A000', message: 'cached plan must not change result type' });
    await client.query("SET timezone = 'UTC'");
    const hour = "SELECT extract(hour FROM timestamptz '2026-01-01 12:00')::int";
    expect(await rows(client, hour)).toEqual([[12]]);
    await client.query("SET timezone = 'Asia/Tokyo'");
    expect(await rows(client, hour)).toEqual([[12]]);
    expect(await rows(client, "SELECT timestamptz '2026-01-01 12:00' AT TIME ZONE 'UTC' = timestamp '2026-01-01 03:00'")).toEqual([[true]]);
    await client.query('SET datestyle = sql, dmy');
    expect(await rows(client, "SELECT date '01/02/2026' = date '2026-02-01'")).toEqual([[true]]);
    await client.query('SET datestyle = iso, mdy');
    expect(await rows(client, "SELECT date '01/02/2026' = date '2026-01-02'")).toEqual([[true]]);
  });

  it('knows a temporary table only in its session, under the same text', async () => {
    const one = await fixture.connect();
    const two = await fixture.connect();
    await one.query('CREATE TEMP TABLE tt AS SELECT 1 AS v');
    await two.query("CREATE TEMP TABLE tt AS SELECT 'two' AS v");
    expect(await rows(one, 'SELECT v FROM tt')).toEqual([[1]]);
    expect(await rows(two, 'SELECT v FROM tt')).toEqual([['two']]);
    await one.query('DROP TABLE tt');
    expect(await failure(one, 'SELECT v FROM tt')).toMatchObject({ code: '42P01' });
    expect(await rows(two, 'SELECT v FROM tt')).toEqual([['two']]);
  });

  it('bounds what it keeps', async () => {
    const small = await Fixture.start({
      'kalamdb.statement_cache_size': '64',
      'kalamdb.max_prepared_statements': '3',
      'kalamdb.max_cursors': '2',
    });
    const client = await small.connect();
    for (let i = 0; i < 200; i++) await client.query(`SELECT 1 AS column_${i}`);
    expect(small.server.parts.statements.stats.bytes).toBeLessThan(80_000);
    for (let i = 0; i < 3; i++) await client.query({ name: `p${i}`, text: 'SELECT 1' });
    await expect(client.query({ name: 'p3', text: 'SELECT 1' })).rejects.toMatchObject({ code: '54000' });
    await client.query('BEGIN; DECLARE a CURSOR FOR SELECT 1; DECLARE b CURSOR FOR SELECT 1');
    expect(await failure(client, 'DECLARE c CURSOR FOR SELECT 1')).toMatchObject({ code: '54000' });
    await small.close();
  });

  it('takes what is written along when DDL waits for it, and the other way round', async () => {
    const writer = await fixture.connect();
    const altering = await fixture.connect();
    await writer.query('CREATE TABLE w (a int)');
    await writer.query('BEGIN; INSERT INTO w VALUES (1)');
    const alter = altering.query('ALTER TABLE w ADD COLUMN b int DEFAULT 7');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await writer.query('INSERT INTO w VALUES (2); COMMIT');
    await alter;
    await altering.query('BEGIN; ALTER TABLE w DROP COLUMN a');
    const insert = writer.query('INSERT INTO w VALUES (3)');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await altering.query('COMMIT');
    await insert;
    expect(await rows(writer, 'SELECT * FROM w ORDER BY 1')).toEqual([[3], [7], [7]]);
  });

  it('describes sessions, statements and settings in system relations', async () => {
    const client = await fixture.connect('postgres', { application_name: 'looker' });
    expect(
      await rows(
        client,
        "SELECT role, state, application_name, statement LIKE 'SELECT role%' FROM system.sessions WHERE pid = pg_backend_pid()",
      ),
    ).toEqual([['postgres', 'active', 'looker', true]]);
    expect(await rows(client, 'SELECT usename, state, backend_type FROM pg_stat_activity WHERE pid = pg_backend_pid()')).toEqual([
      ['postgres', 'active', 'client backend'],
    ]);
    expect(await rows(client, "SELECT setting, unit FROM system.settings WHERE name = 'work_mem'")).toEqual([['4096', 'kB']]);
    await client.query('BEGIN; LOCK TABLE t IN EXCLUSIVE MODE');
    expect(await rows(client, "SELECT mode, granted FROM pg_locks WHERE relation = 't'::regclass")).toEqual([['ExclusiveLock', true]]);
    await client.query('ROLLBACK');
  });
});
