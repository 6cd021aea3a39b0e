/**
 * Queries and changes made up at random, the answers of this server beside those of a real PostgreSQL 15:
 *   npx tsx test/fuzz/run.ts --seed 1 --minutes 5 [--ours postgres://…] [--oracle postgres://…] [--no-shrink]
 * Each round makes up tables with rows and indexes from its seed and asks about a hundred things of them. What differs is cut down and printed.
 */
import { parseArgs } from 'node:util';
import { connect } from './connect.js';
import { runDifferential } from './differential.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    ours: { type: 'string', default: 'postgres://postgres:pw@127.0.0.1:5452/postgres' },
    oracle: { type: 'string', default: 'postgres://postgres@127.0.0.1:54329/postgres' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

const configOf = (text: string) => {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    database: url.pathname.slice(1),
    ...(url.password === '' ? {} : { password: url.password }),
  };
};

const { finder, close } = await connect({ oracle: configOf(options.oracle), ours: configOf(options.ours) });
const end = Date.now() + Number(options.minutes) * 60_000;
let found = 0;
const count = await runDifferential(finder, Number(options.seed), {
  until: () => Date.now() > end,
  shrink: !options['no-shrink'],
  report({ seed, finding, script }) {
    found++;
    console.log(`\n=== seed ${seed}: ${finding.kind} on ${finding.target}: ${finding.what}\n${script}\n--> ${finding.step}`);
  },
});
console.log(`\n${count} cases, ${found} differences`);
await close();
process.exitCode = found === 0 ? 0 : 1;
