/**
 * Writes golden.json: PostgreSQL's answers to the cases of golden-cases.ts and golden-operations.ts.
 * Run by hand with a PostgreSQL 15 at hand: PGHOST=… PGPORT=… PGUSER=postgres npx tsx test/types/make-golden.ts
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { inputCases } from './golden-cases.js';
import { operationCases } from './golden-operations.js';
import { sqlOf } from './operation-case.js';

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
/** Hex of the binary form of what was read; null where there was an error. */
const binaries: (string | null)[][] = [];
for (const { type, settings = {}, texts } of inputCases) {
  await set(settings);
  const answers: Answer[] = [];
  const bytes: (string | null)[] = [];
  const sender = await ask('SELECT typsend FROM pg_type WHERE oid = $1::regtype', [type === 'char' ? 'bpchar' : type]);
  for (const text of texts) {
    const literal = `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
    // An assignment, not a cast, so that lengths are enforced.
    await client.query(`CREATE TEMP TABLE IF NOT EXISTS probe (x int); DROP TABLE probe; CREATE TEMP TABLE probe (x ${type})`);
    const inserted = await ask(`INSERT INTO probe VALUES (${literal}) RETURNING x`);
    answers.push(inserted);
    const binary = await ask(`SELECT encode(${String(sender)}(x), 'hex') FROM probe`);
    bytes.push(typeof binary === 'string' ? binary : null);
  }
  inputs.push(answers);
  binaries.push(bytes);
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
writeFileSync(path, `{"inputs":[\n${lines(inputs)}\n],"binaries":[\n${lines(binaries)}\n],"operations":[\n${lines(operations)}\n]}\n`);
await client.end();
