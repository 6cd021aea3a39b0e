import { aggregate } from './aggregates.js';
import { expression } from './expressions.js';
import { fromClause } from './from.js';
import { predicate } from './predicates.js';
import type { Scope, Source, Value } from './scope.js';
import { list, optional, type Sql, sql, withSimpler } from './sql-tree.js';
import { anyType, type Type } from './types.js';
import { windowCall } from './windows.js';

export interface Query {
  readonly node: Sql;
  readonly types: readonly Type[];
}

export interface QueryOptions {
  /** Of its columns; any when absent. */
  readonly types?: readonly Type[];
  /** Names of its columns, for a sub-query in FROM. */
  readonly names?: readonly string[];
}

/** A query: WITH, set operations, ORDER BY over all its columns where LIMIT needs it. */
export function query(scope: Scope, options: QueryOptions = {}): Query {
  const { random } = scope;
  const types = options.types ?? random.many(random.between(1, 4), () => anyType(random));
  const { clause, sources } = scope.depth > 1 && random.chance(0.15) ? withClause(scope) : { clause: '', sources: scope.sources };
  const inner = scope.with({ sources });
  const wanted = { ...options, types };
  const chance = random.next();
  let body: Sql;
  if (random.chance(0.05)) {
    const keys = types.map((_, i) => `${i + 1}${i > 0 && random.chance(0.3) ? ' DESC' : ''}`).join(', ');
    return { node: sql`${clause}${select(inner, wanted, 'DISTINCT ON (1) ')} ORDER BY ${keys}`, types };
  }
  if (scope.depth > 0 && chance < 0.15) body = setOperation(inner, wanted);
  else if (chance < 0.4) body = groupedSelect(inner, wanted);
  else body = select(inner, wanted);
  return { node: sql`${clause}${body}${random.chance(0.35) ? orderAndLimit(types, random) : ''}`, types };
}

function orderAndLimit(types: readonly Type[], random: Scope['random']): Sql {
  const keys = random
    .shuffled(types.map((_, i) => i + 1))
    .map((i) => `${i}${random.pick(['', '', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`);
  let limit = '';
  if (random.chance(0.6)) limit = ` LIMIT ${random.pick(['0', '1', '2', '5', '100', 'NULL', 'ALL'])}`;
  if (random.chance(0.25)) limit += ` OFFSET ${random.pick(['0', '1', '3', '1000'])}`;
  return optional(sql` ORDER BY ${keys.join(', ')}${limit === '' ? '' : optional(limit)}`);
}

const columns = (nodes: readonly Sql[], options: QueryOptions): Sql =>
  list(
    nodes.map((node, i) => (options.names?.[i] === undefined ? node : sql`${node} AS ${options.names[i]}`)),
    { min: 1 },
  );

function select(scope: Scope, options: QueryOptions & { types: readonly Type[] }, distinctOn = ''): Sql {
  const { random } = scope;
  const { node: from, values } = fromClause(scope);
  const inner = scope.with({ values: [...scope.values, ...values], depth: scope.depth - 1 });
  const where = random.chance(0.65) ? optional(sql` WHERE ${conditions(inner)}`) : '';
  const own = inner.with({ values: values.length > 0 && random.chance(0.8) ? values : inner.values });
  const hasWindows = random.chance(0.12);
  const nodes = options.types.map(
    (type) => (hasWindows && random.chance(0.6) ? windowCall(type, own) : undefined) ?? expression(type, own),
  );
  const distinct = distinctOn !== '' ? distinctOn : random.chance(0.15) ? optional('DISTINCT ') : '';
  return sql`SELECT ${distinct}${columns(nodes, options)}${optional(sql` FROM ${from}`)}${where}`;
}

function conditions(scope: Scope): Sql {
  return list(
    scope.random.many(scope.random.pick([1, 1, 1, 2, 3]), () => predicate(scope)),
    { separator: ' AND ', min: 1 },
  );
}

function groupedSelect(scope: Scope, options: QueryOptions & { types: readonly Type[] }): Sql {
  const { random } = scope;
  const { node: from, values } = fromClause(scope);
  const inner = scope.with({ values: [...scope.values, ...values], depth: scope.depth - 1 });
  const own = inner.with({ values });
  const where = random.chance(0.5) ? optional(sql` WHERE ${conditions(inner)}`) : '';
  const groups: Value[] = random.many(random.pick([0, 1, 1, 2]), () => {
    const candidates = values.filter((value) => value.type !== 'jsonb' || scope.strict || random.chance(0.3));
    if (candidates.length > 0 && random.chance(0.75)) return random.pick(candidates);
    const type = random.pick(['int4', 'text', 'date', 'bool'] as const);
    const node = expression(type, own.with({ values: values.length > 0 ? [random.pick(values)] : [], depth: 1 }));
    // A bare constant would be a position.
    return { sql: sql`(${node})`, type, isColumn: false };
  });
  const after = (type: Type): Value[] => [...groups, ...random.many(2, () => ({ sql: aggregate(type, own), type, isColumn: false }))];
  const nodes = options.types.map((type) => {
    const outer = inner.with({ values: after(type).map((value) => ({ ...value, isColumn: false })), depth: Math.min(1, inner.depth) });
    return expression(type, outer);
  });
  const having = random.chance(0.3)
    ? optional(sql` HAVING ${predicate(inner.with({ values: after('int8').map((value) => ({ ...value, isColumn: false })), depth: 1 }))}`)
    : '';
  const keys = groups.map((group) => group.sql);
  const sets =
    keys.length > 0 && random.chance(0.2)
      ? sql` GROUP BY ${random.pick(['ROLLUP', 'CUBE', 'GROUPING SETS'])} (${list(keys, { min: 1 })})`
      : '';
  const grouping = keys.length > 0 && sets === '' ? list(keys, { before: ' GROUP BY ' }) : sets;
  return sql`SELECT ${columns(nodes, options)} FROM ${from}${where}${grouping}${having}`;
}

