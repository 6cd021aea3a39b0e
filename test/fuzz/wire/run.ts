/**
 * Clients that do all that a client should not, while another session goes on and must get right answers in time:
 *   npm run fuzz:wire -- --seed 1 --minutes 5 [--attack 'random bytes'] [--profile]
 * Fails on a server that ends, an answer that is wrong or late, sessions that stay behind, an internal error in the log, or memory that does not come back.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { PASSWORD, ServerProcess } from '../../harness/server-process.js';
import { Random } from '../random.js';
import { ATTACK_NAMES, attack } from './attacks.js';
import { Churn, CONNECTIONS_A_MINUTE } from './churn.js';
import { HeapProbe, type LiveMemory } from './heap.js';
import { statements } from './material.js';
import { Stalls } from './stalls.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    attack: { type: 'string', multiple: true },
    profile: { type: 'boolean', default: false },
  },
});

const WORKERS = 6;
const LATE_MS = 3000;
const SETTLE_MS = 3000;
/** Then caches are full. */
const WARM_UP_MS = 120_000;
const HEAP_MB = 256;
/** Memory comes back to what it was after the warm-up, within a tenth. */
const GROWTH = 1.1;
/** What a run of ten minutes or more has to have sent. */
const WANTED_MESSAGES = 2_000_000;
const LONG_RUN_MINUTES = 10;

const server = new ServerProcess({
  label: 'fuzz-wire',
  environment: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB} --inspect=127.0.0.1:0` },
  // Caches are small, so that they are full soon.
  args: Object.entries({
    'kalamdb.statement_cache_size': '8MB',
    'pg_stat_statements.max': '200',
    max_connections: '500',
    'kalamdb.login_failure_delay': '0',
    authentication_timeout: '2',
  })
    .flatMap(([name, value]) => ['--set', `${name}=${value}`])
    .concat(['--tls', 'auto']),
});
writeFileSync(join(server.directory.path, 'hba.conf'), 'host all fuzz 127.0.0.1/32 trust\nhost all all all scram-sha-256\n');
await server.start();
const failures: string[] = [];
const probe = await HeapProbe.attach(server.output);
if (options.profile) await probe.profile();

const guard = new pg.Client({ host: server.host, port: server.port, user: 'postgres', password: PASSWORD, database: 'postgres' });
guard.on('error', (error) => failures.push(`the other session ended: ${error.message}`));
await guard.connect();
await guard.query("CREATE ROLE fuzz LOGIN; ALTER ROLE fuzz SET statement_timeout = '1s'; ALTER ROLE fuzz SET idle_session_timeout = '20s'");
await guard.query('CREATE SCHEMA guard; CREATE TABLE guard.numbers AS SELECT g AS n FROM generate_series(1, 1000) AS g');

const seed = Number(options.seed);
const stalls = new Stalls();
const end = stalls.nowMs + Number(options.minutes) * 60_000;
const texts = statements();
const names = options.attack ?? ATTACK_NAMES;
let messages = 0;
let slowestMs = 0;
const inMb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const counts = new Map<string, number>();

const randoms = Array.from({ length: WORKERS }, (_, number) => new Random(seed * 1000 + number));

async function worker(number: number, isDone: () => boolean): Promise<void> {
  const random = randoms[number] ?? new Random(seed);
  while (!isDone()) {
    const name = random.pick(names);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    messages += await attack(name, { port: server.port, random, texts });
  }
}

async function watch(): Promise<void> {
  while (!isOver()) {
    const started = performance.now();
    const lostMs = stalls.lostMs;
    try {
      const { rows } = await guard.query('SELECT count(*) AS count, sum(n) AS sum FROM guard.numbers WHERE n > $1', [0]);
      if (rows[0]?.count !== '1000' || rows[0]?.sum !== '500500') failures.push(`a wrong answer: ${JSON.stringify(rows)}`);
    } catch (error) {
      failures.push(`the other session failed: ${String(error)}`);
    }
    // A beat first, if one is due.
    if (performance.now() - started > LATE_MS) await new Promise((resolve) => setTimeout(resolve, 200));
    const tookMs = performance.now() - started - (stalls.lostMs - lostMs);
    slowestMs = Math.max(slowestMs, tookMs);
    if (tookMs > LATE_MS) {
      const meanwhile = options.profile ? `: ${await probe.profiled(tookMs)}` : ' (--profile says where)';
      failures.push(`an answer took ${Math.round(tookMs)} ms${meanwhile}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const isOver = (): boolean => stalls.nowMs >= end || failures.length > 0;
const churn = new Churn(server.port, stalls);

/** With all fuzzers gone, and their sessions. */
async function measured(): Promise<LiveMemory> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return probe.measure();
}

/** Until `until`, or the first failure. */
async function attacked(until: number): Promise<void> {
  const isDone = (): boolean => stalls.nowMs >= until || failures.length > 0;
  await Promise.all([...Array.from({ length: WORKERS }, (_, i) => worker(i, isDone)), churn.run(isDone)]);
}

const watching = watch();
await attacked(Math.min(stalls.nowMs + WARM_UP_MS, (stalls.nowMs + end) / 2));
const before = await measured();
await attacked(end);
await watching;
await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
const left = await guard.query('SELECT count(*) AS count FROM pg_stat_activity').then(
  ({ rows }) => Number(rows[0]?.count),
  () => 0,
);
if (left !== 1) failures.push(`${left - 1} sessions stayed behind`);
const after = await measured();
if (after.liveBytes > before.liveBytes * GROWTH) failures.push(`memory went from ${inMb(before.liveBytes)} to ${inMb(after.liveBytes)} MB`);
if (churn.unanswered > 0) failures.push(`${churn.unanswered} clients that asked SELECT 1 got no answer`);
if (Number(options.minutes) >= LONG_RUN_MINUTES && options.attack === undefined) {
  if (messages < WANTED_MESSAGES) failures.push(`only ${messages} messages`);
  const wanted = CONNECTIONS_A_MINUTE * Number(options.minutes) * 0.95;
  if (churn.done < wanted) failures.push(`only ${churn.done} connections came and went`);
}
const internal = server.output.split('\n').filter((line) => line.includes('unexpected error') || line.includes('InvariantError'));
for (const line of new Set(internal.map((text) => text.replace(/"time":\d+,/, '').slice(0, 1000)))) failures.push(`in the log: ${line}`);
await guard.end();
probe.close();
stalls.stop();
await server.close();

const connections = [...counts.values()].reduce((sum, count) => sum + count, 0);
console.log(
  `${messages} messages in ${connections} attacks, ${churn.done} clients came and went; live memory ${inMb(before.liveBytes)} → ` +
    `${inMb(after.liveBytes)} MB, in RAM ${inMb(before.residentBytes)} → ${inMb(after.residentBytes)} MB; slowest answer ${Math.round(slowestMs)} ms` +
    (stalls.lostMs > 0 ? `, the machine stood still for ${Math.round(stalls.lostMs)} ms` : ''),
);
for (const failure of failures.slice(0, 20)) console.log(`FAIL (seed ${seed}): ${failure}`);
process.exit(failures.length === 0 ? 0 : 1);
