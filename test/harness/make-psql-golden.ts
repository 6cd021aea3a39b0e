/**
 * Writes the expected output of test/sql/psql/*.sql, as a real PostgreSQL 15 gives it: npx tsx test/harness/make-psql-golden.ts [NAME …]
 * A name is the beginning of a file's; without any all are made.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { PostgresOracle } from './postgres-oracle.js';
import { runPsqlScript } from './psql-script.js';

const names = process.argv.slice(2);
const isWanted = (file: string): boolean => names.length === 0 || names.some((name) => file.startsWith(name));
const folder = new URL('../sql/psql/', import.meta.url);
const postgres = await new PostgresOracle().start();
try {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sql') && isWanted(name))) {
    const script = readFileSync(new URL(file, folder), 'utf8');
    writeFileSync(new URL(file.replace(/\.sql$/, '.out'), folder), runPsqlScript(postgres.libpq, script));
  }
} finally {
  postgres.close();
}
