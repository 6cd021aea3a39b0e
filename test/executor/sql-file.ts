import { readFileSync } from 'node:fs';
import { SqlError } from '../../src/commons/sql-error.js';
import type { Session } from './database.js';

const FOLDER = new URL('./sql/', import.meta.url);

/** The statements of sql/<name>.sql, and what a real PostgreSQL 15 answered to each (sql/<name>.json, made by make-golden.ts). */
export function readSqlFile(name: string): readonly { readonly sql: string; readonly expected: string }[] {
  const statements = statementsOf(readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8'));
  const answers: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
  if (!Array.isArray(answers) || answers.length !== statements.length)
    throw new Error(`sql/${name}.json is not of sql/${name}.sql: make it anew`);
  return statements.map((sql, i) => ({ sql, expected: String(answers[i]) }));
}

export function statementsOf(text: string): readonly string[] {
  return text
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

/** What psql -A -t would print: rows, or the error with its detail and hint. */
export async function answer(session: Session, sql: string): Promise<string> {
  try {
    return (await session.rows(sql)).join('\n');
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { detail, hint } = error.fields;
    return [
      `ERROR:  ${error.message}`,
      ...(detail === undefined ? [] : [`DETAIL:  ${detail}`]),
      ...(hint === undefined ? [] : [`HINT:  ${hint}`]),
    ].join('\n');
  }
}
