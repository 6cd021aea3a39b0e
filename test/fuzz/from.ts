import { expression } from './expressions.js';
import { predicate } from './predicates.js';
import type { Scope, Source, Value } from './scope.js';
import { list, type Sql, sql, withSimpler } from './sql-tree.js';
import { anyType, literal, type Type } from './types.js';

export interface From {
  readonly node: Sql;
  readonly values: readonly Value[];
}

/** One to four relations, joined in all ways. */
export function fromClause(scope: Scope): From {
  const { random } = scope;
  const most = scope.depth <= 0 ? 1 : random.pick([1, 1, 2, 2, 3, 4]);
  let from = relation(scope, []);
  for (let i = 1; i < most; i++) from = join(from, scope);
  return from;
}

function join(left: From, scope: Scope): From {
  const { random } = scope;
  const kind = random.pick(['JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'CROSS JOIN']);
  const mayBeLateral = kind === 'JOIN' || kind === 'LEFT JOIN' || kind === 'CROSS JOIN';
  const isNested = scope.depth > 1 && random.chance(0.12);
  const right = isNested
    ? nested(join(relation(scope, []), scope.with({ depth: scope.depth - 1 })))
    : relation(scope, mayBeLateral ? left.values : []);
  const values = [...left.values, ...right.values];
  const condition = kind === 'CROSS JOIN' ? '' : sql` ON ${joinCondition(left, right, kind, scope)}`;
  return { node: withSimpler(sql`${left.node} ${kind} ${right.node}${condition}`, [left.node, right.node]), values };
}

const nested = (from: From): From => ({ node: sql`(${from.node})`, values: from.values });

function joinCondition(left: From, right: From, kind: string, scope: Scope): Sql {
  const { random } = scope;
  const pairs = left.values.flatMap((a) => right.values.filter((b) => a.type === b.type).map((b) => [a, b] as const));
  const equalities =
    pairs.length === 0 ? [] : random.many(random.pick([1, 1, 1, 2]), () => random.pick(pairs)).map(([a, b]) => sql`${a.sql} = ${b.sql}`);
  // PostgreSQL has no full join but on equality.
  if (kind === 'FULL JOIN')
    return equalities.length === 0 ? random.pick(['true', 'false']) : list(equalities, { separator: ' AND ', min: 1 });
  const inner = scope.with({ values: [...scope.values, ...left.values, ...right.values], depth: Math.min(scope.depth - 1, 1) });
  const conditions: Sql[] = random.chance(0.85) ? [...equalities] : [];
  if (conditions.length === 0 || random.chance(0.3)) conditions.push(predicate(inner));
  return list(conditions, { separator: ' AND ', min: 1 });
}

/** One item of FROM; `lateral` are the values of those to its left. */
function relation(scope: Scope, lateral: readonly Value[]): From {
  const { random } = scope;
  const choice = random.next();
  if (scope.depth > 0) {
    if (choice < 0.12) return subquery(scope, '', []);
    if (choice < 0.22 && lateral.length > 0) return subquery(scope, 'LATERAL ', lateral);
    if (choice < 0.27) return valuesList(scope);
    if (choice < 0.33) return functionCall(scope, lateral);
  }
  return named(random.pick(scope.sources), scope);
}

function named(source: Source, scope: Scope): From {
  const alias = scope.name('a');
  return {
    node: `${source.name} ${alias}`,
    values: source.columns.map(({ name, type }) => ({ sql: `${alias}.${name}`, type, isColumn: true })),
  };
}

function subquery(scope: Scope, prefix: string, lateral: readonly Value[]): From {
  const { random } = scope;
  const types = random.many(random.between(1, 3), () => anyType(random));
  const names = types.map((_, i) => `s${i}`);
  const alias = scope.name('q');
  const { node } = scope.grammar.query(scope.with({ values: [...scope.values, ...lateral], depth: scope.depth - 1 }), { types, names });
  return { node: sql`${prefix}(${node}) AS ${alias}`, values: columnsOf(alias, names, types) };
}

const columnsOf = (alias: string, names: readonly string[], types: readonly Type[]): Value[] =>
  types.map((type, i) => ({ sql: `${alias}.${names[i]}`, type, isColumn: true }));

function valuesList(scope: Scope): From {
  const { random } = scope;
  const types = random.many(random.between(1, 2), () => anyType(random));
  const rows = random.many(
    random.between(1, 4),
    () =>
      sql`(${list(
        types.map((type) => literal(type, random)),
        { min: types.length },
      )})`,
  );
  const alias = scope.name('v');
  const names = types.map((_, i) => `v${i}`);
  return { node: sql`(VALUES ${list(rows, { min: 1 })}) AS ${alias} (${names.join(', ')})`, values: columnsOf(alias, names, types) };
}

function functionCall(scope: Scope, lateral: readonly Value[]): From {
  const { random } = scope;
  const alias = scope.name('f');
  const inner = scope.with({ values: [...scope.values, ...lateral], depth: 0 });
  const value = (type: Type): From['values'] => [{ sql: `${alias}.x`, type, isColumn: true }];
  switch (random.below(5)) {
    case 0:
      return { node: sql`generate_series(1, ${random.pick(['0', '1', '3'])}) AS ${alias} (x)`, values: value('int4') };
    case 1:
      return { node: sql`generate_series(-1, (${expression('int4', inner)}) % 4) AS ${alias} (x)`, values: value('int4') };
    case 2:
      return { node: sql`unnest(${expression('int4[]', inner)}) AS ${alias} (x)`, values: value('int4') };
    case 3:
      return {
        node: sql`unnest(${expression('text[]', inner)}) WITH ORDINALITY AS ${alias} (x, o)`,
        values: [...value('text'), { sql: `${alias}.o`, type: 'int8', isColumn: true }],
      };
    default:
      return { node: sql`regexp_split_to_table(${expression('text', inner)}, ',') AS ${alias} (x)`, values: value('text') };
  }
}
