import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, PostgresOracle } from '../harness/postgres-oracle.js';
import { ServerProcess } from '../harness/server-process.js';

const SCHEMA = readFileSync(new URL('pg-dump/schema.sql', import.meta.url), 'utf8');

/** Runs a script and fails with what psql says of it. */
function load(environment: NodeJS.ProcessEnv, script: string): void {
  const { stderr, status } = spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], {
    env: environment,
    input: script,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** The dump without what is different each time: comments, empty lines and the key of \restrict. */
function dump(environment: NodeJS.ProcessEnv): string {
  const text = execFileSync('pg_dump', { env: environment, encoding: 'utf8', maxBuffer: 1 << 26 });
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--') && !line.startsWith('\\restrict') && !line.startsWith('\\unrestrict'))
    .join('\n');
}

describe.skipIf(!hasPostgres)('pg_dump', () => {
  const server = new ServerProcess({ label: 'dump' });
  const restored = new ServerProcess({ label: 'restored' });
  const postgres = new PostgresOracle();
  beforeAll(async () => {
    await Promise.all([server.start(), restored.start(), postgres.start()]);
    load(server.libpq, SCHEMA);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([server.close(), restored.close()]);
    postgres.close();
  });

  it('says the same of a schema and its data as PostgreSQL', () => {
    load(postgres.libpq, SCHEMA);
    expect(dump(server.libpq)).toBe(dump(postgres.libpq));
  });

  it('loads into PostgreSQL, which then dumps the same', () => {
    const copy = { ...postgres.libpq, PGDATABASE: 'copy' };
    load(postgres.libpq, 'CREATE DATABASE copy');
    const before = execFileSync('pg_dump', { env: server.libpq, encoding: 'utf8' });
    load(copy, before);
    expect(dump(copy)).toBe(dump(server.libpq));
  });

  it("loads PostgreSQL's dump into an empty server, which then dumps the same", () => {
    load(restored.libpq, 'CREATE ROLE dumpreader');
    load(restored.libpq, execFileSync('pg_dump', { env: postgres.libpq, encoding: 'utf8' }));
    expect(dump(restored.libpq)).toBe(dump(postgres.libpq));
  });
});
