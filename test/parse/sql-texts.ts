import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

/** What real clients send, each text once; undefined where the corpus is not at hand. */
export function corpusTexts(): string[] | undefined {
  if (!existsSync(CORPUS)) return undefined;
  const texts = new Set<string>();
  for (const file of readdirSync(CORPUS)) {
    if (!file.endsWith('.sql')) continue;
    for (const text of readFileSync(`${CORPUS}/${file}`, 'utf8').split(/^----$/m)) {
      // Calls of the fast-path protocol stand among them as a name and an OID.
      if (text.trim() !== '' && !/^\s*"\w+" \(OID \d+\)\s*$/.test(text)) texts.add(text);
    }
  }
  return [...texts];
}

const name = fc.constantFrom('a', 'b', 'id', 'Title', 'abalance', '"Mixed"', 'x_1', 'status', 'name', 'date', 'value', '"user"', 'e');
const table = fc.constantFrom('t', 'todos', 'app.todos', 'pgbench_accounts', '"Users"', 'u');
const space = fc.constantFrom(' ', ' ', ' ', '\n', '  ', '\t');
const string = fc.oneof(
  fc.constantFrom("''", "'x'", "'it''s'", "'a b, c = 1'", "E'a\\nb'", "'--'", "'é'", "'$1'", "U&'\\0041'", "'{1,2}'"),
  fc.stringMatching(/^[a-z '%_]{0,12}$/).map((text) => `'${text.replaceAll("'", "''")}'`),
);
const number = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map(String),
  fc.integer({ min: -100, max: -1 }).map(String),
  fc.constantFrom(
    '2147483647',
    '2147483648',
    '-2147483648',
    '1234567890123456789',
    '99999999999999999999',
    '1.50',
    '.5',
    '1e10',
    '- 7',
    '007',
    '5.',
  ),
);

/** Expressions of many shapes, more than the guard or the literal scanner take. */
const { expression, condition } = fc.letrec<{ operand: string; expression: string; condition: string }>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name,
    fc.tuple(name, name).map(([left, right]) => `${left}.${right}`),
    number,
    string,
    fc.constantFrom('true', 'NULL', '$1', 'current_date', 'now()', 'count(*)', "date '2020-01-01'", "interval '1' day", 'default'),
    fc.tuple(fc.constantFrom('lower', 'f', 'coalesce', 'round', 'max', 'left'), tie('expression')).map(([f, x]) => `${f}(${x})`),
  ),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('operand'),
    fc
      .tuple(tie('operand'), fc.constantFrom('+', '-', '*', '/', '%', '||', '->', '->>', '^'), space, tie('operand'))
      .map(([l, op, s, r]) => `${l} ${op}${s}${r}`),
    tie('expression').map((x) => `(${x})`),
    fc.tuple(tie('operand'), fc.constantFrom('int', 'varchar(5)', 'text', 'regclass', 'date', 'int[]')).map(([x, t]) => `${x}::${t}`),
    fc.tuple(tie('operand'), fc.constantFrom('int', 'numeric(10,2)')).map(([x, t]) => `CAST(${x} AS ${t})`),
    fc.tuple(tie('condition'), tie('operand')).map(([c, x]) => `CASE WHEN ${c} THEN ${x} ELSE 0 END`),
    tie('operand').map((x) => `-${x}`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('=', '<>', '!=', '<', '>=', ' LIKE ', ' ILIKE ', ' NOT LIKE ', ' IS DISTINCT FROM '),
        space,
        tie('expression'),
      )
      .map(([l, op, s, r]) => `${l} ${op}${s}${r}`),
    fc.tuple(tie('operand'), fc.constantFrom('IS NULL', 'is not null', 'IS TRUE')).map(([x, test]) => `${x} ${test}`),
    fc
      .tuple(tie('operand'), fc.constantFrom('IN', 'NOT IN'), fc.array(tie('operand'), { minLength: 1, maxLength: 3 }))
      .map(([x, op, list]) => `${x} ${op} (${list.join(', ')})`),
    fc.tuple(tie('operand'), tie('operand'), tie('operand')).map(([x, lo, hi]) => `${x} BETWEEN ${lo} AND ${hi}`),
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'or'), tie('condition')).map(([l, op, r]) => `${l} ${op} ${r}`),
    tie('condition').map((c) => `(${c})`),
    tie('condition').map((c) => `NOT ${c}`),
    tie('condition').map((c) => `NOT (${c})`),
  ),
}));

const column = fc.tuple(expression, fc.constantFrom('', '', ' AS q', ' AS "Q r"')).map(([x, alias]) => x + alias);
const columns = fc.oneof(
  fc.constantFrom('*', 'a', 't.*', '1'),
  fc.array(column, { minLength: 1, maxLength: 3 }).map((list) => list.join(', ')),
);
const optional = (clause: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), clause);
const where = optional(condition.map((c) => ` WHERE ${c}`));
const returning = optional(columns.map((c) => ` RETURNING ${c}`));
const join = fc
  .tuple(fc.constantFrom('JOIN', 'INNER JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'), table, condition)
  .map(([kind, other, c]) => ` ${kind} ${other} AS j ON ${c}`);
const from = fc.tuple(table, optional(fc.constantFrom(' AS t', ' t', ', u')), optional(join)).map((parts) => parts.join(''));
const sortKey = fc.tuple(expression, fc.constantFrom('', ' DESC', ' ASC NULLS LAST')).map((parts) => parts.join(''));
const list = (item: fc.Arbitrary<string>) => fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(', '));

const select = fc
  .tuple(
    columns,
    from,
    where,
    optional(list(fc.oneof(name, expression)).map((keys) => ` GROUP BY ${keys}`)),
    optional(list(sortKey).map((keys) => ` ORDER BY ${keys}`)),
    fc.constantFrom('', '', ' LIMIT 10', ' LIMIT $1 OFFSET 5', ' FETCH FIRST 5 ROWS ONLY', ' FOR UPDATE', ' LIMIT ALL'),
  )
  .map(([c, f, ...rest]) => `SELECT ${c} FROM ${f}${rest.join('')}`);
const row = list(expression).map((values) => `(${values})`);
const insert = fc
  .tuple(
    table,
    optional(list(name).map((names) => ` (${names})`)),
    list(row),
    fc.constantFrom('', '', ' ON CONFLICT (a) DO UPDATE SET b = 5', ' ON CONFLICT DO NOTHING'),
    returning,
  )
  .map(([into, names, rows, conflict, result]) => `INSERT INTO ${into}${names} VALUES ${rows}${conflict}${result}`);
const update = fc
  .tuple(table, list(fc.tuple(name, expression).map(([c, x]) => `${c} = ${x}`)), where, returning)
  .map(([target, sets, condition, result]) => `UPDATE ${target} SET ${sets}${condition}${result}`);
const remove = fc.tuple(table, where, returning).map(([target, condition, result]) => `DELETE FROM ${target}${condition}${result}`);

/** Statements in many spellings: most of them valid, few of them meaningful. */
export const statementText: fc.Arbitrary<string> = fc
  .tuple(fc.oneof(select, insert, update, remove), fc.constantFrom('', ';', ' ; ', '\n'), fc.boolean())
  .map(([text, end, lower]) => (lower ? text.replace(/^\w+/, (word) => word.toLowerCase()) : text) + end);
