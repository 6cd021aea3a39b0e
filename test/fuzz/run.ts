/**
 * Queries, changes and calls of built-in functions made up at random, the answers of this server beside those of a real PostgreSQL 15:
 *   npm run fuzz:sql -- --seed 1 --minutes 5 [--ours postgres://…] [--oracle postgres://…] [--no-shrink]
 * Both are started for the run unless they are given; where PostgreSQL is not installed, PGlite stands in for it.
 * Each round makes up tables with rows and indexes from its seed and asks about two hundred things. What differs is cut down and printed.
 */
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { PgliteOracle } from '../harness/pglite-oracle.js';
import { hasPostgres, PostgresOracle } from '../harness/postgres-oracle.js';
import { ServerProcess } from '../harness/server-process.js';
import { connect } from './connect.js';
import { runDifferential } from './differential.js';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    ours: { type: 'string' },
    oracle: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

interface Started {
  readonly connection: pg.ClientConfig;
  close(): void | Promise<void>;
}

function given(text: string): Started {
  const url = new URL(text);
  const connection = {
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    database: url.pathname.slice(1),
    ...(url.password === '' ? {} : { password: url.password }),
  };
  return { connection, close: () => undefined };
}

const oracle: Started =
  options.oracle !== undefined
    ? given(options.oracle)
    : await (hasPostgres ? new PostgresOracle(['fsync=off']) : new PgliteOracle()).start();
const ours: Started = options.ours !== undefined ? given(options.ours) : await new ServerProcess({ label: 'fuzz' }).start();
let found = 0;
try {
  const { finder, builtins, close } = await connect({ oracle: oracle.connection, ours: ours.connection });
  const end = Date.now() + Number(options.minutes) * 60_000;
  const missing: string[] = [];
  const count = await runDifferential({ finder, builtins }, Number(options.seed), {
    until: () => Date.now() > end,
    shrink: !options['no-shrink'],
    report({ seed, finding, script }) {
      if (finding.kind === 'missing') {
        missing.push(finding.what);
        return;
      }
      found++;
      console.log(`\n=== seed ${seed}: ${finding.kind} on ${finding.target}: ${finding.what}\n${script}\n--> ${finding.step}`);
    },
  });
  await close();
  if (missing.length > 0) console.log(`\nnot there yet:\n${missing.map((text) => `  ${text}`).join('\n')}`);
  console.log(`\n${count} cases, ${found} differences`);
} finally {
  await ours.close();
  await oracle.close();
}
process.exitCode = found === 0 ? 0 : 1;
