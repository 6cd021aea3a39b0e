/** Asks a PostgreSQL 15 for the answers of the golden files: `npx tsx test/functions/generate-golden.ts [file…]`, server in PGHOST and PGPORT. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { parseCase } from './case-line.js';

const folder = join(import.meta.dirname, 'golden');
const files = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(folder);
const client = new pg.Client({
  host: process.env.PGHOST ?? '127.0.0.1',
  port: Number(process.env.PGPORT ?? 54329),
  user: process.env.PGUSER ?? 'postgres',
  database: process.env.PGDATABASE ?? 'postgres',
  types: { getTypeParser: () => (value: string) => value },
});
await client.connect();

function literal(text: string | null): string {
  return text === null ? 'NULL' : client.escapeLiteral(text);
}

function sqlOf(line: string): string {
  const { name, kind, args } = parseCase(line);
  const values = args.map((arg) => `${arg.variadic ? 'VARIADIC ' : ''}${literal(arg.text)}::${arg.type}`);
  switch (kind) {
    case 'sql':
      return name;
    case 'cast':
      return `SELECT (${values[0]})::${name}`;
    case 'operator':
      return values.length === 1
        ? `SELECT OPERATOR(pg_catalog.${name}) (${values[0]})`
        : `SELECT (${values[0]}) OPERATOR(pg_catalog.${name}) (${values[1]})`;
    case 'aggregate': {
      const columns = args.map((_, i) => `x${i}`);
      if (args.length === 0) return `SELECT ${name}(*) FROM generate_series(1, 3)`;
      return `SELECT ${name}(${columns.join(', ')}) FROM unnest(${values.join(', ')}) AS t(${columns.join(', ')})`;
    }
    default:
      return `SELECT * FROM pg_catalog."${name}"(${values.join(', ')})`;
  }
}

async function answer(line: string): Promise<string> {
  try {
    const { rows } = await client.query<(string | null)[]>({ text: sqlOf(line), rowMode: 'array' });
    return rows
      .map((row) => `= ${row.length === 1 ? JSON.stringify(row[0]) : JSON.stringify(row.map((v) => v ?? '\\N').join('|'))}`)
      .join('\n');
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === '42883' || error.code === '42601' || error.code === '42725' || error.code === '42704')
      console.log(`${line}\n   ${error.message}`);
    return `! ${error.code} ${error.message.replaceAll('\n', '\\n')}`;
  }
}

for (const file of files) {
  const path = file.includes('/') ? file : join(folder, file);
  const output: string[] = [];
  await client.query("RESET ALL; SET TimeZone = 'UTC'; SET client_min_messages = error; SET extra_float_digits = 1");
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (/^[=!] (".*"|null|void|[0-9A-Z]{5} .*)$/.test(line)) continue;
    output.push(line);
    const setting = /^#set (\w+) = (.*)$/.exec(line);
    if (setting !== null) await client.query(`SET ${setting[1]} = ${literal(setting[2] ?? '')}`);
    else if (line.trim() !== '' && !line.startsWith('#')) {
      const text = await answer(line);
      if (text !== '') output.push(text);
    }
  }
  writeFileSync(path, `${output.join('\n').trimEnd()}\n`);
}
await client.end();
