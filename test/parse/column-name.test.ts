import { beforeAll, describe, expect, it } from 'vitest';
import { figureColumnName } from '../../src/planner/parse/column-name.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

/** Names as PostgreSQL 15 gives them. */
describe('figureColumnName', () => {
  it.each([
    ['1', '?column?'],
    ['x', 'x'],
    ['t.x', 'x'],
    ['x::text', 'x'],
    ['1::int', 'int4'],
    ["'a'::varchar(5)", 'varchar'],
    ['x + 1', '?column?'],
    ['(x + 1)::text', 'text'],
    ['x::int::text', 'x'],
    ['now()', 'now'],
    ['count(*)', 'count'],
    ['case when true then x end', 'case'],
    ['case when true then 1 else x end', 'x'],
    ['(case when true then 1 end)::int', 'int4'],
    ['coalesce(x, 1)', 'coalesce'],
    ['coalesce(1, 2)::text', 'coalesce'],
    ['greatest(1, 2)', 'greatest'],
    ['least(1, 2)', 'least'],
    ['nullif(x, 1)', 'nullif'],
    ['array[1]', 'array'],
    ['(array[1, 2])[1]', 'array'],
    ['array(select 1)', 'array'],
    ['(select 1)', '?column?'],
    ['(select 1 as q)', 'q'],
    ['(select count(*) from t)', 'count'],
    ['(values (1))', 'column1'],
    ['(select exists(select 1))', 'exists'],
    ['row(1, 2)', 'row'],
    ['(1, 2)', 'row'],
    ['(row(1, 2)).f1', 'f1'],
    ['current_user', 'current_user'],
    ['current_timestamp(3)', 'current_timestamp'],
    ['extract(year from now())', 'extract'],
    ["trim('a')", 'btrim'],
    ["now() at time zone 'utc'", 'timezone'],
    ["date '2020-01-01'", 'date'],
    ["interval '1 day'", 'interval'],
    ['\'a\' collate "C"', '?column?'],
    ['x is null', '?column?'],
    ['x in (1)', '?column?'],
    ['true', '?column?'],
    ["string_agg('a', ',') over ()", 'string_agg'],
  ])('%s is "%s"', (expression, name) => {
    const statement = parser.parse(`SELECT ${expression}`)[0]?.statement;
    const column = statement?.type === 'select' ? statement.columns[0] : undefined;
    expect(column && figureColumnName(column.expr)).toBe(name);
  });
});
