/**
 * Writes golden.json: PostgreSQL's answers to the cases of golden-cases.ts and golden-operations.ts.
 * Run by hand with a PostgreSQL 15 at hand: PGHOST=… PGPORT=… PGUSER=postgres npx tsx test/types/make-golden.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inputCases } from './golden-cases.js';
import { operationCases, sqlOf } from './golden-operations.js';

/** A text, or an error as [code, message, detail, hint, context]. */
export type Answer = string | null | readonly (string | null)[];

const client = new pg.Client();
await client.connect();

async function ask(sql: string, parameters: unknown[] = []): Promise<Answer> {
  try {
    const result = await client.query<(string | null)[]>({
      text: sql,
      values: parameters,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    });
    return result.rows[0]?.[0] ?? null;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return [error.code ?? '', error.message, error.detail ?? null, error.hint ?? null, error.where ?? null];
  }
}

async function set(settings: object): Promise<void> {
  await client.query('RESET ALL');
  for (const [name, value] of Object.entries({ TimeZone: 'UTC', ...settings })) await client.query(`SET ${name} = '${value}'`);
}

const inputs: Answer[][] = [];
for (const { type, settings = {}, texts } of inputCases) {
  await set(settings);
  const answers: Answer[] = [];
  for (const text of texts) {
    const literal = `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    // An assignment, not a cast, so that lengths are enforced.
    await client.query(`CREATE TEMP TABLE IF NOT EXISTS probe (x int); DROP TABLE probe; CREATE TEMP TABLE probe (x ${type})`);
    const inserted = await ask(`INSERT INTO probe VALUES (${literal}) RETURNING x`);
    answers.push(inserted);
  }
  inputs.push(answers);
}

const operations: Answer[] = [];
let current = '';
for (const operation of operationCases) {
  const wanted = JSON.stringify(operation.settings ?? {});
  if (wanted !== current) await set(operation.settings ?? {});
  current = wanted;
  operations.push(await ask(sqlOf(operation)));
}

const path = fileURLToPath(new URL('golden.json', import.meta.url));
const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join(',\n');
writeFileSync(path, `{"inputs":[\n${lines(inputs)}\n],"operations":[\n${lines(operations)}\n]}\n`);
await client.end();
