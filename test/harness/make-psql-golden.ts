/** Writes the expected output of test/sql/psql/*.sql, as a real PostgreSQL 15 gives it: npx tsx test/harness/make-psql-golden.ts */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PostgresOracle } from './postgres-oracle.js';
import { runPsqlScript } from './psql-script.js';

const folder = new URL('../sql/psql/', import.meta.url);
const postgres = await new PostgresOracle().start();
try {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql'))) {
    const script = readFileSync(new URL(file, folder), 'utf8');
    writeFileSync(new URL(file.replace(/\.sql$/, '.out'), folder), runPsqlScript(postgres.libpq, script));
  }
} finally {
  postgres.close();
}
