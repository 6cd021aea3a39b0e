/** Writes what a real PostgreSQL 15 answers into the scenarios: npx tsx test/concurrency/make-golden.ts [part of a name] */
import { writeFileSync } from 'node:fs';
import { PostgresOracle } from '../harness/postgres-oracle.js';
import { runScenario } from './run-scenario.js';
import { readScenarios, scenarioFile } from './script.js';

const postgres = await new PostgresOracle(['max_prepared_transactions=20']).start();
try {
  for (const scenario of readScenarios(process.argv[2])) {
    const { text } = await runScenario(scenario, postgres.connection);
    if (text === scenario.golden) continue;
    writeFileSync(scenarioFile(scenario.name), text);
    console.log(scenario.name);
  }
} finally {
  postgres.close();
}
