/**
 * Writes sql/*.json: the answers of a real PostgreSQL 15 to the statements of sql/*.sql.
 * npx tsx test/executor/make-golden.ts, with PGHOST, PGPORT and PGUSER set to a superuser of a scratch server.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { statementsOf } from './sql-file.js';

const folder = fileURLToPath(new URL('./sql/', import.meta.url));
const DATABASE = 'kalamdb_executor_golden';

function psql(database: string, script: string): string {
  return execFileSync('bash', ['-c', `psql -d ${database} -X -q -A -t -f - 2>&1`], { input: script }).toString();
}

for (const file of readdirSync(folder)) {
  if (!file.endsWith('.sql')) continue;
  const statements = statementsOf(readFileSync(folder + file, 'utf8'));
  psql('postgres', `drop database if exists ${DATABASE}; `);
  psql('postgres', `create database ${DATABASE};`);
  const output = psql(DATABASE, statements.map((sql, i) => `\\echo @@${i}\n${sql};\n`).join(''));
  const answers: string[] = [];
  for (const part of output.split(/^@@/m).slice(1)) {
    const end = part.indexOf('\n');
    answers[Number(part.slice(0, end))] = part
      .slice(end + 1)
      .replaceAll(/^psql:<stdin>:\d+: /gm, '')
      .replaceAll(/\nLINE \d+:.*\n.*\^/g, '')
      .replace(/\n$/, '');
  }
  writeFileSync(folder + file.replace('.sql', '.json'), `${JSON.stringify(answers, null, 1)}\n`);
  psql('postgres', `drop database ${DATABASE};`);
}
