import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

describe('pgbench', () => {
  const server = new ServerProcess({ label: 'pgbench' });
  const pgbench = (...args: string[]) => spawnSync('pgbench', args, { env: server.libpq, encoding: 'utf8' });

  beforeAll(async () => {
    await server.start();
    const initialized = pgbench('-i', '-q', '-s', '10');
    expect(initialized.stderr).not.toMatch(/error/i);
    expect(initialized.status).toBe(0);
  }, 180_000);
  afterAll(() => server.close());

  const runs = ['tpcb-like', 'simple-update', 'select-only'].flatMap((script) =>
    ['simple', 'extended', 'prepared'].map((mode) => [script, mode] as const),
  );
  it.each(runs)('%s runs in %s mode with 16 clients without an error', (script, mode) => {
    const run = pgbench('-n', '-b', script, '-M', mode, '-c', '16', '-j', '2', '-T', '2');
    expect(run.stderr).not.toMatch(/error|aborted/i);
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/number of failed transactions: 0 /);
    expect(Number(/tps = ([0-9.]+)/.exec(run.stdout)?.[1])).toBeGreaterThan(0);
  });

  it('leaves balances that agree with each other', () => {
    const sum = (column: string, table: string) => `(SELECT sum(${column}) FROM pgbench_${table})`;
    const sql = `SELECT ${sum('bbalance', 'branches')} = ${sum('tbalance', 'tellers')}, ${sum('abalance', 'accounts')} = ${sum('delta', 'history')}`;
    const { stdout } = spawnSync('psql', ['-XAtc', sql], { env: server.libpq, encoding: 'utf8' });
    expect(stdout.trim()).toBe('t|t');
  });
});
