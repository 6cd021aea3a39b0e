import { expression } from './expressions.js';
import { predicate } from './predicates.js';
import type { Scope } from './scope.js';
import { list, optional, type Sql, sql } from './sql-tree.js';
import { anyType, type Type, typed } from './types.js';

/** A window function of a type over the rows of a scope; undefined when there is none. Its value depends on no order that ORDER BY leaves open. */
export function windowCall(type: Type, scope: Scope): Sql | undefined {
  const { random } = scope;
  const inner = scope.with({ depth: Math.min(scope.depth - 1, 1) });
  const of = (wanted: Type): Sql => expression(wanted, inner);
  const makes = CALLS[type];
  if (makes === undefined) return undefined;
  const { call, filters } = random.pick(makes)(of, inner);
  const filter = filters && random.chance(0.2) ? optional(sql` FILTER (WHERE ${predicate(inner)})`) : '';
  const partition = random.chance(0.5) ? list([of(anyKey(random))], { before: 'PARTITION BY ' }) : '';
  const order = random.chance(0.8) ? sql` ORDER BY ${of(anyKey(random))}${random.pick(['', ' DESC', ' NULLS FIRST'])}` : undefined;
  const frame = order === undefined ? '' : optional(random.pick(FRAMES));
  return typed(type, sql`${call}${filter} OVER (${partition}${order ?? ''}${frame})`);
}

const anyKey = (random: Scope['random']): Type => random.pick(['int4', 'text', 'bool', 'date']);

const FRAMES: readonly string[] = [
  '',
  ' RANGE UNBOUNDED PRECEDING',
  ' RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING',
  ' GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
  ' GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING',
  ' GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING EXCLUDE GROUP',
  ' RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW',
  ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES',
];

type Make = (of: (type: Type) => Sql, scope: Scope) => { readonly call: Sql; readonly filters: boolean };

const extreme =
  (type: Type): Make =>
  (of, { random }) => ({ call: sql`${random.pick(['min', 'max'])}(${of(type)})`, filters: true });

const CALLS: Partial<Record<Type, readonly Make[]>> = {
  int4: [extreme('int4'), (of) => ({ call: sql`bit_or(${of('int4')})`, filters: true })],
  int8: [
    () => ({ call: 'rank()', filters: false }),
    () => ({ call: 'dense_rank()', filters: false }),
    () => ({ call: 'count(*)', filters: true }),
    (of, { random }) => ({ call: sql`count(${of(anyType(random))})`, filters: true }),
    (of) => ({ call: sql`sum(${of('int4')})`, filters: true }),
  ],
  numeric: [
    extreme('numeric'),
    (of) => ({ call: sql`sum(${of('numeric')})`, filters: true }),
    (of) => ({ call: sql`avg(${of('int4')})`, filters: true }),
  ],
  float8: [() => ({ call: 'percent_rank()', filters: false }), () => ({ call: 'cume_dist()', filters: false })],
  text: [extreme('text')],
  bool: [(of) => ({ call: sql`bool_and(${of('bool')})`, filters: true })],
  date: [extreme('date')],
  timestamp: [extreme('timestamp')],
  interval: [extreme('interval')],
};
