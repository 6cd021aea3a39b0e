/**
 * Runs files of the public sqllogictest format on a server, each in a database session of its own:
 *   npx tsx test/sqllogictest/run.ts --server postgres://postgres:pw@127.0.0.1:5432/postgres FILE …
 * With --complete it writes the answers of that server (a real PostgreSQL) below each query instead of comparing them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { complete } from './complete.js';
import { LogicRunner } from './runner.js';
import { parseScript } from './script.js';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432/postgres' },
    complete: { type: 'boolean', default: false },
  },
});

let failed = 0;
for (const file of files) {
  const client = new pg.Client(options.server);
  await client.connect();
  const text = readFileSync(file, 'utf8');
  const runner = new LogicRunner(client);
  if (options.complete) {
    writeFileSync(file, await complete(text, runner));
  } else {
    const records = parseScript(text);
    let failures = 0;
    for (const record of records) {
      const failure = await runner.run(record);
      if (failure === undefined) continue;
      failures++;
      console.log(`${file}:${failure.line}: ${failure.sql}\n  expected ${failure.expected}\n  actual   ${failure.actual}`);
    }
    failed += failures;
    console.log(`${file}: ${records.length} records, ${failures} failed`);
  }
  await client.end();
}
process.exitCode = failed === 0 ? 0 : 1;
