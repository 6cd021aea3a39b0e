import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import type { ParsedStatement } from '../../src/planner/parse/ast.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** A tree on one line: fields without quotes, locations left out. */
function compact(node: unknown): string {
  if (Array.isArray(node)) return `[${node.map(compact).join(', ')}]`;
  if (typeof node !== 'object' || node === null) return JSON.stringify(node);
  const fields = Object.entries(node).filter(([key]) => key !== '_location');
  return `{${fields.map(([key, value]) => `${key}: ${compact(value)}`).join(', ')}}`;
}

function read(sql: string): string[] {
  try {
    return parser.parse(sql).map(({ statement }) => compact(statement));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return [`${error.code} ${error.message} @${error.fields.position}`];
  }
}

/** The golden file holds each statement with its tree below it; `vitest -u` writes the trees anew. */
describe('statements', () => {
  it('are read into the trees of statements.ast.txt', async () => {
    const file = fileURLToPath(new URL('./statements.ast.txt', import.meta.url));
    const blocks = readFileSync(file, 'utf8').split('\n\n');
    const golden = blocks.map((block) => {
      if (block.startsWith('#')) return block.trim();
      const sql = block.replace(/\n {2}.*/s, '').trim();
      return [sql, ...read(sql)].join('\n  ');
    });
    await expect(`${golden.join('\n\n')}\n`).toMatchFileSnapshot(file);
  });
});

function pieces(statements: readonly ParsedStatement[]): unknown[] {
  return statements.map(({ statement, text, offset }) => [statement.type, text, offset]);
}

describe('a text', () => {
  it('may hold no statement', () => {
    for (const text of ['', '  \n', ';', ' ; ;', '-- comment', '/* a /* nested */ one */']) expect(parser.parse(text)).toEqual([]);
  });

  it('is cut into statements with their own text and offset', () => {
    expect(pieces(parser.parse('-- c\nSELECT 1 ; /* x */ BEGIN;\n\nCOMMIT'))).toEqual([
      ['select', 'SELECT 1', 5],
      ['transaction', 'BEGIN', 24],
      ['transaction', 'COMMIT', 32],
    ]);
    expect(pieces(parser.parse("SELECT 'é🎉'; SELECT 'ü' ; "))).toEqual([
      ['select', "SELECT 'é🎉'", 0],
      ['select', "SELECT 'ü'", 14],
    ]);
  });

  it('gives locations in UTF-16 code units', () => {
    const text = "SELECT 'é🎉€', x + y";
    const [parsed] = parser.parse(text);
    const columns = parsed?.statement.type === 'select' ? parsed.statement.columns : [];
    expect(columns.map(({ expr }) => text.slice(expr._location?.start))).toEqual(["'é🎉€', x + y", '+ y']);
  });

  it('with a NUL is refused', () => {
    expect(() => parser.parse('SELECT 1\0; DROP TABLE t')).toThrow('invalid byte sequence for encoding "UTF8": 0x00');
  });

  it('keeps what PREPARE and CREATE VIEW were typed as', () => {
    const [prepare] = parser.parse('SELECT 1; PREPARE p (int) AS SELECT $1 + 1 ; SELECT 2').slice(1);
    expect(prepare?.statement).toMatchObject({ type: 'prepare', text: 'PREPARE p (int) AS SELECT $1 + 1' });
    const views = [
      ['CREATE VIEW v AS SELECT 1 AS as_', 'SELECT 1 AS as_'],
      ['CREATE OR REPLACE TEMP VIEW "as" (a, b) WITH (security_barrier) AS (SELECT 1, 2) -- end', '(SELECT 1, 2)'],
      ["CREATE VIEW v AS SELECT ') AS x' FROM t WITH LOCAL CHECK OPTION", "SELECT ') AS x' FROM t"],
      ['CREATE VIEW v AS WITH a AS (SELECT 1) TABLE a;', 'WITH a AS (SELECT 1) TABLE a'],
      ['CREATE RECURSIVE VIEW r (n) AS SELECT 1', 'WITH RECURSIVE "r"("n") AS (SELECT 1) SELECT "n" FROM "r"'],
    ];
    for (const [sql, queryText] of views) expect(parser.parse(sql ?? '')[0]?.statement).toMatchObject({ type: 'create view', queryText });
  });
});
