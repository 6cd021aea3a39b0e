import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

/** What an extension brings is found by oid in rows, indexes and definitions: a restart must not change any of it. */
describe('extensions', () => {
  const server = new ServerProcess({ label: 'extensions' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  it('are there after a power cut, with what uses them', async () => {
    await query('CREATE SCHEMA ext; CREATE EXTENSION citext; CREATE EXTENSION hstore SCHEMA ext; CREATE EXTENSION vector');
    await query("CREATE TABLE people (name citext UNIQUE, facts ext.hstore DEFAULT '', place vector(2))");
    await query("INSERT INTO people VALUES ('Ada', 'born=>1815', '[1,2]')");
    await query('BEGIN; CREATE EXTENSION pg_trgm; ROLLBACK');
    const before = await installed();
    await server.kill();
    await server.start();
    expect(await installed()).toEqual(before);
    expect(before.map(({ name }) => name)).toEqual(['citext', 'hstore', 'plpgsql', 'vector']);
    await expect(query("INSERT INTO people VALUES ('ADA')")).rejects.toMatchObject({ code: '23505' });
    expect(await query("SELECT facts::text, place <-> '[1,0]' AS far FROM people WHERE name = 'aDa'")).toEqual([
      { facts: '"born"=>"1815"', far: 2 },
    ]);
  });

  it('keep what others use, and take it with CASCADE', async () => {
    await expect(query('DROP EXTENSION citext')).rejects.toMatchObject({ code: '2BP01' });
    await query('DROP EXTENSION citext CASCADE');
    await server.kill();
    await server.start();
    expect(await query('SELECT * FROM people')).toEqual([{ facts: '"born"=>"1815"', place: '[1,2]' }]);
    expect((await installed()).map(({ name }) => name)).toEqual(['hstore', 'plpgsql', 'vector']);
  });

  async function installed(): Promise<{ name: string; oid: number; types: string }[]> {
    return query(`SELECT e.extname AS name, e.oid,
        (SELECT string_agg(t.typname || ' ' || t.oid, ',' ORDER BY t.oid) FROM pg_type t WHERE t.typname IN (e.extname, '_' || e.extname)) AS types
      FROM pg_extension e ORDER BY 1`);
  }

  async function query<T extends pg.QueryResultRow>(text: string): Promise<T[]> {
    const client = new pg.Client(server.connection);
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }
});
