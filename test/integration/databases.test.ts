import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import { ServerProcess } from '../harness/server-process.js';

const KILLS = 5;
const ROWS = 2000;

/** Power cuts (SIGKILL) while databases are made from a template with rows, and dropped: each is there whole or not at all. */
describe('databases', () => {
  const server = new ServerProcess({ label: 'databases' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  const connected = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ ...server.connection, database });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  it('are there whole, or not at all, after SIGKILL', async () => {
    const empty = await spacesOf(server);
    const setUp = await connected('postgres');
    await setUp.query('CREATE DATABASE fixture IS_TEMPLATE true');
    await setUp.end();
    const fill = await connected('fixture');
    await fill.query(`
      CREATE TABLE t (a int PRIMARY KEY, b text UNIQUE, c text);
      INSERT INTO t SELECT i, 'b' || i, repeat('x', 100) FROM generate_series(1, ${ROWS}) AS i;
      CREATE SEQUENCE s; SELECT setval('s', 17)`);
    await fill.end();
    const made = new Set<string>();
    const perhaps = new Set<string>();
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      let running = true;
      const work = async (): Promise<void> => {
        const admin = await connected('postgres');
        try {
          while (running) {
            const name = `d${next++}`;
            perhaps.add(name);
            await admin.query(`CREATE DATABASE ${name} TEMPLATE fixture`);
            perhaps.delete(name);
            made.add(name);
            const inside = await connected(name);
            await inside.query(`INSERT INTO t VALUES (0, 'own')`);
            await inside.end();
            if (next % 3 !== 0) continue;
            made.delete(name);
            perhaps.add(name);
            await admin.query(`DROP DATABASE ${name}`);
            perhaps.delete(name);
          }
        } catch {
          // The server is gone.
        }
      };
      const workers = Promise.all([work(), work()]);
      await setTimeout(150 + 130 * kill);
      await server.kill();
      running = false;
      await workers;
      await server.start();
      await verify(made, perhaps);
    }
    const admin = await connected('postgres');
    const { rows } = await admin.query(`SELECT datname FROM pg_database WHERE datname ~ '^d[0-9]'`);
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname}`);
    await admin.query('ALTER DATABASE fixture IS_TEMPLATE false');
    await admin.query('DROP DATABASE fixture');
    await admin.end();
    await expect.poll(() => spacesOf(server), { timeout: 40_000, interval: 4000 }).toEqual(empty);
  }, 120_000);

  /** What was acknowledged is there, what was dropped is not, and whatever is there is whole. */
  async function verify(made: ReadonlySet<string>, perhaps: Set<string>): Promise<void> {
    const admin = await connected('postgres');
    const { rows } = await admin.query(`SELECT datname FROM pg_database WHERE datname ~ '^d[0-9]' ORDER BY oid`);
    const there = new Set<string>(rows.map(({ datname }) => datname));
    for (const name of made) expect(there).toContain(name);
    for (const name of there) {
      expect(made.has(name) || perhaps.has(name)).toBe(true);
      const inside = await connected(name);
      const whole = await inside.query({
        text: `SELECT (SELECT count(*)::int FROM t WHERE a > 0), (SELECT a FROM t WHERE b = 'b99'), (SELECT last_value::int FROM s)`,
        rowMode: 'array',
      });
      expect(whole.rows).toEqual([[ROWS, 99, 17]]);
      await inside.end();
      if (perhaps.has(name)) await admin.query(`DROP DATABASE ${name}`);
    }
    perhaps.clear();
    await admin.end();
  }

  /** Names of all spaces that hold something, without the numbers of storages. */
  async function spacesOf(of: ServerProcess): Promise<readonly string[]> {
    await of.stop();
    const store = await openLmdbStore(of.directory.path);
    const names = [...(await store.spaces())].map((name) => name.replace(/\d+/g, 'n')).sort();
    await store.close();
    await of.start();
    return names;
  }

  it('are made, listed and dropped by the programs that come with PostgreSQL', async () => {
    const run = (program: string, ...args: string[]): string => execFileSync(program, args, { env: server.libpq, encoding: 'utf8' });
    run('createdb', '-E', 'UTF8', '-T', 'template0', '-l', 'C', 'shop', 'what is sold');
    run('psql', '-X', '-q', '-d', 'shop', '-c', 'CREATE TABLE t (a int); INSERT INTO t VALUES (1)');
    expect(run('psql', '-X', '-A', '-t', '-l')).toContain('shop|postgres|UTF8|C|C||libc|');
    const dump = run('pg_dump', '-C', 'shop');
    run('dropdb', 'shop');
    execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], { env: server.libpq, input: dump, stdio: 'pipe' });
    expect(
      run(
        'psql',
        '-X',
        '-A',
        '-t',
        '-d',
        'shop',
        '-c',
        `SELECT a, shobj_description(oid, 'pg_database') FROM t, pg_database WHERE datname = 'shop'`,
      ),
    ).toBe('1|what is sold\n');
    const guest = await connected('shop');
    run('dropdb', '--force', 'shop');
    await guest.end().catch(() => undefined);
    expect(run('psql', '-X', '-A', '-t', '-l')).not.toContain('shop');
  });
});
