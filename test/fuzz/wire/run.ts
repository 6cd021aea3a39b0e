/**
 * Clients that do all that a client should not, while another session goes on and must get right answers in time:
 *   npm run fuzz:wire -- --seed 1 --minutes 5 [--attack 'random bytes']
 * Fails on a server that ends, an answer that is wrong or late, sessions that stay behind, an internal error in the log, or memory that does not come back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { PASSWORD, ServerProcess } from '../../harness/server-process.js';
import { Random } from '../random.js';
import { ATTACK_NAMES, attack } from './attacks.js';
import { statements } from './material.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    attack: { type: 'string', multiple: true },
  },
});

const WORKERS = 6;
const LATE_MS = 3000;
const SETTLE_MS = 3000;
/** Then caches are full: a small heap, so that what is garbage does not stay. */
const WARM_UP_MS = 60_000;
const HEAP_MB = 192;
/** Memory may grow by so much more than what it is after the warm-up. */
const GROWTH = 1.1;
const GROWTH_BYTES = 40 * 1024 * 1024;

const server = new ServerProcess({
  label: 'fuzz-wire',
  environment: { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
  args: [
    '--set',
    'kalamdb.statement_cache_size=8MB',
    '--tls',
    'auto',
    '--set',
    'max_connections=300',
    '--set',
    'kalamdb.login_failure_delay=0',
    '--set',
    'authentication_timeout=2',
  ],
});
writeFileSync(join(server.directory.path, 'hba.conf'), 'host all fuzz 127.0.0.1/32 trust\nhost all all all scram-sha-256\n');
await server.start();
const failures: string[] = [];
/** Without pages of the data file, which are the kernel's to keep. */
const memory = (): number => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024;

const guard = new pg.Client({ host: server.host, port: server.port, user: 'postgres', password: PASSWORD, database: 'postgres' });
guard.on('error', (error) => failures.push(`the other session ended: ${error.message}`));
await guard.connect();
await guard.query("CREATE ROLE fuzz LOGIN; ALTER ROLE fuzz SET statement_timeout = '1s'; ALTER ROLE fuzz SET idle_session_timeout = '20s'");
await guard.query('CREATE SCHEMA guard; CREATE TABLE guard.numbers AS SELECT g AS n FROM generate_series(1, 1000) AS g');

const seed = Number(options.seed);
const end = Date.now() + Number(options.minutes) * 60_000;
const texts = statements();
const names = options.attack ?? ATTACK_NAMES;
let messages = 0;
const counts = new Map<string, number>();

async function worker(number: number): Promise<void> {
  const random = new Random(seed * 1000 + number);
  while (Date.now() < end && failures.length === 0) {
    const name = random.pick(names);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    messages += await attack(name, { port: server.port, random, texts });
  }
}

async function watch(): Promise<void> {
  while (Date.now() < end && failures.length === 0) {
    const started = performance.now();
    try {
      const { rows } = await guard.query('SELECT count(*) AS count, sum(n) AS sum FROM guard.numbers WHERE n > $1', [0]);
      if (rows[0]?.count !== '1000' || rows[0]?.sum !== '500500') failures.push(`a wrong answer: ${JSON.stringify(rows)}`);
    } catch (error) {
      failures.push(`the other session failed: ${String(error)}`);
    }
    const tookMs = performance.now() - started;
    if (tookMs > LATE_MS) failures.push(`an answer took ${Math.round(tookMs)} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let warm = 0;
setTimeout(
  () => {
    warm = memory();
  },
  Math.min(WARM_UP_MS, (Number(options.minutes) * 60_000) / 2),
).unref();
await Promise.all([watch(), ...Array.from({ length: WORKERS }, (_, i) => worker(i))]);
await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
const left = await guard.query('SELECT count(*) AS count FROM pg_stat_activity').then(
  ({ rows }) => Number(rows[0]?.count),
  () => 0,
);
if (left !== 1) failures.push(`${left - 1} sessions stayed behind`);
const after = memory();
if (warm > 0 && after > warm * GROWTH + GROWTH_BYTES) failures.push(`memory went from ${warm >> 20} to ${after >> 20} MB`);
const internal = server.output.split('\n').filter((line) => line.includes('unexpected error') || line.includes('InvariantError'));
for (const line of new Set(internal.map((text) => text.replace(/"time":\d+,/, '').slice(0, 1000)))) failures.push(`in the log: ${line}`);
await guard.end();
await server.close();

console.log(
  `${messages} messages in ${[...counts.values()].reduce((sum, count) => sum + count, 0)} connections, memory ${warm >> 20} → ${after >> 20} MB`,
);
for (const failure of failures.slice(0, 20)) console.log(`FAIL (seed ${seed}): ${failure}`);
process.exit(failures.length === 0 ? 0 : 1);
