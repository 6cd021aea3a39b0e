import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, type Contest, contendersOf, psql, runProgram } from '../contender.js';
import { initialize, pgbenchRate } from '../pgbench.js';
import { type BenchOptions, type Line, median, type Subject } from '../subject.js';
import { writeAccounts } from './copy.js';

/** 10 million accounts. */
const SCALE = 100;
const ROWS_OF_A_COPY = 1_000_000;
const SCRIPTS = ['select-only', 'simple-update'] as const;

/** Start and speed with 10 million rows on disk: minutes, so only with --large. */
export const large: Subject = {
  name: 'large',
  async prepare(contest, options) {
    if (!options.large) return;
    await makeSchemas(contest, options);
  },
  lines: (options) =>
    options.large
      ? [
          ...SCRIPTS.flatMap((script): Line[] => [
            {
              kind: 'comparison',
              name: `${script}, prepared, 16 clients, 10 million rows`,
              unit: 'tps',
              measure: (contender) => pgbenchRate(inSchema(contender, 'large'), { builtin: script }, 'prepared', 16, options),
            },
            {
              kind: 'requirement',
              name: `${script}: rate with 10 million rows / with 100 thousand`,
              unit: '',
              wanted: 0.75,
              moreIsBetter: true,
              measure: (contest) => flatness(contest, script, options),
            },
          ]),
          {
            kind: 'requirement',
            name: 'start with 10 million rows on disk',
            unit: 's',
            wanted: 1,
            measure: restart,
          },
        ]
      : [],
};

async function makeSchemas(contest: Contest, options: BenchOptions): Promise<void> {
  for (const contender of contendersOf(contest)) {
    await psql(
      contender,
      'DROP SCHEMA IF EXISTS bench_small, bench_large CASCADE',
      'CREATE SCHEMA bench_small',
      'CREATE SCHEMA bench_large',
    );
    await initialize(inSchema(contender, 'small'), 1);
    const inLarge = inSchema(contender, 'large');
    await runProgram('pgbench', inLarge.libpq, ['-i', '-q', '-I', 'dtp', '-s', String(SCALE)]);
    await psql(
      inLarge,
      `INSERT INTO pgbench_branches SELECT i, 0 FROM generate_series(1, ${SCALE}) i`,
      `INSERT INTO pgbench_tellers SELECT i, (i - 1) / 10 + 1, 0 FROM generate_series(1, ${SCALE} * 10) i`,
    );
  }
  // In pieces: a transaction's changes are kept in memory.
  for (let from = 1; from <= SCALE * 100_000; from += ROWS_OF_A_COPY) {
    const file = join(options.scratch, `accounts-${from}.txt`);
    await writeAccounts(file, from, from + ROWS_OF_A_COPY - 1);
    for (const contender of contendersOf(contest)) await psql(inSchema(contender, 'large'), `\\copy pgbench_accounts FROM '${file}'`);
    rmSync(file);
  }
  for (const contender of contendersOf(contest)) await psql(inSchema(contender, 'large'), 'ANALYZE pgbench_accounts');
}

function inSchema(contender: Contender, schema: 'small' | 'large'): Contender {
  return { ...contender, libpq: { ...contender.libpq, PGOPTIONS: `-c search_path=bench_${schema}` } };
}

async function flatness({ ours }: Contest, script: string, options: BenchOptions): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const small = await pgbenchRate(inSchema(ours, 'small'), { builtin: script }, 'prepared', 16, options);
    ratios.push((await pgbenchRate(inSchema(ours, 'large'), { builtin: script }, 'prepared', 16, options)) / small);
  }
  return median(ratios);
}

/** Until it says that it listens. */
async function restart({ server }: Contest): Promise<number> {
  await server.stop();
  const started = performance.now();
  await server.start();
  return (performance.now() - started) / 1000;
}
