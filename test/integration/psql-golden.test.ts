import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPsqlScript } from '../harness/psql-script.js';
import { ServerProcess } from '../harness/server-process.js';

const folder = new URL('../sql/psql/', import.meta.url);

/** psql itself, script by script, against what a real PostgreSQL 15 answered (make-psql-golden.ts). */
describe('psql gets what PostgreSQL 15 answers', () => {
  const server = new ServerProcess({ label: 'psql' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  const scripts = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  it.each(scripts)('%s', (file) => {
    const script = readFileSync(new URL(file, folder), 'utf8');
    const expected = readFileSync(new URL(file.replace(/\.sql$/, '.out'), folder), 'utf8');
    expect(runPsqlScript(server.libpq, script)).toBe(expected);
  });
});
