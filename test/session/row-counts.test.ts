import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fixture, rows } from './fixture.js';

/** The planner is told how many rows tables have by now, though nobody has analysed them. */
describe('row counts of tables', () => {
  let fixture: Fixture;
  let client: pg.Client;
  beforeAll(async () => {
    fixture = await Fixture.start();
    client = await fixture.connect();
  });
  afterAll(() => fixture.close());

  const planOf = async (text: string): Promise<string> => (await rows(client, `EXPLAIN ${text}`)).flat().join('\n');
  const estimateOf = async (text: string): Promise<number> => Number(/rows=(\d+)/.exec(await planOf(text))?.[1]);

  it('a table that was never analysed is as large as it is, but never small', async () => {
    await client.query('CREATE TABLE big (id int PRIMARY KEY, n int)');
    expect(await estimateOf('SELECT * FROM big')).toBe(1000);
    await client.query('INSERT INTO big SELECT i, i % 10 FROM generate_series(1, 20000) i');
    expect(await estimateOf('SELECT * FROM big')).toBe(20_000);
    expect(await rows(client, `SELECT reltuples FROM pg_class WHERE relname = 'big'`)).toEqual([[-1]]);
  });

  it('what ANALYZE has counted holds until the table has changed by much', async () => {
    await client.query('CREATE TABLE counted (id int PRIMARY KEY)');
    await client.query('INSERT INTO counted SELECT generate_series(1, 100)');
    await client.query('ANALYZE counted');
    await client.query('INSERT INTO counted SELECT generate_series(101, 150)');
    expect(await estimateOf('SELECT * FROM counted')).toBe(100);
    await client.query('INSERT INTO counted SELECT generate_series(151, 900)');
    expect(await estimateOf('SELECT * FROM counted')).toBe(900);
  });

  it('plans are made anew when a table that they read has grown', async () => {
    const { rowCounts } = fixture.server.parts;
    await client.query('CREATE TABLE growing (id int PRIMARY KEY, n int)');
    await client.query('CREATE TABLE other (id int PRIMARY KEY, n int)');
    await client.query('INSERT INTO other SELECT i, i FROM generate_series(1, 5000) i');
    await client.query('PREPARE joined AS SELECT count(*) FROM growing g JOIN other o ON o.id = g.n');
    await client.query('EXECUTE joined');
    rowCounts.check();
    const before = rowCounts.version;
    rowCounts.check();
    expect(rowCounts.version).toBe(before);
    await client.query('INSERT INTO growing SELECT i, i % 5000 + 1 FROM generate_series(1, 3000) i');
    rowCounts.check();
    expect(rowCounts.version).toBe(before);
    await client.query('INSERT INTO growing SELECT i, i % 5000 + 1 FROM generate_series(3001, 30000) i');
    rowCounts.check();
    expect(rowCounts.version).toBe(before + 1);
    rowCounts.check();
    expect(rowCounts.version).toBe(before + 1);
    expect(await planOf('EXECUTE joined')).toContain('Hash Join');
    expect(await rows(client, 'EXECUTE joined')).toEqual([['30000']]);
  });

  it('of a user table the average user is told, to everybody the same, and of few users nothing', async () => {
    await client.query(`CREATE TABLE notes (id int PRIMARY KEY) WITH (type = 'user')`);
    await client.query('INSERT INTO notes SELECT generate_series(1, 3000)');
    await client.query('CREATE ROLE small LOGIN; CREATE ROLE medium LOGIN; GRANT ALL ON notes TO small, medium');
    expect(await estimateOf('SELECT * FROM notes')).toBe(1000);
    await client.query('SET ROLE small; INSERT INTO notes SELECT generate_series(1, 20)');
    expect(await estimateOf('SELECT * FROM notes')).toBe(1000);
    await client.query('SET ROLE medium; INSERT INTO notes SELECT generate_series(1, 30000)');
    fixture.server.parts.rowCounts.check();
    for (const role of ['small', 'medium', 'NONE']) {
      await client.query(`SET ROLE ${role}`);
      expect(await estimateOf('SELECT * FROM notes')).toBe(10_000);
    }
  });
});
