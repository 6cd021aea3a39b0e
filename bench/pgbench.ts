/**
 * pgbench against this server and a real PostgreSQL 15 in one run: select-only, simple-update and tpcb-like, at 1 and 16 clients, prepared and
 * simple protocol, both durable. Runs alternate between the two, so that neither has the quieter machine; the table gives medians.
 *
 *   npm run bench -- [--seconds 5] [--rounds 3] [--scale 10] [--clients 1,16] [--only select-only] [--mode prepared]
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { hasPostgres, PostgresOracle } from '../test/harness/postgres-oracle.js';
import { ServerProcess } from '../test/harness/server-process.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: '10' },
    clients: { type: 'string', default: '1,16' },
    only: { type: 'string' },
    mode: { type: 'string' },
  },
});
const SCRIPTS = ['select-only', 'simple-update', 'tpcb-like'].filter((script) => values.only === undefined || script === values.only);
const MODES = ['prepared', 'simple'].filter((mode) => values.mode === undefined || mode === values.mode);
const CLIENTS = values.clients.split(',').map(Number);

interface Contender {
  readonly name: string;
  readonly libpq: NodeJS.ProcessEnv;
}

async function main(): Promise<void> {
  const server = await new ServerProcess({ label: 'bench' }).start();
  const postgres = hasPostgres ? await new PostgresOracle().start() : undefined;
  const contenders: Contender[] = [{ name: 'kalamdb', libpq: server.libpq }];
  if (postgres === undefined) console.log('PostgreSQL 15 is not installed (package postgresql-15): no comparison.');
  else contenders.push({ name: 'postgresql', libpq: postgres.libpq });
  try {
    for (const { name, libpq } of contenders) {
      const started = performance.now();
      pgbench(libpq, ['-i', '-q', '-s', values.scale]);
      console.log(`${name}: pgbench -i -s ${values.scale} took ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }
    console.log(`\n${values.rounds} alternating rounds of ${values.seconds} s, scale ${values.scale}, medians\n`);
    console.log('| script | mode | clients | KalamDB tps | PostgreSQL 15 tps | ratio | latency ms (K / P) |');
    console.log('| --- | --- | ---: | ---: | ---: | ---: | --- |');
    for (const script of SCRIPTS) for (const mode of MODES) for (const clients of CLIENTS) compare(contenders, script, mode, clients);
  } finally {
    await server.close();
    postgres?.close();
  }
}

function compare(contenders: readonly Contender[], script: string, mode: string, clients: number): void {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round < Number(values.rounds); round++)
    contenders.forEach((contender, i) => {
      const threads = clients > 1 ? 2 : 1;
      const output = pgbench(contender.libpq, [
        '-n',
        '-b',
        script,
        '-M',
        mode,
        '-c',
        String(clients),
        '-j',
        String(threads),
        '-T',
        values.seconds,
      ]);
      rates[i]?.push(Number(/tps = ([0-9.]+)/.exec(output)?.[1] ?? Number.NaN));
    });
  const [ours, theirs] = rates.map(median);
  const latency = (tps: number | undefined) => (tps === undefined ? '' : ((clients / tps) * 1000).toFixed(3));
  const row = [
    script,
    mode,
    clients,
    ours?.toFixed(0) ?? '',
    theirs?.toFixed(0) ?? '',
    ours !== undefined && theirs !== undefined ? (ours / theirs).toFixed(2) : '',
    `${latency(ours)} / ${latency(theirs)}`,
  ];
  console.log(`| ${row.join(' | ')} |`);
}

function pgbench(env: NodeJS.ProcessEnv, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('pgbench', args, { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`pgbench ${args.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

await main();
