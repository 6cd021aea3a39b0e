import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPsqlScript } from '../harness/psql-script.js';
import { ServerProcess } from '../harness/server-process.js';

/** Scripts of a folder of test/sql, in the order of their names. */
function scripts(folder: string): readonly (readonly [name: string, script: string, expected: string])[] {
  const url = new URL(`../sql/${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => [name, readFileSync(new URL(name, url), 'utf8'), fileURLToPath(new URL(name.replace(/\.sql$/, '.out'), url))]);
}

describe('psql gets', () => {
  const server = new ServerProcess({ label: 'psql' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  // Standard SQL: the expected output is a real PostgreSQL 15's (make-psql-golden.ts).
  it.each(scripts('psql'))('what PostgreSQL 15 answers: %s', (_name, script, expected) => {
    expect(runPsqlScript(server.libpq, script)).toBe(readFileSync(expected, 'utf8'));
  });

  // What only this server has: the expected output was read by a person.
  it.each(scripts('kalamdb'))('what the manual says: %s', async (_name, script, expected) => {
    await expect(runPsqlScript(server.libpq, script)).toMatchFileSnapshot(expected);
  });
});
