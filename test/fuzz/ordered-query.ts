import { predicate } from './predicates.js';
import type { Schema, Table, TableColumn } from './schema.js';
import type { Scope, Value } from './scope.js';
import { list, optional, type Sql, sql } from './sql-tree.js';
import { literal } from './types.js';

/** What indexes serve: ranges and lists of constants on a table's columns, in the order of some of them, the first rows only. */
export function orderedQuery(schema: Schema, scope: Scope): Sql {
  const { random } = scope;
  const table = random.pick(schema.tables);
  const alias = scope.name('a');
  const conditions = random.many(random.pick([0, 1, 1, 2, 3]), () => condition(table, alias, scope));
  const keys = random.shuffled(table.columns.filter((column) => column.name !== 'id')).slice(0, random.pick([0, 1, 1, 2]));
  const direction = () => random.pick(['', '', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST', ' DESC NULLS FIRST']);
  const order = [...keys.map((column) => `${alias}.${column.name}${direction()}`), `${alias}.id${random.pick(['', ' DESC'])}`];
  const limit = random.chance(0.6) ? optional(` LIMIT ${random.pick(['1', '2', '5', '10'])}`) : '';
  const offset = random.chance(0.2) ? optional(` OFFSET ${random.pick(['1', '3'])}`) : '';
  const locking = random.chance(0.1) ? optional(random.pick([' FOR UPDATE', ' FOR SHARE', ' FOR NO KEY UPDATE SKIP LOCKED'])) : '';
  const outputs = random.chance(0.5)
    ? '*'
    : random
        .shuffled(table.columns)
        .map((column) => `${alias}.${column.name}`)
        .slice(0, 3)
        .join(', ');
  const where = list(conditions, { before: ' WHERE ', separator: random.chance(0.85) ? ' AND ' : ' OR ' });
  if (random.chance(0.12)) {
    const column = random.pick(
      table.columns.filter(({ type }) => type !== 'bool' && type !== 'jsonb' && type !== 'uuid' && type !== 'bytea'),
    );
    return sql`SELECT min(${alias}.${column.name}), max(${alias}.${column.name}), count(*) FROM ${table.name} ${alias}${where}`;
  }
  return sql`SELECT ${outputs} FROM ${table.name} ${alias}${where} ORDER BY ${order.join(', ')}${limit}${offset}${locking}`;
}

function condition(table: Table, alias: string, scope: Scope): Sql {
  const { random } = scope;
  const column = random.pick(table.columns);
  const name = `${alias}.${column.name}`;
  const constant = () => literal(column.type, random);
  switch (random.below(8)) {
    case 0:
      return sql`${name} IN (${list(random.many(random.between(1, 4), constant), { min: 1 })})`;
    case 1:
      return sql`${name} BETWEEN ${constant()} AND ${constant()}`;
    case 2:
      return `${name} IS ${random.pick(['NULL', 'NOT NULL'])}`;
    case 3:
      return inRowOrder(table, alias, scope);
    case 4:
      return sql`(${name} ${random.pick(['=', '<', '>'])} ${constant()} OR ${name} ${random.pick(['=', '>=', 'IS NOT DISTINCT FROM'])} ${constant()})`;
    case 5: {
      const values: Value[] = table.columns.map((each) => ({ sql: `${alias}.${each.name}`, type: each.type, isColumn: true }));
      return predicate(scope.with({ values, depth: 0 }));
    }
    case 6:
      return onExpression(column, name, scope);
    default:
      return sql`${name} ${random.pick(['=', '=', '<', '<=', '>', '>=', '<>'])} ${constant()}`;
  }
}

/** (a, b) < (1, 2) */
function inRowOrder(table: Table, alias: string, { random }: Scope): Sql {
  const [first, second] = [random.pick(table.columns), random.pick(table.columns)];
  const operator = random.pick(['<', '<=', '>', '>=', '=']);
  return sql`(${alias}.${first.name}, ${alias}.${second.name}) ${operator} (${literal(first.type, random)}, ${literal(second.type, random)})`;
}

/** What indexes on expressions are on. */
function onExpression(column: TableColumn, name: string, { random }: Scope): Sql {
  if (column.type === 'int4') return sql`(${name} % 3) ${random.pick(['=', '<', '>='])} ${random.pick(['0', '1', '2', '-1'])}`;
  if (column.type === 'text') return sql`lower(${name}) ${random.pick(['=', '<', '>=', 'LIKE'])} ${literal('text', random)}`;
  return `${name} IS NOT NULL`;
}
