import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, runProgram } from './contender.js';
import type { BenchOptions } from './subject.js';

export type PgbenchMode = 'prepared' | 'simple';

/** Transactions a second. @param script a built-in script's name, or a file */
export async function pgbenchRate(
  contender: Contender,
  script: { readonly builtin: string } | { readonly file: string },
  mode: PgbenchMode,
  clients: number,
  { seconds }: Pick<BenchOptions, 'seconds'>,
): Promise<number> {
  const which = 'builtin' in script ? ['-b', script.builtin] : ['-f', script.file];
  const threads = clients > 1 ? 2 : 1;
  const output = await runProgram('pgbench', contender.libpq, [
    ...['-n', '-M', mode, '-c', String(clients), '-j', String(threads), '-T', String(seconds)],
    ...which,
  ]);
  return Number(/tps = ([0-9.]+)/.exec(output)?.[1] ?? Number.NaN);
}

/** pgbench's tables, as pgbench makes them. */
export async function initialize(contender: Contender, scale: number): Promise<void> {
  await runProgram('pgbench', contender.libpq, ['-i', '-q', '-s', String(scale)]);
}

export function scriptFile(options: BenchOptions, name: string, text: string): { readonly file: string } {
  const file = join(options.scratch, `${name}.sql`);
  writeFileSync(file, text);
  return { file };
}
