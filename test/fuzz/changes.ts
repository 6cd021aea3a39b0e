import { expression } from './expressions.js';
import { predicate } from './predicates.js';
import { query } from './query.js';
import type { Schema, Table, TableColumn } from './schema.js';
import type { Scope, Value } from './scope.js';
import { list, optional, type Sql, sql } from './sql-tree.js';

/** An INSERT, UPDATE or DELETE whose outcome doesn't depend on the order in which rows are met. */
export function change(schema: Schema, scope: Scope): Sql {
  const table = scope.random.pick(schema.tables);
  const make = scope.random.pick([insert, insert, update, update, remove]);
  return make(table, scope);
}

/** All rows of all tables, to see what a change has done. */
export const contents = (schema: Schema): Sql[] => schema.tables.map(({ name }) => `SELECT * FROM ${name} ORDER BY id`);

const valuesOf = (table: Table, alias: string): Value[] =>
  table.columns.map(({ name, type }) => ({ sql: `${alias}.${name}`, type, isColumn: true }));

function returning(table: Table, alias: string, scope: Scope): Sql {
  const { random } = scope;
  if (random.chance(0.4)) return optional(` RETURNING ${alias}.*`);
  if (random.chance(0.3)) return '';
  const column = random.pick(table.columns);
  const inner = scope.with({ values: valuesOf(table, alias), depth: 1 });
  return optional(sql` RETURNING ${list([`${alias}.id`, sql`${expression(column.type, inner)} AS x`], { min: 1 })}`);
}

function insert(table: Table, scope: Scope): Sql {
  const { random } = scope;
  const columns = table.columns.filter((column) => !column.isGenerated && (column.name === 'id' || random.chance(0.85)));
  const alias = scope.name('i');
  const isQuery = random.chance(0.25);
  const plain = scope.with({ values: [], depth: 1 });
  const value = (column: TableColumn): Sql => {
    if (column.name === 'id') return String(random.between(1, 40));
    return random.chance(0.08) ? 'DEFAULT' : expression(column.type, plain);
  };
  const rows = random.many(random.between(1, 3), () => sql`(${list(columns.map(value), { min: columns.length })})`);
  const from = scope.name('a');
  const source = random.pick(scope.sources);
  const inner = scope.with({
    values: source.columns.map(({ name, type }) => ({ sql: `${from}.${name}`, type, isColumn: true })),
    depth: 1,
  });
  // New ids stay apart, so that which of two rows came first can't matter.
  const selected = columns.map((column) =>
    column.name === 'id' ? `${from}.id + ${random.pick(['100', '10'])}` : expression(column.type, inner),
  );
  const body = isQuery
    ? sql`SELECT ${list(selected, { min: columns.length })} FROM ${source.name} ${from}${optional(sql` WHERE ${predicate(inner)}`)} ORDER BY ${from}.id`
    : sql`VALUES ${list(rows, { min: 1 })}`;
  const conflict = random.chance(0.5) ? optional(onConflict(table, alias, scope)) : '';
  return sql`INSERT INTO ${table.name} AS ${alias} (${columns.map((column) => column.name).join(', ')}) ${body}${conflict}${returning(table, alias, scope)}`;
}

function onConflict(table: Table, alias: string, scope: Scope): Sql {
  const { random } = scope;
  if (random.chance(0.4)) return ` ON CONFLICT${random.pick(['', ' (id)'])} DO NOTHING`;
  const inner = scope.with({ values: [...valuesOf(table, alias), ...valuesOf(table, 'excluded')], depth: 1, sources: [] });
  return sql` ON CONFLICT (id) DO UPDATE SET ${assignments(table, inner)}${optional(sql` WHERE ${predicate(inner)}`)}`;
}

function assignments(table: Table, scope: Scope): Sql {
  const { random } = scope;
  const all = table.columns.filter((column) => !column.isGenerated && !column.isUnique);
  if (all.length === 0) return 'id = id';
  const chosen = random.shuffled(all).slice(0, random.between(1, 3));
  const [first, second] = chosen;
  if (random.chance(0.15) && first !== undefined && second !== undefined)
    return sql`(${first.name}, ${second.name}) = (${expression(first.type, scope)}, ${expression(second.type, scope)})`;
  return list(
    chosen.map((column) => sql`${column.name} = ${random.chance(0.06) ? 'DEFAULT' : expression(column.type, scope)}`),
    { min: 1 },
  );
}

function update(table: Table, scope: Scope): Sql {
  const { random } = scope;
  const alias = scope.name('u');
  const values = valuesOf(table, alias);
  const target = returning(table, alias, scope);
  if (random.chance(0.35)) {
    // Each row meets one row of the other at most: by its key.
    const from = scope.name('a');
    const other = random.pick(scope.sources);
    const both = [...values, ...other.columns.map(({ name, type }) => ({ sql: `${from}.${name}`, type, isColumn: true }))];
    const inner = scope.with({ values: both, depth: 1 });
    const key = random.pick(table.columns.filter((column) => column.type === 'int4'))?.name ?? 'id';
    return sql`UPDATE ${table.name} AS ${alias} SET ${assignments(table, inner)} FROM ${other.name} ${from} WHERE ${from}.id = ${alias}.${key}${optional(sql` AND ${predicate(inner)}`)}${target}`;
  }
  const inner = scope.with({ values, depth: Math.min(scope.depth, 2) });
  // A key that moves far away meets no other.
  const move = random.chance(0.1) ? optional(', id = id + 1000') : '';
  return sql`UPDATE ${table.name} AS ${alias} SET ${assignments(table, inner)}${move}${optional(sql` WHERE ${predicate(inner)}`)}${target}`;
}

function remove(table: Table, scope: Scope): Sql {
  const { random } = scope;
  const alias = scope.name('d');
  const values = valuesOf(table, alias);
  const target = returning(table, alias, scope);
  if (random.chance(0.35)) {
    const from = scope.name('a');
    const other = random.pick(scope.sources);
    const both = [...values, ...other.columns.map(({ name, type }) => ({ sql: `${from}.${name}`, type, isColumn: true }))];
    const inner = scope.with({ values: both, depth: 1 });
    return sql`DELETE FROM ${table.name} AS ${alias} USING ${other.name} ${from} WHERE ${list([sql`${from}.id = ${alias}.id`, predicate(inner)], { separator: ' AND ', min: 1 })}${target}`;
  }
  const inner = scope.with({ values, depth: Math.min(scope.depth, 2) });
  return sql`DELETE FROM ${table.name} AS ${alias} WHERE ${predicate(inner)}${target}`;
}

/** A data-modifying statement whose rows a query goes on with. */
export function changeInWith(schema: Schema, scope: Scope): Sql {
  const table = scope.random.pick(schema.tables);
  const inner = scope.with({ values: valuesOf(table, 'x'), depth: 1 });
  const values = valuesOf(table, table.name);
  const make = scope.random.pick([
    sql`DELETE FROM ${table.name} WHERE ${predicate(inner.with({ values }))} RETURNING *`,
    sql`UPDATE ${table.name} SET ${assignments(table, inner.with({ values }))} RETURNING *`,
  ]);
  const { node } = query(scope.with({ sources: [...scope.sources, { name: 'x', columns: table.columns }], depth: 1 }));
  return sql`WITH x AS (${make}) ${node}`;
}
