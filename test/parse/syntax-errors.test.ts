import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';

/** Texts with what PostgreSQL 15 says to them: SQLSTATE, message, position in characters from 1 (0: none), hint. */
type Known = readonly [text: string, code: string, message: string, position: number, hint?: string];
const known: readonly Known[] = JSON.parse(readFileSync(new URL('./syntax-errors.json', import.meta.url), 'utf8'));

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

function answer(text: string): Known | undefined {
  try {
    parser.parse(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { position, hint } = error.fields;
    const characters = position === undefined ? 0 : Array.from(text.slice(0, position)).length + 1;
    return hint === undefined ? [text, error.code, error.message, characters] : [text, error.code, error.message, characters, hint];
  }
}

describe('a syntax error', () => {
  it.each(known.map((expected) => ({ text: expected[0], expected })))('$text', ({ text, expected }) => {
    expect(answer(text)).toEqual(expected);
  });
});

describe('the table of syntax errors', () => {
  let client: pg.Client | undefined;
  beforeAll(async () => {
    if (process.env.PGHOST === undefined) return;
    const candidate = new pg.Client({ connectionTimeoutMillis: 2000 });
    try {
      await candidate.connect();
      const { rows } = await candidate.query<{ version: string }>('SELECT version()');
      if (rows[0]?.version.startsWith('PostgreSQL 15')) client = candidate;
    } catch {
      // No oracle at PGHOST: the test below says that it was skipped.
    }
  });
  afterAll(() => client?.end());

  it('is what a real PostgreSQL 15 answers', async (context) => {
    if (client === undefined) return context.skip('no PostgreSQL 15 at PGHOST to compare with');
    for (const expected of known) {
      const error: unknown = await client.query(expected[0]).catch((reason: unknown) => reason);
      expect(error, expected[0]).toBeInstanceOf(pg.DatabaseError);
      if (!(error instanceof pg.DatabaseError)) continue;
      const hint = error.hint === undefined ? [] : [error.hint];
      expect([expected[0], error.code, error.message, Number(error.position ?? 0), ...hint]).toEqual(expected);
    }
  });
});
