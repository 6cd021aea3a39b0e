import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { contendersOf, runProgram } from '../contender.js';
import { initialize } from '../pgbench.js';
import type { BenchOptions, Subject } from '../subject.js';

/** How long the slowest in a hundred wait. */
export const latency: Subject = {
  name: 'latency',
  async prepare(contest, { scale }) {
    for (const contender of contendersOf(contest)) await initialize(contender, scale);
  },
  lines: (options) => [
    {
      kind: 'comparison',
      name: 'p99 latency of select-only, prepared, 16 clients',
      unit: 'ms',
      wanted: 1,
      lessIsBetter: true,
      measure: async ({ libpq }) => (await percentile99(libpq, 16, options)) / 1000,
    },
  ],
};

/** Microseconds. */
export async function percentile99(libpq: NodeJS.ProcessEnv, clients: number, { seconds, scratch }: BenchOptions): Promise<number> {
  const directory = mkdtempSync(join(scratch, 'latency-'));
  const script = ['-n', '-b', 'select-only', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds)];
  await runProgram('pgbench', libpq, [...script, '-l', '--log-prefix', join(directory, 'log')]);
  const micros: number[] = [];
  for (const file of readdirSync(directory)) {
    // Each line: client, transaction, microseconds, …
    for (const line of readFileSync(join(directory, file), 'latin1').split('\n')) if (line !== '') micros.push(Number(line.split(' ')[2]));
  }
  rmSync(directory, { recursive: true });
  micros.sort((a, b) => a - b);
  return micros[Math.floor(micros.length * 0.99)] ?? Number.NaN;
}
