import { expression } from './expressions.js';
import type { Scope } from './scope.js';
import { list, type Sql, sql } from './sql-tree.js';
import { anyType, literal, type Type, typed } from './types.js';

/** A condition over the scope. */
export function predicate(scope: Scope): Sql {
  const { random } = scope;
  const inner = scope.with({ depth: scope.depth - 1 });
  const parts: Sql[] = [];
  const condition = (): Sql => {
    const part = scope.depth > 0 ? predicate(inner) : comparison(inner);
    parts.push(part);
    return part;
  };
  const choice = random.next();
  const make = (): Sql => {
    if (choice < 0.42) return comparison(inner);
    if (scope.depth <= 0 || choice < 0.6) return random.pick(SIMPLE)(inner);
    if (choice < 0.76) return sql`(${list([condition(), condition()], { separator: random.pick([' AND ', ' OR ']), min: 1 })})`;
    if (choice < 0.82) return sql`(NOT ${condition()})`;
    if (choice < 0.86) return sql`(${condition()} IS ${random.pick(['TRUE', 'NOT TRUE', 'FALSE', 'NOT FALSE', 'UNKNOWN', 'NOT UNKNOWN'])})`;
    return random.pick(scope.sources.length === 0 ? SIMPLE : SUBQUERIES)(inner);
  };
  return typed('bool', make(), parts);
}

const OPERATORS = ['=', '=', '=', '<>', '<', '<=', '>', '>='];

function comparison(scope: Scope): Sql {
  const { random } = scope;
  const type = comparable(scope);
  // A column against a constant is what an index can serve.
  const values = scope.ofType(type);
  if (values.length > 0 && random.chance(0.5)) return sql`(${random.pick(values).sql} ${random.pick(OPERATORS)} ${literal(type, random)})`;
  return sql`(${expression(type, scope)} ${random.pick(OPERATORS)} ${expression(type, scope)})`;
}

/** A type that the scope has values of, mostly. */
function comparable(scope: Scope): Type {
  const { random, values } = scope;
  return values.length > 0 && random.chance(0.8) ? random.pick(values).type : anyType(random);
}

const SIMPLE: readonly ((scope: Scope) => Sql)[] = [
  (scope) => sql`(${expression(comparable(scope), scope)} IS ${scope.random.pick(['NULL', 'NOT NULL'])})`,
  (scope) => {
    const type = comparable(scope);
    const items = scope.random.many(scope.random.between(1, 4), () => literal(type, scope.random));
    return sql`(${expression(type, scope)} ${scope.random.pick(['IN', 'NOT IN'])} (${list(items, { min: 1 })}))`;
  },
  (scope) => {
    const type = comparable(scope);
    const items = scope.random.many(scope.random.between(1, 3), () => expression(type, scope));
    return sql`(${expression(type, scope)} ${scope.random.pick(['IN', 'NOT IN'])} (${list(items, { min: 1 })}))`;
  },
  (scope) => {
    const type = comparable(scope);
    return sql`(${expression(type, scope)} ${scope.random.pick(['BETWEEN', 'NOT BETWEEN', 'BETWEEN SYMMETRIC'])} ${expression(type, scope)} AND ${expression(type, scope)})`;
  },
  (scope) => {
    const type = comparable(scope);
    return sql`(${expression(type, scope)} IS ${scope.random.pick(['DISTINCT', 'NOT DISTINCT'])} FROM ${expression(type, scope)})`;
  },
  (scope) =>
    sql`(${expression('text', scope)} ${scope.random.pick(['LIKE', 'NOT LIKE', 'ILIKE', 'SIMILAR TO'])} ${scope.random.pick(["'a%'", "'%b'", "'_a%'", "''", "'%'", "'a\\_%'", "'ab'", "'ab%'"])})`,
  (scope) =>
    sql`(${expression('text', scope)} ${scope.random.pick(['~', '!~', '~*'])} ${scope.random.pick(["'^a'", "'b$'", "'[0-9]+'", "'^$'", "'a|b'", "'.{2,}'"])})`,
  (scope) => {
    const operator = scope.random.pick(OPERATORS);
    return sql`(${expression('int4', scope)} ${operator} ${scope.random.pick(['ANY', 'ALL'])} (${expression('int4[]', scope)}))`;
  },
  (scope) =>
    sql`(${expression('text', scope)} ${scope.random.pick(['=', '<>', '<', 'LIKE'])} ${scope.random.pick(['ANY', 'ALL'])} (${expression('text[]', scope)}))`,
  (scope) => {
    const first = comparable(scope);
    const second = comparable(scope);
    const operator = scope.random.pick(['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM']);
    return sql`((${expression(first, scope)}, ${expression(second, scope)}) ${operator} (${expression(first, scope)}, ${expression(second, scope)}))`;
  },
  (scope) => {
    const first = comparable(scope);
    const second = comparable(scope);
    const rows = scope.random.many(2, () => sql`(${expression(first, scope)}, ${literal(second, scope.random)})`);
    return sql`((${expression(first, scope)}, ${expression(second, scope)}) ${scope.random.pick(['IN', 'NOT IN'])} (${list(rows, { min: 1 })}))`;
  },
  (scope) => sql`(${expression('int4[]', scope)} ${scope.random.pick(['@>', '<@', '&&', '='])} ${expression('int4[]', scope)})`,
  (scope) => sql`(${expression('jsonb', scope)} ${scope.random.pick(['@>', '<@', '=', '<'])} ${expression('jsonb', scope)})`,
  (scope) => sql`(${expression('jsonb', scope)} ? ${expression('text', scope)})`,
  (scope) => sql`starts_with(${expression('text', scope)}, ${expression('text', scope)})`,
  // Numbers of different types.
  (scope) => {
    const numbers = ['int4', 'int8', 'numeric', 'float8'] as const;
    return sql`(${expression(scope.random.pick(numbers), scope)} ${scope.random.pick(OPERATORS)} ${expression(scope.random.pick(numbers), scope)})`;
  },
  (scope) =>
    sql`(${expression('date', scope)} ${scope.random.pick(OPERATORS)} ${expression(scope.random.pick(['timestamp', 'timestamptz'] as const), scope)})`,
];

const SUBQUERIES: readonly ((scope: Scope) => Sql)[] = [
  (scope) =>
    sql`(${scope.random.pick(['EXISTS', 'NOT EXISTS'])} (${scope.grammar.query(scope.nested(), { types: [comparable(scope)] }).node}))`,
  (scope) => {
    const type = comparable(scope);
    return sql`(${expression(type, scope)} ${scope.random.pick(['IN', 'IN', 'NOT IN'])} (${scope.grammar.query(scope.nested(), { types: [type] }).node}))`;
  },
  (scope) => {
    const type = comparable(scope);
    return sql`(${expression(type, scope)} ${scope.random.pick(OPERATORS)} ${scope.random.pick(['ANY', 'ALL'])} (${scope.grammar.query(scope.nested(), { types: [type] }).node}))`;
  },
  (scope) => {
    const types = [comparable(scope), comparable(scope)] as const;
    return sql`((${expression(types[0], scope)}, ${expression(types[1], scope)}) ${scope.random.pick(['IN', 'NOT IN'])} (${scope.grammar.query(scope.nested(), { types }).node}))`;
  },
];
