import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import type { ParsedStatement } from '../../src/planner/parse/ast.js';
import { readFast } from '../../src/planner/parse/fast-reader.js';
import { admits } from '../../src/planner/parse/guard.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';
import { corpusTexts, statementText } from './sql-texts.js';

let pg: Parser;
beforeAll(async () => {
  pg = await loadParser({ reader: 'pg' });
});

/** What PostgreSQL's grammar says; undefined for a syntax error. */
function readPg(text: string): ParsedStatement[] | undefined {
  try {
    return pg.parse(text);
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

describe('what the guard admits, both parsers read alike', () => {
  it('over the corpus', (context) => {
    const texts = corpusTexts();
    if (texts === undefined) return context.skip('../shared/corpus is not here');
    const admitted = texts.filter(admits);
    for (const text of admitted) expect([readFast(text)], text).toEqual(readPg(text));
    expect(admitted.length).toBeGreaterThan(100);
  });

  it('over generated statements', () => {
    let admitted = 0;
    fc.assert(
      fc.property(statementText, (text) => {
        if (!admits(text)) return;
        admitted++;
        expect([readFast(text)]).toEqual(readPg(text));
      }),
      { numRuns: 3000 },
    );
    expect(admitted).toBeGreaterThan(100);
  });

  it.each([
    "SELECT a, t.b AS x, count(*), lower(a) FROM s.t AS q LEFT JOIN u ON (q.a = u.b) WHERE NOT (a = 1) AND b <> 'it''s' OR c IN (1, $2)",
    'select * from t, u v where (a = 1 and (b = 2 and c = 3)) and (d is not null or e not between 1 and 2) order by a desc nulls last, 2 limit 10 offset $1;',
    'SELECT a + 1 FROM t GROUP BY a, t.b',
    'INSERT INTO t (a, "B") VALUES ($1, \'x\'), (3, DEFAULT) RETURNING id, *',
    'update t set a = a + 1, b = default where x = $2 returning a',
    "DELETE FROM t WHERE a NOT LIKE 'x%'",
  ])('%s', (text) => {
    expect(admits(text)).toBe(true);
    expect([readFast(text)]).toEqual(readPg(text));
  });

  it.each([
    'SELECT 1234567890123456789',
    'SELECT 1e10',
    "SELECT interval '1' day",
    'SELECT a = b IS NULL',
    'SELECT a FROM t UNION SELECT b FROM u ORDER BY 1',
    'SELECT a FROM t; SELECT b FROM u',
    "SELECT E'\\n'",
    'SELECT a -- comment',
    'SELECT a - 5 FROM t',
    'SELECT user FROM t',
    'SELECT a b FROM t',
    'SELECT a FROM t WHERE',
    'DELETE FROM t WHERE a',
  ])('the guard refuses %s', (text) => {
    expect(admits(text)).toBe(false);
  });

  it("a parser that prefers the fast reader still words errors as PostgreSQL's grammar", async () => {
    const parser = await loadParser({ reader: 'fast' });
    expect(parser.parse('SELECT a FROM t')).toEqual(pg.parse('SELECT a FROM t'));
    expect(() => parser.parse('SELECT a FRM t x')).toThrow('syntax error at or near "t"');
  });
});
