import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { quoteIdentifier, quoteLiteral } from '../../src/catalog/definitions/index.js';
import { SqlError } from '../../src/commons/sql-error.js';
import type { Expr, SelectStatement } from '../../src/planner/parse/ast.js';
import { deparseExpression, deparseQuery } from '../../src/planner/parse/deparse.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';
import { corpusTexts, statementText } from './sql-texts.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

function parseQuery(text: string): SelectStatement | undefined {
  try {
    const statement = parser.parse(text)[0]?.statement;
    return statement?.type === 'select' || statement?.type === 'set operation' || statement?.type === 'values' ? statement : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function parseExpr(text: string): Expr {
  const query = parseQuery(`SELECT ${text}`);
  const column = query?.type === 'select' ? query.columns[0] : undefined;
  if (column === undefined) throw new Error(`no expression: ${text}`);
  return column.expr;
}

/** Right: what PostgreSQL 15's pg_get_constraintdef() prints, but for the casts that only types tell. */
describe('deparseExpression', () => {
  it.each([
    ["a > 1 and b <> 'x'", "((a > 1) AND (b <> 'x'))"],
    ['a+1*2 > 3', '((a + (1 * 2)) > 3)'],
    ['not a>1 or h', '((NOT (a > 1)) OR h)'],
    ['a in (1,2)', '(a = ANY (ARRAY[1, 2]))'],
    ["a in ('x', b)", "(a IN ('x', b))"],
    ['a not in (1, b, 2)', '((a <> ALL (ARRAY[1, 2])) AND (a <> b))'],
    ["b like 'x%'", "(b ~~ 'x%')"],
    ["b not ilike 'x'", "(b !~~* 'x')"],
    ['a between 1 and 2', '((a >= 1) AND (a <= 2))'],
    ['b is null', '(b IS NULL)'],
    ['h is not true', '(h IS NOT TRUE)'],
    ["a::text = ''", "((a)::text = '')"],
    ['b::varchar(5)', '(b)::character varying(5)'],
    ['coalesce(a,1)=1', '(COALESCE(a, 1) = 1)'],
    ['case when a>1 then true else false end', '\nCASE\n    WHEN (a > 1) THEN true\n    ELSE false\nEND'],
    ['case a when 1 then h end', '\nCASE a\n    WHEN 1 THEN h\n    ELSE NULL\nEND'],
    ['e[1] = 2', '(e[1] = 2)'],
    ['e[1:2] = array[1]', '(e[1:2] = ARRAY[1])'],
    ['a = any(e)', '(a = ANY (e))'],
    ['a <> all(array[1,2])', '(a <> ALL (ARRAY[1, 2]))'],
    ['f > now()', '(f > now())'],
    ['extract(year from f) > 2000', '(EXTRACT(year FROM f) > 2000)'],
    ['"Q x" = 1', '("Q x" = 1)'],
    ['-a > 1', '((- a) > 1)'],
    ['a > -1', "(a > '-1'::integer)"],
    ['current_date > f', '(CURRENT_DATE > f)'],
    ['b collate "C" > c', '((b COLLATE "C") > c)'],
    ['a is distinct from 1', '(a IS DISTINCT FROM 1)'],
    ["f at time zone 'utc' > now()", "((f AT TIME ZONE 'utc') > now())"],
    ["b similar to 'x'", "(b ~ similar_to_escape('x'))"],
    ["date '2020-01-01' < f", "('2020-01-01'::date < f)"],
    ["interval '1' day", "'1'::interval day"],
    ['a >= 1 and a <= 2 and b = c or h', '(((a >= 1) AND (a <= 2) AND (b = c)) OR h)'],
    ['a and (b and c)', '(a AND (b AND c))'],
    ['substring(b from 1 for 2)', 'SUBSTRING(b FROM 1 FOR 2)'],
    ["position('a' in b)", "POSITION(('a') IN (b))"],
    ['trim(b)', 'TRIM(BOTH FROM b)'],
    ['cast(a as bigint)', '(a)::bigint'],
    ['a*(1+a)/2 > 1', '(((a * (1 + a)) / 2) > 1)'],
    ['12345678901', "'12345678901'::bigint"],
    ["nextval('s'::regclass)", "nextval('s'::regclass)"],
    ['now()::timestamptz(3)', '(now())::timestamp(3) with time zone'],
    [
      'count(*) filter (where a) over (partition by b order by c desc rows 1 preceding)',
      'count(*) FILTER (WHERE a) OVER (PARTITION BY b ORDER BY c DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)',
    ],
    ['a in (select b from t where c limit 1)', '(a IN ( SELECT b FROM t WHERE c LIMIT 1))'],
  ])('%s', (text, printed) => {
    expect(deparseExpression(parseExpr(text))).toBe(printed);
  });

  it('prints the types of strings when it is told', () => {
    expect(deparseExpression(parseExpr("a = 'x'"), { stringType: () => 'text' })).toBe("(a = 'x'::text)");
    expect(deparseExpression(parseExpr("a in ('x', 'y')"), { stringType: () => 'text' })).toBe("(a = ANY (ARRAY['x'::text, 'y'::text]))");
  });

  it('prints a long chain of conditions flat', () => {
    const text = Array.from({ length: 100 }, (_, i) => `c${i}`).join(' AND ');
    expect(deparseExpression(parseExpr(text))).toBe(`(${text})`);
  });
});

/**
 * What is printed is read back as what is printed the same way again. The second printing counts: as with PostgreSQL's own,
 * `(a >= 1 AND a <= 2) AND b` of a BETWEEN is read back as one list of three.
 */
function checkFixpoint(text: string): boolean {
  const query = parseQuery(text);
  if (query === undefined) return false;
  let printed: string;
  try {
    const first = parseQuery(deparseQuery(query));
    expect(first, text).toBeDefined();
    if (first === undefined) return false;
    printed = deparseQuery(first);
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
  const again = parseQuery(printed);
  expect(again, printed).toBeDefined();
  if (again !== undefined) expect(deparseQuery(again)).toBe(printed);
  return true;
}

describe('deparseQuery', () => {
  it.each([
    'SELECT DISTINCT ON (a) a AS "B", t.* FROM ONLY s.t AS q (x), LATERAL (SELECT 1) AS l, f(1) WITH ORDINALITY AS g (h, i) WHERE a GROUP BY GROUPING SETS ((a), ()), ROLLUP (b) HAVING c WINDOW w AS (ORDER BY a) ORDER BY 1 DESC NULLS LAST LIMIT 5 OFFSET 2 FOR UPDATE OF q NOWAIT',
    'SELECT 1 FROM a NATURAL JOIN (b LEFT JOIN c USING (x) AS u) AS j CROSS JOIN ROWS FROM (f(), g() AS (a int)) AS k, h() AS (b text)',
    'SELECT 1 UNION ALL SELECT 2 UNION (SELECT 3 EXCEPT SELECT 4) INTERSECT SELECT 5 ORDER BY 1 FETCH FIRST 1 ROW WITH TIES',
    'WITH RECURSIVE a (x) AS (VALUES (1)), b AS MATERIALIZED (TABLE a) SELECT * FROM a, b TABLESAMPLE system (5)',
  ])('%s', (text) => {
    expect(checkFixpoint(text)).toBe(true);
  });

  it('is read back as it was over generated queries', () => {
    fc.assert(
      fc.property(statementText, (text) => {
        checkFixpoint(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('is read back as it was over the corpus', (context) => {
    const texts = corpusTexts();
    if (texts === undefined) return context.skip('../shared/corpus is not here');
    const checked = texts.filter(checkFixpoint);
    expect(checked.length).toBeGreaterThan(500);
  });
});

describe('quoting', () => {
  it('is as PostgreSQL does it', () => {
    expect(['a_1', 'A', 'select', 'value', 'between', 'left', 'a"b', '1a', ''].map(quoteIdentifier)).toEqual([
      'a_1',
      '"A"',
      '"select"',
      'value',
      '"between"',
      '"left"',
      '"a""b"',
      '"1a"',
      '""',
    ]);
    expect(["a'b", 'a\\b'].map(quoteLiteral)).toEqual(["'a''b'", "E'a\\\\b'"]);
  });
});
