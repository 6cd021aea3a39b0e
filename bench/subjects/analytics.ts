import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Contender, psql } from '../contender.js';
import type { BenchOptions, Comparison, Line, Subject } from '../subject.js';

const ROWS = 1_000_000;
const DIMENSION_ROWS = 10_000;
/** Rows of one INSERT: a transaction's changes are kept in memory. */
const PIECE = 200_000;
const WORK_MEM_MIB = 4;
const SAMPLE_MS = 10;
const SETTLE_MS = 3000;
const READING_MS = 10_000;

const TABLES = [
  'DROP TABLE IF EXISTS bench_facts, bench_others, bench_kinds',
  `CREATE TABLE bench_facts (id int PRIMARY KEY, few int NOT NULL, many int NOT NULL, kind int NOT NULL, amount bigint NOT NULL,
     weight float8 NOT NULL, label text NOT NULL, doc jsonb NOT NULL)`,
  'CREATE TABLE bench_others (id int PRIMARY KEY, fact int NOT NULL, value int NOT NULL)',
  'CREATE TABLE bench_kinds (id int PRIMARY KEY, family int NOT NULL, name text NOT NULL)',
  `INSERT INTO bench_kinds SELECT i, i % 50, 'kind ' || i FROM generate_series(1, ${DIMENSION_ROWS}) i`,
];

const facts = (from: number, to: number) => `
  INSERT INTO bench_facts
  SELECT i, i % 10, (i * 7919::bigint) % 100000, (i * 31) % ${DIMENSION_ROWS} + 1, (i * 104729::bigint) % 1000003, (i * 15485863::bigint % 1000003) / 7.0,
    md5(i::text), jsonb_build_object('color', (ARRAY['red', 'green', 'blue', 'white'])[i % 4 + 1], 'size', i % 100, 'tags', jsonb_build_array(i % 7, 'x' || i % 11))
  FROM generate_series(${from}, ${to}) i`;
const others = (from: number, to: number) => `
  INSERT INTO bench_others SELECT i, (i * 611953::bigint) % ${ROWS} + 1, i % 1000 FROM generate_series(${from}, ${to}) i`;

const QUERIES: readonly (readonly [name: string, query: string])[] = [
  ['filtered scan', 'SELECT id, amount, label FROM bench_facts WHERE amount > 900000 AND few = 3 AND weight < 10000'],
  ['count', 'SELECT count(*) FROM bench_facts'],
  ['sum by 10 groups', 'SELECT few, sum(amount), avg(weight), count(*) FROM bench_facts GROUP BY few ORDER BY few'],
  ['sum by 100,000 groups', 'SELECT count(*), max(total) FROM (SELECT many, sum(amount) AS total FROM bench_facts GROUP BY many) g'],
  ['join 1M x 10k', 'SELECT k.family, sum(f.amount) FROM bench_facts f JOIN bench_kinds k ON k.id = f.kind GROUP BY k.family ORDER BY 1'],
  ['join 1M x 1M', 'SELECT count(*), sum(f.amount + o.value) FROM bench_facts f JOIN bench_others o ON o.fact = f.id'],
  ['top 10 by sort', 'SELECT id, weight, label FROM bench_facts ORDER BY weight DESC, id LIMIT 10'],
  ['full sort', `SELECT label, id FROM bench_facts ORDER BY label OFFSET ${ROWS - 10}`],
  ['rank by group', 'SELECT count(*), sum(place) FROM (SELECT rank() OVER (PARTITION BY few ORDER BY amount) AS place FROM bench_facts) r'],
  ['distinct count', 'SELECT count(DISTINCT many) FROM bench_facts'],
  ['jsonb filter', `SELECT count(*) FROM bench_facts WHERE doc @> '{"color": "red"}' AND (doc ->> 'size')::int > 50`],
  [
    'correlated EXISTS',
    'SELECT count(*) FROM bench_facts f WHERE EXISTS (SELECT 1 FROM bench_others o WHERE o.fact = f.id AND o.value > f.few * 50)',
  ],
];

/** Large queries, by one session that has the server for itself, and what they mean for another one. */
export const analytics: Subject = {
  name: 'analytics',
  async prepare({ server, ours, theirs }) {
    for (const contender of theirs === undefined ? [ours] : [ours, theirs]) await fill(contender);
    // What loading has left behind is not the queries'.
    await server.stop();
    await server.start();
    await sleep(SETTLE_MS);
    results.server = server.pid;
    results.idleMiB = anonymousMiB(server.pid);
    results.ratios.clear();
    results.peaksMiB.clear();
  },
  lines: (options) => [
    ...QUERIES.map(([name, query]) => comparison(name, query, options)),
    ...QUERIES.map(([name]) => peak(name)),
    ...summary,
  ],
};