function setOperation(scope: Scope, options: QueryOptions & { types: readonly Type[] }): Sql {
  const { random } = scope;
  const inner = scope.with({ depth: scope.depth - 1 });
  const arm = (names: boolean): Sql => {
    const { node } = query(inner, names ? options : { types: options.types });
    return sql`(${node})`;
  };
  const arms = [arm(true), arm(false), ...(random.chance(0.2) ? [arm(false)] : [])];
  const operators = arms.map(() => random.pick([' UNION ', ' UNION ALL ', ' INTERSECT ', ' EXCEPT ', ' INTERSECT ALL ', ' EXCEPT ALL ']));
  const parts = arms.flatMap((node, i) => (i === 0 ? [node] : [operators[i] ?? ' UNION ', node]));
  return withSimpler({ kind: 'sequence', parts, simpler: [] }, arms);
}

/** A query of one row at most and one column, in parentheses; or of any number of rows in order, for ARRAY(…). */
export function scalarQuery(type: Type, scope: Scope, many = false): Sql {
  const { random } = scope;
  const inner = scope.nested();
  if (many) return sql`(${query(inner.with({ depth: Math.min(inner.depth, 1) }), { types: [type] }).node} ORDER BY 1)`;
  const { node: from, values } = fromClause(inner.with({ depth: Math.min(inner.depth, 0) }));
  const within = inner.with({ values: [...inner.values, ...values], depth: Math.min(inner.depth - 1, 1) });
  const where = optional(sql` WHERE ${predicate(within)}`);
  if (random.chance(0.6)) return sql`(SELECT ${aggregate(type, within.with({ values }))} FROM ${from}${where})`;
  return sql`(SELECT ${expression(type, within)} FROM ${from}${where} ORDER BY 1 LIMIT 1)`;
}

function withClause(scope: Scope): { clause: Sql; sources: readonly Source[] } {
  const { random } = scope;
  const sources: Source[] = [...scope.sources];
  let isRecursive = false;
  const parts = random.many(random.between(1, 2), () => {
    const name = scope.name('w');
    const inner = scope.with({ sources: [...sources], depth: scope.depth - 1 });
    if (random.chance(0.35)) {
      isRecursive = true;
      sources.push({
        name,
        columns: [
          { name: 'n', type: 'int4' },
          { name: 'x', type: 'int4' },
        ],
      });
      return recursiveQuery(name, inner);
    }
    const types = random.many(random.between(1, 3), () => anyType(random));
    const names = types.map((_, i) => `x${i}`);
    sources.push({ name, columns: types.map((type, i) => ({ name: `x${i}`, type })) });
    return sql`${name} AS ${random.pick(['', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(${query(inner, { types, names }).node})`;
  });
  return { clause: list([sql`${isRecursive ? 'WITH RECURSIVE ' : 'WITH '}${list(parts, { min: 1 })} `], { separator: '' }), sources };
}

function recursiveQuery(name: string, scope: Scope): Sql {
  const { random } = scope;
  const alias = scope.name('r');
  const own: Value[] = [
    { sql: `${alias}.n`, type: 'int4', isColumn: true },
    { sql: `${alias}.x`, type: 'int4', isColumn: true },
  ];
  const { node: from, values } = fromClause(scope.with({ depth: 0 }));
  const base = scope.with({ values: [...scope.values, ...values], depth: 1 });
  const step = scope.with({ values: [...scope.values, ...own], depth: 1 });
  const join = random.chance(0.4) ? fromClause(scope.with({ depth: 0 })) : undefined;
  const stepWide = join === undefined ? step : step.with({ values: [...step.values, ...join.values] });
  const union = join === undefined && random.chance(0.5) ? 'UNION ALL' : 'UNION';
  return sql`${name} (n, x) AS (SELECT 1, ${expression('int4', base)} FROM ${from}${optional(sql` WHERE ${predicate(base)}`)} ${union} SELECT ${alias}.n + 1, (${expression('int4', stepWide)}) % 5 FROM ${name} ${alias}${
    join === undefined ? '' : optional(sql`, ${join.node}`)
  } WHERE ${alias}.n < 4${optional(sql` AND ${predicate(stepWide)}`)})`;
}

/** One expression over the rows of one table, in their order: where an error is certain, and every character counts. */
export function strictQuery(scope: Scope): Sql {
  const alias = scope.name('a');
  const source = scope.random.pick(scope.sources);
  const values = source.columns.map(({ name, type }) => ({ sql: `${alias}.${name}`, type, isColumn: true }));
  const inner = scope.with({ values, depth: scope.random.pick([1, 2, 2, 3]), sources: [] });
  return sql`SELECT ${expression(anyType(scope.random), inner)} AS x FROM ${source.name} ${alias} ORDER BY ${alias}.id`;
}
