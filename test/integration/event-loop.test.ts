import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';

/**
 * While one session does much, another one's round trips stay short. The other one is a thread of its own, since this one is busy with long
 * statements too. A server gives way after about 10 ms; the limit here leaves room for garbage collection. Where the machine is busy with
 * others, the server's share of it counts, and the best of three.
 */
const LIMIT_MS = Number(process.env.KALAMDB_TEST_BLOCKING_MS ?? 250);
const TIMEOUT_MS = 1000;
const ROWS = 200_000;

/** Asks again and again; answers 'max' with the longest round trip since the last time. */
const PROBE = `
  const { parentPort, workerData } = require('node:worker_threads');
  const pg = require(workerData.pg);
  (async () => {
    const client = new pg.Client(workerData.connection);
    await client.connect();
    let longest = 0;
    parentPort.on('message', () => { parentPort.postMessage(longest); longest = 0; });
    parentPort.postMessage('ready');
    for (;;) {
      const started = performance.now();
      await client.query('SELECT 1');
      longest = Math.max(longest, performance.now() - started);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
`;

const list = (count: number, item: (i: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, i) => item(i)).join(separator);

/** What is to come of it: rows, an error, or whatever can be had within the time-out. */
type Outcome = 'rows' | 'timeout' | '54000' | '54001' | '2201B' | '53200' | 'either';