/** What the lines of queries found out, for those that sum it up. */
const results = { server: 0, idleMiB: 0, ratios: new Map<string, number[]>(), peaksMiB: new Map<string, number>() };

async function fill(contender: Contender): Promise<void> {
  await psql(contender, ...TABLES);
  for (let from = 1; from <= ROWS; from += PIECE) {
    await psql(contender, facts(from, from + PIECE - 1));
    await psql(contender, others(from, from + PIECE - 1));
  }
  await psql(contender, 'VACUUM ANALYZE bench_facts', 'VACUUM ANALYZE bench_others', 'VACUUM ANALYZE bench_kinds');
}

function comparison(name: string, query: string, { rounds }: BenchOptions): Comparison {
  const ours: number[] = [];
  const theirs: number[] = [];
  return {
    kind: 'comparison',
    name,
    unit: 'ms',
    wanted: 12,
    lessIsBetter: true,
    async measure(contender) {
      const isOurs = contender.name === 'KalamDB';
      const { ms, peakMiB } = await timed(contender, query, isOurs);
      (isOurs ? ours : theirs).push(ms);
      if (isOurs) results.peaksMiB.set(name, Math.max(results.peaksMiB.get(name) ?? 0, peakMiB));
      if (theirs.length === rounds) results.ratios.set(name, [ours, theirs].map(middle));
      return ms;
    },
  };
}

const middle = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

function peak(name: string): Line {
  return {
    kind: 'requirement',
    name: `memory above idle: ${name}`,
    unit: 'MiB',
    wanted: WORK_MEM_MIB + 200,
    measure: () => Promise.resolve((results.peaksMiB.get(name) ?? Number.NaN) - results.idleMiB),
  };
}

const summary: readonly Line[] = [
  {
    kind: 'requirement',
    name: 'geometric mean of ours / PostgreSQL',
    unit: '',
    wanted: 5,
    measure: () => {
      const logarithms = [...results.ratios.values()].map(([ours = Number.NaN, theirs = Number.NaN]) => Math.log(ours / theirs));
      return Promise.resolve(Math.exp(logarithms.reduce((sum, one) => sum + one, 0) / logarithms.length));
    },
  },
  {
    kind: 'requirement',
    name: 'p99 of point reads beside a query of 10 s',
    unit: 'ms',
    wanted: 20,
    measure: ({ ours }) => readsBeside(ours, ['SELECT sum(f.amount * k.id) FROM bench_facts f, bench_kinds k']),
  },
  {
    kind: 'requirement',
    name: 'p99 of point reads beside all queries above for 10 s',
    unit: 'ms',
    wanted: 20,
    measure: ({ ours }) =>
      readsBeside(
        ours,
        QUERIES.map(([, query]) => query),
      ),
  },
];

async function connected<T>(contender: Contender, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(contender.connection);
  await client.connect();
  try {
    await client.query('SET max_parallel_workers_per_gather = 0');
    return await work(client);
  } finally {
    await client.end();
  }
}

function timed(contender: Contender, query: string, isOurs: boolean): Promise<{ readonly ms: number; readonly peakMiB: number }> {
  return connected(contender, async (client) => {
    let peakMiB = 0;
    const look = () => {
      peakMiB = Math.max(peakMiB, anonymousMiB(results.server));
    };
    const sampling = isOurs ? setInterval(look, SAMPLE_MS) : undefined;
    const started = performance.now();
    await client.query(query);
    const ms = performance.now() - started;
    clearInterval(sampling);
    if (isOurs) look();
    return { ms, peakMiB };
  });
}

/** Memory of a process that is its own: pages of files that it has mapped are the system's cache. */
function anonymousMiB(pid: number): number {
  const kib = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kib) / 1024;
}

function readsBeside(contender: Contender, queries: readonly string[]): Promise<number> {
  return connected(contender, (busy) =>
    connected(contender, async (reader) => {
      let isOver = false;
      const end = performance.now() + READING_MS;
      const work = (async () => {
        while (performance.now() < end) {
          for (const query of queries) {
            const left = Math.ceil(end - performance.now());
            if (left <= 0) break;
            await busy.query(`SET statement_timeout = ${left}`);
            await busy.query(query).catch((error: unknown) => {
              if (!(error instanceof pg.DatabaseError) || error.code !== '57014') throw error;
            });
          }
        }
      })().finally(() => {
        isOver = true;
      });
      const times: number[] = [];
      for (let i = 0; !isOver; i++) {
        const started = performance.now();
        await reader.query({ name: 'read', text: 'SELECT amount FROM bench_facts WHERE id = $1', values: [((i * 7919) % ROWS) + 1] });
        times.push(performance.now() - started);
      }
      await work;
      times.sort((a, b) => a - b);
      return times[Math.floor(times.length * 0.99)] ?? Number.NaN;
    }),
  );
}
