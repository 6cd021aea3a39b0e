import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import type { Statement } from '../../src/planner/parse/ast.js';
import { type LiftedLiteral, liftLiterals } from '../../src/planner/parse/literals.js';
import { parameterize } from '../../src/planner/parse/parameterize.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';
import { corpusTexts, statementText } from './sql-texts.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

function lifted(text: string) {
  const result = liftLiterals(text);
  return result && { key: result.key.replaceAll('\u0001', '@'), values: result.literals.map(({ value }) => value) };
}

function parseOne(text: string): Statement | undefined {
  try {
    const statements = parser.parse(text);
    return statements.length === 1 ? statements[0]?.statement : undefined;
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

describe('liftLiterals', () => {
  it.each([
    ['SELECT a FROM t WHERE id = 17', 'SELECT a FROM t WHERE id = @i', [17]],
    ['SELECT a FROM t WHERE id=17;', 'SELECT a FROM t WHERE id=@i;', [17]],
    ['UPDATE t SET a = a + -12 WHERE b = 12345678901', 'UPDATE t SET a = a + -@i WHERE b = @b', [-12, 12345678901]],
    ["INSERT INTO t VALUES (1, 'it''s', 2.50, NULL)", 'INSERT INTO t VALUES (@i, @s, @n, NULL)', [1, "it's", '2.50']],
    ["DELETE FROM t WHERE n LIKE 'a%' AND b IN (1, 2)", 'DELETE FROM t WHERE n LIKE @s AND b IN (@i, @i)', ['a%', 1, 2]],
    ['select a-5, b - 6 from t', 'select a-@i, b - @i from t', [5, 6]],
    ['select -2147483648, -2147483649', 'select -@i, -@b', [-2147483648, -2147483649]],
    ['select 9223372036854775807, 9223372036854775808', 'select @b, @n', [9223372036854775807n, '9223372036854775808']],
    ['select a from t where b = 5 order by 1 limit 10', 'select a from t where b = @i order by 1 limit @i', [5, 10]],
    ["select f(1) from t where x->>'k' = 'v'", "select f(1) from t where x->>'k' = @s", ['v']],
    ["select 'a'::varchar(5), 'b'::regclass", "select @s::varchar(5), 'b'::regclass", ['a']],
    ["select a from t where d = date '2020-01-01' and e = 1", "select a from t where d = date '2020-01-01' and e = @i", [1]],
    ['insert into t (a) values (1) on conflict (a) where b = 2 do update set c = 3', undefined, [1, 3]],
  ])('%s', (text, key, values) => {
    const result = lifted(text);
    if (key !== undefined) expect(result?.key).toBe(key);
    expect(result?.values).toEqual(values);
    const statement = parseOne(text);
    const literals = liftLiterals(text)?.literals ?? [];
    expect(statement && parameterize(statement, literals)).toBeDefined();
  });

  it.each([
    'BEGIN',
    'SELECT 1; SELECT 2',
    "SELECT E'a'",
    'SELECT $1',
    'SELECT $$a$$',
    "SELECT 'a' 'b'",
    "SELECT 'a'\n'b'",
    'SELECT 1 -- x',
    'SELECT /* x */ 1',
    'SELECT DISTINCT 1',
    'SELECT a + 1 FROM t GROUP BY a + 1',
    'SELECT 1 INTO t',
    'SELECT 0x1F, 1_000',
    'SELECT now()',
    "SELECT 'open",
    'WITH a AS (SELECT 1) SELECT 2',
    'EXPLAIN SELECT 1',
  ])('leaves %s alone', (text) => {
    expect(liftLiterals(text)).toBeUndefined();
  });
});

/** The literals of a lifted text as other literals of the same classes. */
function otherLiteral({ kind, start }: LiftedLiteral, text: string, seed: number): { text: string; value: LiftedLiteral['value'] } {
  const sign = text[start] === '-' ? -1 : 1;
  switch (kind) {
    case 'integer': {
      const number = 1 + (seed % 1_000_000);
      return { text: String(number), value: number * sign };
    }
    case 'bigint': {
      const number = 3_000_000_000 + (seed % 1_000_000);
      return { text: String(number), value: number * sign };
    }
    case 'numeric': {
      const digits = `${seed % 1000}.${seed % 7}0`;
      return { text: digits, value: sign < 0 ? `-${digits}` : digits };
    }
    case 'string':
      return { text: `'s''${seed}'`, value: `s'${seed}` };
  }
}

/** The tree without locations, and with `lifted` nodes replaced by the literals of these values. */
function withValues(node: unknown, values: readonly LiftedLiteral['value'][]): unknown {
  if (Array.isArray(node)) return node.map((item) => withValues(item, values));
  if (typeof node !== 'object' || node === null) return node;
  if ('type' in node && node.type === 'lifted' && 'index' in node && 'kind' in node) {
    const value = values[Number(node.index)];
    if (node.kind === 'integer' || node.kind === 'string') return { type: node.kind, value };
    return { type: 'numeric', text: String(value) };
  }
  const entries = Object.entries(node).filter(([key]) => key !== '_location');
  return Object.fromEntries(entries.map(([key, field]) => [key, withValues(field, values)]));
}

/** Equal keys mean equal trees but for the values: the law that a shared plan rests on. */
function checkLaw(text: string, seed: number): boolean {
  const first = liftLiterals(text);
  if (first === undefined) return false;
  const tree = parseOne(text);
  const parameterized = tree === undefined ? undefined : parameterize(tree, first.literals);
  if (tree !== undefined && parameterized !== undefined) {
    const own = first.literals.map(({ value }) => value);
    expect(withValues(parameterized, own)).toEqual(withValues(tree, []));
  }
  const others = first.literals.map((literal, index) => otherLiteral(literal, text, seed + index * 7919));
  let next = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the mark
  const otherText = first.key.replace(/\u0001[ibns]/g, () => others[next++]?.text ?? '');
  const second = liftLiterals(otherText);
  expect(second?.key).toBe(first.key);
  expect(second?.literals.map(({ value }) => value)).toEqual(others.map(({ value }) => value));
  const otherTree = parseOne(otherText);
  const otherParameterized = otherTree === undefined ? undefined : parameterize(otherTree, second?.literals ?? []);
  expect(otherParameterized === undefined).toBe(parameterized === undefined);
  if (otherTree === undefined || parameterized === undefined) return false;
  expect(
    withValues(
      parameterized,
      others.map(({ value }) => value),
    ),
  ).toEqual(withValues(otherTree, []));
  return true;
}

describe('texts with one key have one tree', () => {
  it('over generated statements', () => {
    let shared = 0;
    fc.assert(
      fc.property(statementText, fc.nat(), (text, seed) => {
        if (checkLaw(text, seed)) shared++;
      }),
      { numRuns: 2000 },
    );
    expect(shared).toBeGreaterThan(300);
  });

  it('over the corpus', (context) => {
    const texts = corpusTexts();
    if (texts === undefined) return context.skip('../shared/corpus is not here');
    for (const [index, text] of texts.entries()) checkLaw(text, index);
  });
});
