import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres, PostgresOracle } from '../harness/postgres-oracle.js';
import { ServerProcess } from '../harness/server-process.js';
import { temporaryDirectory } from '../harness/temporary-directory.js';

const SCHEMA = readFileSync(new URL('pg-dump/rich.sql', import.meta.url), 'utf8');

/** Runs a client program and fails with what it says. */
function run(program: string, environment: NodeJS.ProcessEnv, args: readonly string[], input?: string): string {
  const { stdout, stderr, status } = spawnSync(program, args, { env: environment, input, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function load(environment: NodeJS.ProcessEnv, script: string): void {
  run('psql', environment, ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], script);
}

/** The dump without what is different each time: comments, empty lines and the key of \restrict. */
function dump(environment: NodeJS.ProcessEnv): string {
  return run('pg_dump', environment, [])
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--') && !/^\\(un)?restrict/.test(line))
    .join('\n');
}

/** Roles are not a database's: pg_dump leaves them out. */
const ROLES = 'CREATE ROLE dumpowner NOLOGIN';

describe.skipIf(!hasPostgres)('pg_dump of every kind of object', () => {
  const server = new ServerProcess({ label: 'dump' });
  const postgres = new PostgresOracle();
  const directory = temporaryDirectory('dumps');
  const file = (name: string) => join(directory.path, name);
  let restored: ServerProcess;
  let expected = '';
  beforeAll(async () => {
    await Promise.all([server.start(), postgres.start()]);
    load(server.libpq, SCHEMA);
    expected = dump(server.libpq);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    postgres.close();
    directory.remove();
  });
  beforeEach(async () => {
    restored = new ServerProcess({ label: 'restored' });
    await restored.start();
    load(restored.libpq, ROLES);
  });
  afterEach(() => restored.close());
  const pgDump = (...args: string[]): string => run('pg_dump', server.libpq, args);
  const pgRestore = (...args: string[]) => run('pg_restore', restored.libpq, ['-d', 'postgres', ...args]);

  it('says the same as PostgreSQL, and loads there', () => {
    load(postgres.libpq, SCHEMA);
    expect(expected).toBe(dump(postgres.libpq));
    load(postgres.libpq, 'CREATE DATABASE copy');
    const copy = { ...postgres.libpq, PGDATABASE: 'copy' };
    load(copy, pgDump());
    expect(dump(copy)).toBe(expected);
    load(restored.libpq, run('pg_dump', postgres.libpq, []));
    expect(dump(restored.libpq)).toBe(expected);
  }, 60_000);

  it('as INSERTs', { timeout: 30_000 }, () => {
    load(restored.libpq, pgDump('--inserts'));
    expect(dump(restored.libpq)).toBe(expected);
  });

  it('as INSERTs of several rows with names of columns, everything quoted', () => {
    load(restored.libpq, pgDump('--column-inserts', '--rows-per-insert=3', '--quote-all-identifiers'));
    expect(dump(restored.libpq)).toBe(expected);
  });

  it('schema first, data afterwards without triggers', () => {
    load(restored.libpq, pgDump('--schema-only'));
    load(restored.libpq, pgDump('--data-only', '--disable-triggers'));
    // ENABLE TRIGGER ALL leaves none disabled, and neither part refreshes views, as in PostgreSQL.
    const isFiring = (line: string) => !/^ALTER TABLE x\.\w+ (ENABLE|DISABLE) .*TRIGGER|^REFRESH/.test(line);
    const without = (text: string) => text.split('\n').filter(isFiring).join('\n');
    expect(without(dump(restored.libpq))).toBe(without(expected));
  });

  it('custom format: in parallel, in one transaction, by a list', async () => {
    pgDump('-Fc', '-f', file('custom'));
    pgRestore('-j', '3', file('custom'));
    expect(dump(restored.libpq)).toBe(expected);
    const entries = run('pg_restore', restored.libpq, ['-l', file('custom')]);
    writeFileSync(file('list'), entries);
    await restored.close();
    restored = new ServerProcess({ label: 'restored' });
    await restored.start();
    load(restored.libpq, ROLES);
    pgRestore('--single-transaction', '-L', file('list'), file('custom'));
    expect(dump(restored.libpq)).toBe(expected);
  }, 60_000);

  it('a directory, written and read in parallel', () => {
    pgDump('-Fd', '-j', '2', '-f', file('directory'));
    pgRestore('-j', '2', file('directory'));
    expect(dump(restored.libpq)).toBe(expected);
  });

  it('tar', () => {
    pgDump('-Ft', '-f', file('tar'));
    pgRestore(file('tar'));
    expect(dump(restored.libpq)).toBe(expected);
  });

  it('--clean makes room for itself', () => {
    // PostgreSQL can't drop a partition's part of a key, which pg_dump would have it do.
    load(server.libpq, 'CREATE DATABASE flat');
    const flat = { ...server.libpq, PGDATABASE: 'flat' };
    load(flat, 'CREATE TABLE t (id int PRIMARY KEY, up int REFERENCES t); CREATE VIEW v AS SELECT * FROM t; INSERT INTO t VALUES (1, 1)');
    run('pg_dump', flat, ['-Fc', '-f', file('flat')]);
    pgRestore(file('flat'));
    pgRestore('--clean', '--if-exists', file('flat'));
    expect(dump(restored.libpq)).toBe(dump(flat));
  });

  it('pg_dumpall brings roles, memberships and settings', () => {
    const roles =
      'CREATE ROLE dump_a LOGIN CONNECTION LIMIT 3; CREATE ROLE dump_b; GRANT dump_b TO dump_a WITH ADMIN OPTION; ALTER ROLE dump_a SET work_mem = 4096';
    load(restored.libpq, roles);
    const all = run('pg_dumpall', restored.libpq, ['-g', '--no-role-passwords']);
    expect(all).toContain(
      'ALTER ROLE dump_a WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 3;',
    );
    expect(all).toMatch(/GRANT dump_b TO dump_a WITH ADMIN OPTION/);
    expect(all).toMatch(/ALTER ROLE dump_a SET work_mem TO '?4096/);
  });
});

describe('pg_dump of user tables', () => {
  const server = new ServerProcess({ label: 'users' });
  const restored = new ServerProcess({ label: 'restored' });
  const everybody = (one: ServerProcess) => ({ ...one.libpq, PGOPTIONS: '-c kalamdb.all_users=on' });
  beforeAll(async () => {
    await Promise.all([server.start(), restored.start()]);
    load(
      server.libpq,
      `CREATE TABLE todos (id int PRIMARY KEY, up int REFERENCES todos, title text) WITH (type = 'user');
       CREATE TABLE ticks (at int) WITH (type = 'stream', ttl = '1 hour');
       CREATE TABLE parts (id int, day int, PRIMARY KEY (id, day)) PARTITION BY RANGE (day) WITH (type = 'user');
       CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10);
       CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
       SET kalamdb.user_id = 'alice';
       INSERT INTO todos VALUES (1, 1, 'alice''s'); INSERT INTO ticks VALUES (1); INSERT INTO parts VALUES (1, 1), (1, 11);
       SET kalamdb.user_id = 'bob';
       INSERT INTO todos VALUES (1, 1, 'bob''s'), (2, 1, 'more'); INSERT INTO ticks VALUES (1); INSERT INTO parts VALUES (1, 1);`,
    );
  }, 30_000);
  afterAll(() => Promise.all([server.close(), restored.close()]));

  it('loses nobody’s rows in silence', () => {
    expect(() => run('pg_dump', server.libpq, [])).toThrow(/only the acting user's rows/);
    const own = run('pg_dump', { ...server.libpq, PGOPTIONS: '-c kalamdb.user_id=bob' }, ['--enable-row-security', '--data-only']);
    expect(own).toContain("bob's");
    expect(own).not.toContain('alice');
  });

  it('has all rows with whose they are', () => {
    load(restored.libpq, run('pg_dump', everybody(server), []));
    expect(dump(everybody(restored))).toBe(dump(everybody(server)));
    const rows = execFileSync('psql', ['-XAtc', 'SELECT _user_id, id FROM todos ORDER BY 1, 2'], {
      env: everybody(restored),
      encoding: 'utf8',
    });
    expect(rows).toBe('alice|1\nbob|1\nbob|2\n');
  });
});
