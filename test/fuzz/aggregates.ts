import { expression } from './expressions.js';
import { predicate } from './predicates.js';
import type { Scope } from './scope.js';
import { optional, type Sql, sql } from './sql-tree.js';
import { anyType, type Type, typed } from './types.js';

/** An aggregate call of a type over the rows of a scope. */
export function aggregate(type: Type, scope: Scope): Sql {
  const { random } = scope;
  const inner = scope.with({ depth: Math.min(scope.depth - 1, 1) });
  const of = (wanted: Type): Sql => expression(wanted, inner);
  const makes = AGGREGATES[type];
  if (makes === undefined) return typed(type, `NULL::${type}`);
  const call = random.pick(makes)(of, inner);
  const filter = random.chance(0.2) ? optional(sql` FILTER (WHERE ${predicate(inner)})`) : '';
  return typed(type, sql`${call}${filter}`);
}

type Make = (of: (type: Type) => Sql, scope: Scope) => Sql;

const extreme =
  (type: Type): Make =>
  (of, { random }) =>
    sql`${random.pick(['min', 'max'])}(${of(type)})`;

const AGGREGATES: Partial<Record<Type, readonly Make[]>> = {
  int4: [
    extreme('int4'),
    extreme('int4'),
    (of, { random }) => sql`${random.pick(['bit_and', 'bit_or', 'bit_xor'])}(${of('int4')})`,
    () => sql`count(*)::int4`,
  ],
  int8: [
    () => sql`count(*)`,
    (of, { random }) => sql`count(${optional('DISTINCT ')}${of(anyType(random))})`,
    (of, { random }) => sql`count(${of(anyType(random))})`,
    (of) => sql`sum(${optional('DISTINCT ')}${of('int4')})`,
    (of) => sql`sum(${of('int4')})`,
    extreme('int8'),
  ],
  numeric: [
    extreme('numeric'),
    (of) => sql`sum(${optional('DISTINCT ')}${of('int8')})`,
    (of) => sql`sum(${of('numeric')})`,
    (of) => sql`avg(${optional('DISTINCT ')}${of('int4')})`,
    (of) => sql`avg(${of('numeric')})`,
    (of, { random }) => sql`${random.pick(['stddev', 'var_pop', 'stddev_samp', 'variance'])}(${of('int4')})`,
  ],
  text: [
    extreme('text'),
    (of) => {
      const value = of('text');
      return sql`string_agg(${value}, ',' ORDER BY ${value})`;
    },
    (of) => sql`string_agg(DISTINCT ${of('text')}, '')`,
    (of) => {
      const value = of('text');
      return sql`string_agg(${value}, '-' ORDER BY ${value} DESC NULLS LAST)`;
    },
  ],
  bool: [(of, { random }) => sql`${random.pick(['bool_and', 'bool_or', 'every'])}(${of('bool')})`],
  date: [extreme('date')],
  timestamp: [extreme('timestamp')],
  timestamptz: [extreme('timestamptz')],
  time: [extreme('time')],
  interval: [extreme('interval')],
  float8: [extreme('float8'), (of) => sql`sum(${of('float8')})`],
  jsonb: [
    (of) => {
      const value = of('text');
      return sql`jsonb_agg(${value} ORDER BY ${value})`;
    },
    (of) => {
      const value = of('int4');
      return sql`jsonb_agg(${value} ORDER BY ${value} DESC)`;
    },
  ],
  'int4[]': [
    (of) => {
      const value = of('int4');
      return sql`array_agg(${value} ORDER BY ${value})`;
    },
    (of) => sql`array_agg(DISTINCT ${of('int4')})`,
    (of) => {
      const value = of('int4');
      return sql`array_agg(DISTINCT ${value} ORDER BY ${value} DESC)`;
    },
  ],
  'text[]': [
    (of) => {
      const value = of('text');
      return sql`array_agg(${value} ORDER BY ${value})`;
    },
    (of) => sql`array_agg(DISTINCT ${of('text')})`,
  ],
};
