import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, psql } from '../contender.js';
import type { BenchOptions, Subject } from '../subject.js';

const ROWS = 1_000_000;
const COLUMNS = 'aid int NOT NULL, bid int, abalance int, filler char(84)';

/** A million of pgbench's accounts from a file of the client, and what comes after it in pgbench -i. */
export const copy: Subject = {
  name: 'copy',
  async prepare(_contest, options) {
    await writeAccounts(fileOf(options), 1, ROWS);
  },
  lines: (options) => [
    {
      kind: 'comparison',
      name: 'COPY of 1,000,000 pgbench_accounts rows',
      unit: 'rows/s',
      wanted: 0.3,
      prepare: (contender) => makeTable(contender, ''),
      measure: (contender) => copyRate(contender, options),
    },
    {
      kind: 'comparison',
      name: 'the same with the primary key in place',
      unit: 'rows/s',
      prepare: (contender) => makeTable(contender, ', PRIMARY KEY (aid)'),
      measure: (contender) => copyRate(contender, options),
    },
    {
      kind: 'comparison',
      name: 'ADD PRIMARY KEY over 1,000,000 rows',
      unit: 'rows/s',
      async prepare(contender) {
        await makeTable(contender, '');
        await copyRate(contender, options);
      },
      async measure(contender) {
        const seconds = await timed(() => psql(contender, 'ALTER TABLE bench_copy ADD CONSTRAINT bench_copy_key PRIMARY KEY (aid)'));
        await psql(contender, 'ALTER TABLE bench_copy DROP CONSTRAINT bench_copy_key');
        return ROWS / seconds;
      },
    },
  ],
};

const fileOf = ({ scratch }: BenchOptions): string => join(scratch, 'accounts.txt');

async function makeTable(contender: Contender, key: string): Promise<void> {
  await psql(contender, 'DROP TABLE IF EXISTS bench_copy', `CREATE TABLE bench_copy (${COLUMNS}${key})`);
}

/** As pgbench -i: emptied and filled in one transaction. */
async function copyRate(contender: Contender, options: BenchOptions): Promise<number> {
  const seconds = await timed(() =>
    psql(contender, 'BEGIN', 'TRUNCATE bench_copy', `\\copy bench_copy FROM '${fileOf(options)}'`, 'COMMIT'),
  );
  return ROWS / seconds;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Lines of COPY: pgbench's accounts, from one number to another. */
export async function writeAccounts(file: string, from: number, to: number): Promise<void> {
  if (existsSync(file)) return;
  const stream = createWriteStream(file);
  const filler = ' '.repeat(84);
  let piece = '';
  for (let aid = from; aid <= to; aid++) {
    piece += `${aid}\t${Math.floor((aid - 1) / 100_000) + 1}\t0\t${filler}\n`;
    if (piece.length < 1 << 20) continue;
    if (!stream.write(piece)) await once(stream, 'drain');
    piece = '';
  }
  stream.end(piece);
  await once(stream, 'finish');
}
