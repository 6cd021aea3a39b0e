/**
 * Writes what the programs of test/clients/debian print on a real PostgreSQL 15: npx tsx test/clients/debian/make-expected.ts [CLIENT[/NAME] …]
 * Without arguments all are made.
 */
import { writeFileSync } from 'node:fs';
import { PostgresOracle } from '../../harness/postgres-oracle.js';
import { allPrograms, runProgram } from './program.js';

const wanted = process.argv.slice(2);
for (const program of allPrograms()) {
  if (wanted.length > 0 && !wanted.some((name) => name === program.client || name === `${program.client}/${program.name}`)) continue;
  const postgres = await new PostgresOracle(['max_prepared_transactions=100']).start();
  try {
    writeFileSync(program.expectedPath, runProgram(program, postgres.libpq));
  } finally {
    postgres.close();
  }
}