const STATEMENTS: readonly (readonly [name: string, outcome: Outcome, statement: string])[] = [
  ['10,000 brackets', 'either', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['an IN list of 10,000', 'rows', `SELECT count(*) FROM el_rows WHERE id IN (${list(10_000, (i) => `${i * 3}`)})`],
  ['10,000 texts in an IN list', 'rows', `SELECT count(*) FROM el_rows WHERE label IN (${list(10_000, (i) => `'x${i}'`)})`],
  ['INSERT of 50,000 rows of VALUES', 'rows', `INSERT INTO el_sink VALUES ${list(50_000, (i) => `(${i}, 'x${i}')`)}`],
  ['a table of 1,000 columns', 'rows', `CREATE TEMP TABLE el_wide (${list(1000, (i) => `c${i} int`)})`],
  ['1,000 columns with expressions', 'rows', `SELECT ${list(1000, (i) => `c${i} + 1`)} FROM el_wide`],
  ['1,000 conditions', 'rows', `SELECT count(*) FROM el_rows WHERE ${list(1000, (i) => `id <> ${i}`, ' AND ')}`],
  ['a list of 10 MB', '54001', `SELECT ARRAY[${list(1_500_000, (i) => `${i}`)}]`],
  ['a catastrophic regular expression', 'rows', `SELECT repeat('a', 40) ~ '(a+)+b'`],
  ['a regular expression of many alternatives', 'rows', `SELECT repeat('a', 5000) ~ '(a|aa)+$b'`],
  ['a regular expression that is too large', '2201B', `SELECT 'a' ~ '((((a{1,100}){1,100}){1,100}){1,100})'`],
  ['a cartesian product', 'timeout', 'SELECT count(*) FROM el_rows a, el_rows b'],
  ['a cartesian product that finds nothing', 'timeout', 'SELECT a.id FROM el_rows a, el_rows b WHERE a.id + b.id < 0'],
  ['a join over one hot key', 'timeout', 'SELECT count(*) FROM el_rows a JOIN el_rows b ON a.few = b.few'],
  ['a hash join', 'rows', 'SELECT count(*) FROM el_rows a JOIN el_rows b ON a.id = b.many'],
  [
    'a correlated scalar',
    'timeout',
    'SELECT sum(n) FROM (SELECT (SELECT count(*) FROM el_rows b WHERE b.many < a.id) AS n FROM el_rows a) s',
  ],
  ['a correlated EXISTS', 'timeout', 'SELECT count(*) FROM el_rows a WHERE EXISTS (SELECT 1 FROM el_rows b WHERE b.many < -a.id)'],
  [
    'a correlated IN',
    'timeout',
    'SELECT count(*) FROM el_rows a WHERE a.id IN (SELECT b.many + a.few FROM el_rows b WHERE b.few <> a.few)',
  ],
  ['a correlated ARRAY', 'timeout', 'SELECT max(cardinality(ARRAY(SELECT b.id FROM el_rows b WHERE b.many <> a.id))) FROM el_rows a'],
  ['a correlated series', 'rows', 'SELECT (SELECT sum(g) FROM generate_series(1, 1000000 + a.few) g) FROM el_rows a LIMIT 1'],
  [
    'sub-queries in sub-queries',
    'timeout',
    'SELECT (SELECT count(*) FROM el_rows b WHERE b.id > (SELECT max(c.id) FROM el_rows c WHERE c.many < b.id - a.id)) FROM el_rows a',
  ],
  ['an array that is too large', '54000', 'SELECT cardinality(array_fill(0, ARRAY[100000000]))'],
  ['a text that is too large', '54000', `SELECT length(repeat('ab', 50000000))`],
  ['replace in 2 MB', 'rows', `SELECT length(replace(repeat('abc', 700000), 'b', 'xx'))`],
  ['regexp_replace in 40 MB', 'either', `SELECT length(regexp_replace(repeat('abc', 14000000), 'b', 'xx', 'g'))`],
  ['a series within an expression', 'rows', 'SELECT count(n) FROM (SELECT generate_series(1, 1000000) AS n) s'],
  ['a PL/pgSQL loop without end', 'timeout', 'DO $$ BEGIN LOOP NULL; END LOOP; END $$'],
  [
    'a PL/pgSQL loop that computes',
    'timeout',
    'DO $$ DECLARE n numeric := 0; BEGIN WHILE true LOOP n := n + sqrt(n + 2); END LOOP; END $$',
  ],
  ['a PL/pgSQL loop with statements', 'timeout', 'DO $$ BEGIN LOOP PERFORM count(*) FROM el_rows WHERE id = 5; END LOOP; END $$'],
  [
    'a PL/pgSQL loop over rows',
    'rows',
    'DO $$ DECLARE r record; n bigint := 0; BEGIN FOR r IN SELECT * FROM el_rows LOOP n := n + r.id; END LOOP; END $$',
  ],
  [
    'a PL/pgSQL loop of blocks with EXCEPTION',
    'timeout',
    'DO $$ BEGIN LOOP BEGIN PERFORM 1 / 0; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$',
  ],
  ['a series of millions', 'either', 'SELECT sum(n) FROM generate_series(1, 5000000) n'],
  ['a product of 100,000 digits', 'either', `SELECT length((repeat('9', 60000)::numeric * repeat('7', 60000)::numeric)::text)`],
  ['string_agg', 'rows', "SELECT length(string_agg(label, ',')) FROM el_rows"],
  ['array_agg', 'rows', 'SELECT cardinality(array_agg(label)) FROM el_rows'],
  ['json_agg', 'rows', 'SELECT length(json_agg(label)::text) FROM el_rows'],
  ['string_agg in order', 'rows', "SELECT length(string_agg(label, ',' ORDER BY label)) FROM el_rows"],
  ['array_agg of different ones', 'rows', 'SELECT cardinality(array_agg(DISTINCT label)) FROM el_rows'],
  ['percentile_cont', 'rows', 'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY many) FROM el_rows'],
  ['a sort of long texts', 'rows', 'SELECT label FROM (SELECT repeat(label, 10) AS label FROM el_rows) s ORDER BY label OFFSET 199990'],
  ['a recursion without end', 'timeout', 'WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r'],
  [
    'a join of 12',
    'rows',
    `SELECT count(*) FROM ${list(12, (i) => `el_few k${i}`)} WHERE ${list(11, (i) => `k${i}.id = k${i + 1}.id`, ' AND ')}`,
  ],
  ['a UNION of 1,000', '54001', list(1000, (i) => `SELECT ${i} AS a`, ' UNION ALL ')],
  ['an index of 200,000 texts', 'rows', 'CREATE INDEX el_index ON el_rows (label)'],
  ['ANALYZE', 'rows', 'ANALYZE el_rows'],
  ['a change of all rows', 'either', 'UPDATE el_rows SET many = many + 1'],
];

describe('a session that does much', () => {
  const server = new ServerProcess({ label: 'event-loop' });
  let client: pg.Client;
  let probe: Worker;

  beforeAll(async () => {
    await server.start();
    client = new pg.Client(server.connection);
    await client.connect();
    await client.query(`
      CREATE TABLE el_rows (id int PRIMARY KEY, few int, many int, label text);
      CREATE TABLE el_few (id int PRIMARY KEY);
      CREATE TABLE el_sink (a int, b text);
      INSERT INTO el_rows SELECT i, i % 10, (i * 7919::bigint) % 100000, md5(i::text) FROM generate_series(1, ${ROWS}) i;
      INSERT INTO el_few SELECT generate_series(1, 100)`);
    await client.query('ANALYZE');
    const workerData = { connection: server.connection, pg: require.resolve('pg') };
    probe = new Worker(PROBE, { eval: true, workerData });
    await once(probe, 'message');
  }, 60_000);

  afterAll(async () => {
    await probe.terminate();
    await client.end();
    await server.close();
  });

  async function longest(): Promise<number> {
    probe.postMessage('longest');
    const [milliseconds] = (await once(probe, 'message')) as [number];
    return milliseconds;
  }

  async function run(statement: string): Promise<string> {
    try {
      await client.query(statement);
      return 'rows';
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      return error.code === '57014' ? 'timeout' : (error.code ?? '');
    }
  }

  /** Milliseconds of a processor that the server has used. */
  function processorMs(): number {
    const [, fields = ''] = readFileSync(`/proc/${server.pid}/stat`, 'latin1').split(') ');
    const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
    return (user + system) * 10;
  }

  it.each(STATEMENTS)('gives way to others: %s', { timeout: 30_000, retry: 2 }, async (_name, wanted, statement) => {
    await client.query(`SET statement_timeout = ${wanted === 'rows' ? 0 : TIMEOUT_MS}`);
    await longest();
    const used = processorMs();
    const started = performance.now();
    const outcome = await run(statement);
    const spent = performance.now() - started;
    const share = Math.min(1, (processorMs() - used + 10) / spent);
    const blocked = (await longest()) * share;
    if (wanted !== 'either') expect(outcome).toBe(wanted);
    if (wanted === 'timeout') expect((spent - TIMEOUT_MS) * share).toBeLessThan(2 * LIMIT_MS);
    if (wanted !== 'either') expect(blocked).toBeLessThan(LIMIT_MS);
    else expect(blocked).toBeLessThan(TIMEOUT_MS + 2 * LIMIT_MS);
  });
});
