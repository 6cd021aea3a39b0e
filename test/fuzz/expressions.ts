import type { Scope } from './scope.js';
import { list, type Sql, sql } from './sql-tree.js';
import { literal, type Type, typed } from './types.js';

type Make = (of: (type: Type) => Sql, scope: Scope) => Sql;

/** An expression of a type: a value of the scope, a constant, or something made of smaller ones. */
export function expression(type: Type, scope: Scope): Sql {
  const { random } = scope;
  const values = scope.ofType(type);
  if (scope.depth <= 0 || random.chance(0.4)) {
    if (values.length > 0 && random.chance(0.85)) return random.pick(values).sql;
    return literal(type, random);
  }
  if (type === 'bool') return scope.grammar.predicate(scope);
  const inner = scope.with({ depth: scope.depth - 1 });
  const parts: Sql[] = [];
  const of = (wanted: Type): Sql => {
    const part = expression(wanted, inner);
    if (wanted === type) parts.push(part);
    return part;
  };
  const own = scope.strict ? [...SAFE[type], ...(STRICT[type] ?? [])] : SAFE[type];
  const make = own.length > 0 && random.chance(0.7) ? random.pick(own) : random.pick(ANY);
  const node = make === undefined ? literal(type, random) : (make as AnyMake)(of, inner, type);
  return typed(type, node, parts);
}

type AnyMake = (of: (type: Type) => Sql, scope: Scope, type: Type) => Sql;

const ANY: readonly AnyMake[] = [
  (of, scope, type) => sql`CASE WHEN ${scope.grammar.predicate(scope)} THEN ${of(type)} ELSE ${of(type)} END`,
  (of, scope, type) =>
    sql`CASE WHEN ${scope.grammar.predicate(scope)} THEN ${of(type)} WHEN ${scope.grammar.predicate(scope)} THEN ${of(type)} END`,
  (of, _, type) => sql`COALESCE(${list([of(type), of(type), of(type)], { min: 1 })})`,
  (of, scope, type) =>
    type === 'jsonb' ? of(type) : sql`${scope.random.pick(['GREATEST', 'LEAST'])}(${list([of(type), of(type)], { min: 1 })})`,
  (of, _, type) => sql`NULLIF(${of(type)}, ${of(type)})`,
  (of, scope, type) => (scope.sources.length === 0 ? of(type) : scope.grammar.scalarQuery(type, scope)),
  (of, scope, type) => {
    const subject = scope.random.pick(['int4', 'text', 'date'] as const);
    return sql`CASE ${of(subject)} WHEN ${of(subject)} THEN ${of(type)} ELSE ${of(type)} END`;
  },
];

/** Those that fail on no value but the extreme ones. */
const SAFE: Readonly<Record<Type, readonly Make[]>> = {
  int4: [
    (of, { random }) => sql`(${of('int4')} ${random.pick(['+', '-', '*'])} ${of('int4')})`,
    (of, { random }) => sql`(${of('int4')} ${random.pick(['/', '%'])} NULLIF(${of('int4')}, 0))`,
    (of) => sql`(- ${of('int4')})`,
    (of) => sql`abs(${of('int4')})`,
    (of, { random }) => sql`${random.pick(['length', 'char_length', 'octet_length', 'bit_length'])}(${of('text')})`,
    (of) => sql`strpos(${of('text')}, ${of('text')})`,
    (of) => sql`(${of('date')} - ${of('date')})`,
    (of) => sql`cardinality(${of('int4[]')})`,
    (of) => sql`array_length(${of('int4[]')}, 1)`,
    (of) => sql`(${of('int4[]')})[${of('int4')}]`,
    (of) => sql`array_position(${of('text[]')}, ${of('text')})`,
    (of, { random }) =>
      sql`extract(${random.pick(['year', 'month', 'day', 'dow', 'isodow', 'week', 'doy', 'quarter'])} FROM ${of('date')})::int4`,
    (of) => sql`(${of('bool')})::int4`,
    (of, { random }) => sql`(${of('int4')} ${random.pick(['&', '|', '#'])} ${of('int4')})`,
    (of) => sql`sign(${of('int4')})::int4`,
  ],
  int8: [
    (of, { random }) => sql`(${of('int8')} ${random.pick(['+', '-', '*'])} ${of('int4')})`,
    (of, { random }) => sql`(${of('int4')} ${random.pick(['+', '-'])} ${of('int8')})`,
    (of) => sql`(${of('int8')} / NULLIF(${of('int8')}, 0))`,
    (of) => sql`(${of('int8')} % NULLIF(${of('int8')}, 0))`,
    (of) => sql`${of('int4')}::int8`,
    (of) => sql`abs(${of('int8')})`,
  ],
  numeric: [
    (of, { random }) => sql`(${of('numeric')} ${random.pick(['+', '-', '*'])} ${of('numeric')})`,
    (of) => sql`(${of('numeric')} / NULLIF(${of('numeric')}, 0))`,
    (of) => sql`(${of('numeric')} % NULLIF(${of('numeric')}, 0))`,
    (of, { random }) => sql`${random.pick(['abs', 'ceil', 'floor', 'round', 'trunc', 'sign', '-'])}(${of('numeric')})`,
    (of, { random }) => sql`${random.pick(['round', 'trunc'])}(${of('numeric')}, ${random.pick(['0', '1', '3', '-1'])})`,
    (of) => sql`${of('int4')}::numeric`,
    (of) => sql`(${of('numeric')} + ${of('int4')})`,
    (of) => sql`(${of('int8')} * ${of('numeric')})`,
    (of, { random }) => sql`extract(${random.pick(['epoch', 'second', 'hour', 'minute', 'milliseconds', 'day'])} FROM ${of('timestamp')})`,
  ],
  text: [
    (of) => sql`(${of('text')} || ${of('text')})`,
    (of, { random }) =>
      sql`${random.pick(['upper', 'lower', 'initcap', 'reverse', 'trim', 'ltrim', 'md5', 'quote_literal', 'quote_ident'])}(${of('text')})`,
    (of, { random }) => sql`substr(${of('text')}, ${of('int4')}, ${random.pick(['0', '1', '2'])})`,
    (of, { random }) => sql`${random.pick(['left', 'right'])}(${of('text')}, ${of('int4')})`,
    (of) => sql`replace(${of('text')}, ${of('text')}, ${of('text')})`,
    (of, { random }) => sql`${random.pick(['lpad', 'rpad'])}(${of('text')}, ${random.pick(['0', '3', '5'])}, ${of('text')})`,
    (of, { random }) => sql`split_part(${of('text')}, ${random.pick(["','", "'a'", "''"])}, ${random.pick(['1', '2', '-1'])})`,
    (of) => sql`translate(${of('text')}, ${of('text')}, ${of('text')})`,
    (of) => sql`concat(${of('text')}, ${of('int4')}, ${of('bool')})`,
    (of) => sql`concat_ws(${of('text')}, ${of('text')}, ${of('text')})`,
    (of, { random }) => sql`${of(random.pick(['int4', 'int8', 'bool', 'date', 'timestamp', 'int4[]', 'text[]', 'uuid']))}::text`,
    (of) => sql`(${of('jsonb')} ->> 'a')`,
    (of) => sql`(${of('jsonb')} ->> 0)`,
    (of) => sql`jsonb_typeof(${of('jsonb')})`,
    (of) => sql`(${of('text[]')})[1]`,
    (of) => sql`array_to_string(${of('text[]')}, ',', '*')`,
    (of) => sql`format('%s-%L', ${of('text')}, ${of('int4')})`,
    (of, { random }) => sql`to_char(${of('timestamp')}, ${random.pick(["'YYYY-MM-DD HH24:MI:SS'", "'Day DD Mon'", "'HH12:MI AM, Q'"])})`,
    (of) => sql`regexp_replace(${of('text')}, '[ab]+', ${of('text')}, 'g')`,
    (of) => sql`${of('text')}::varchar(2)`,
    (of) => sql`overlay(${of('text')} placing ${of('text')} from 1)`,
    (of) => sql`encode(${of('bytea')}, 'hex')`,
  ],
  bool: [],
  date: [
    (of) => sql`(${of('date')} + (${of('int4')} % 40))`,
    (of) => sql`(${of('date')} - (${of('int4')} % 40))`,
    (of) => sql`${of('timestamp')}::date`,
  ],
  timestamp: [
    (of) => sql`${of('date')}::timestamp`,
    (of, { random }) => sql`(${of('timestamp')} ${random.pick(['+', '-'])} ${of('interval')})`,
    (of, { random }) => sql`date_trunc(${random.pick(["'day'", "'month'", "'hour'", "'week'", "'year'"])}, ${of('timestamp')})`,
    (of, { random }) => sql`(${of('date')} + ${random.pick(["interval '1 month'", "interval '-1 year'", "time '10:30'"])})`,
    (of) => sql`(${of('timestamptz')} AT TIME ZONE 'UTC')`,
  ],
  jsonb: [
    (of) => sql`(${of('jsonb')} -> 'a')`,
    (of) => sql`(${of('jsonb')} -> 1)`,
    (of) => sql`(${of('jsonb')} #> '{b,0}')`,
    (of) => sql`jsonb_build_object('k', ${of('int4')}, 'a', ${of('text')})`,
    (of) => sql`jsonb_build_array(${of('int4')}, ${of('text')}, ${of('jsonb')})`,
    (of, { random }) => sql`to_jsonb(${of(random.pick(['int4', 'text', 'bool', 'date', 'timestamp', 'int4[]', 'text[]']))})`,
    (of) => sql`(${of('jsonb')} || ${of('jsonb')})`,
    (of) => sql`jsonb_strip_nulls(${of('jsonb')})`,
    (of) => sql`to_jsonb(${of('numeric')} * 0 + ${of('int4')})`,
  ],
  'int4[]': [
    (of) => sql`ARRAY[${list([of('int4'), of('int4')], { min: 1 })}]`,
    (of) => sql`(${of('int4[]')} || ${of('int4[]')})`,
    (of) => sql`(${of('int4[]')} || ${of('int4')})`,
    (of) => sql`(${of('int4[]')})[1:2]`,
    (of, { random }) => sql`${random.pick(['array_remove', 'array_append'])}(${of('int4[]')}, ${of('int4')})`,
    (of) => sql`array_prepend(${of('int4')}, ${of('int4[]')})`,
    (of, scope) => (scope.sources.length === 0 ? of('int4[]') : sql`ARRAY${scope.grammar.scalarQuery('int4', scope, true)}`),
  ],
  'text[]': [
    (of) => sql`ARRAY[${list([of('text'), of('text')], { min: 1 })}]`,
    (of) => sql`(${of('text[]')} || ${of('text[]')})`,
    (of) => sql`array_append(${of('text[]')}, ${of('text')})`,
    (of) => sql`string_to_array(${of('text')}, ${of('text')})`,
    (of) => sql`array_replace(${of('text[]')}, ${of('text')}, ${of('text')})`,
    (of) => sql`regexp_split_to_array(${of('text')}, '[,b]')`,
  ],
  float8: [
    (of, { random }) => sql`(${of('float8')} ${random.pick(['+', '-', '*'])} ${of('float8')})`,
    (of) => sql`${of('int4')}::float8`,
    (of, { random }) => sql`${random.pick(['floor', 'ceil', 'round', 'abs', 'trunc'])}(${of('float8')})`,
  ],
  uuid: [],
  timestamptz: [
    (of) => sql`${of('timestamp')}::timestamptz`,
    (of) => sql`(${of('timestamptz')} + ${of('interval')})`,
    (of) => sql`${of('date')}::timestamptz`,
  ],
  interval: [
    (of) => sql`(${of('timestamp')} - ${of('timestamp')})`,
    (of) => sql`(${of('interval')} + ${of('interval')})`,
    (of) => sql`(${of('int4')} * ${of('interval')})`,
  ],
  time: [(of) => sql`${of('timestamp')}::time`, (of) => sql`(${of('time')} + ${of('interval')})`],
  bytea: [(of) => sql`(${of('bytea')} || ${of('bytea')})`, (of) => sql`convert_to(${of('text')}, 'UTF8')`],
};

/** Those that fail on common values, or whose text depends on which of two equal values was taken. */
const STRICT: Partial<Record<Type, readonly Make[]>> = {
  int4: [
    (of, { random }) => sql`(${of('int4')} ${random.pick(['/', '%'])} ${of('int4')})`,
    (of, { random }) => sql`${of(random.pick(['text', 'numeric', 'int8', 'float8', 'jsonb']))}::int4`,
    (of) => sql`jsonb_array_length(${of('jsonb')})`,
    (of, { random }) => sql`(${of('int4')} ${random.pick(['<<', '>>'])} ${of('int4')})`,
    (of) => sql`${of('int4')}::int2`,
    (of) => sql`ascii(${of('text')})`,
    (of) => sql`width_bucket(${of('numeric')}, 0, 10, ${of('int4')})`,
  ],
  int8: [(of) => sql`${of('text')}::int8`, (of) => sql`${of('numeric')}::int8`, (of) => sql`${of('float8')}::int8`],
  numeric: [
    (of) => sql`(${of('numeric')} / ${of('numeric')})`,
    (of, { random }) => sql`${random.pick(['sqrt', 'ln', 'exp'])}(${of('numeric')})`,
    (of) => sql`power(${of('numeric')}, ${of('int4')})`,
    (of) => sql`${of('text')}::numeric`,
    (of) => sql`${of('numeric')}::numeric(5,1)`,
    (of) => sql`${of('float8')}::numeric`,
    (of) => sql`mod(${of('numeric')}, ${of('numeric')})`,
    (of) => sql`(${of('jsonb')})::numeric`,
  ],
  text: [
    (of, { random }) => sql`${of(random.pick(['numeric', 'float8', 'jsonb', 'interval', 'timestamptz', 'time', 'bytea']))}::text`,
    (of) => sql`substr(${of('text')}, ${of('int4')}, ${of('int4')})`,
    (of) => sql`split_part(${of('text')}, ${of('text')}, ${of('int4')})`,
    (of) => sql`repeat(${of('text')}, ${of('int4')} % 5)`,
    (of, { random }) => sql`to_char(${of('numeric')}, ${random.pick(["'999.99'", "'FM990.0'", "'S0999'", "'9,999PR'", "'RN'"])})`,
    (of, { random }) => sql`to_char(${of('int4')}, ${random.pick(["'999'", "'FM000'", "'SG99'", "'99th'"])})`,
    (of) => sql`chr(${of('int4')})`,
    (of) => sql`substring(${of('text')} from ${of('text')})`,
    (of) => sql`regexp_replace(${of('text')}, ${of('text')}, ${of('text')})`,
    (of) => sql`(${of('jsonb')} #>> ${of('text[]')})`,
    (of) => sql`jsonb_pretty(${of('jsonb')})`,
  ],
  date: [
    (of) => sql`${of('text')}::date`,
    (of) => sql`make_date(${of('int4')}, ${of('int4')}, ${of('int4')})`,
    (of) => sql`(${of('date')} + ${of('int4')})`,
    (of) => sql`to_date(${of('text')}, 'YYYY-MM-DD')`,
  ],
  timestamp: [(of) => sql`${of('text')}::timestamp`, (of) => sql`date_bin('2 hours', ${of('timestamp')}, ${of('timestamp')})`],
  interval: [
    (of) => sql`age(${of('timestamp')}, ${of('timestamp')})`,
    (of) => sql`justify_interval(${of('interval')})`,
    (of) => sql`(${of('interval')} * ${of('float8')})`,
    (of) => sql`(${of('interval')} / ${of('float8')})`,
    (of) => sql`${of('text')}::interval`,
    (of) => sql`make_interval(months => ${of('int4')}, hours => ${of('int4')})`,
  ],
  jsonb: [
    (of) => sql`(${of('jsonb')} - ${of('text')})`,
    (of) => sql`(${of('jsonb')} - ${of('int4')})`,
    (of) => sql`${of('text')}::jsonb`,
    (of) => sql`jsonb_set(${of('jsonb')}, ${of('text[]')}, ${of('jsonb')})`,
    (of) => sql`jsonb_insert(${of('jsonb')}, '{0}', ${of('jsonb')})`,
    (of) => sql`to_jsonb(${of('numeric')})`,
    (of) => sql`jsonb_build_object(${of('text')}, ${of('text')})`,
  ],
  'int4[]': [
    (of) => sql`${of('text')}::int4[]`,
    (of) => sql`(${of('int4[]')})[${of('int4')}:${of('int4')}]`,
    (of) => sql`array_fill(${of('int4')}, ARRAY[${of('int4')}])`,
    (of) => sql`array_positions(${of('int4[]')}, ${of('int4')})`,
  ],
  float8: [
    (of) => sql`(${of('float8')} / ${of('float8')})`,
    (of, { random }) => sql`${random.pick(['sqrt', 'exp', 'ln'])}(${of('float8')})`,
    (of) => sql`${of('text')}::float8`,
    (of) => sql`${of('numeric')}::float8`,
    (of) => sql`power(${of('float8')}, ${of('float8')})`,
  ],
  time: [(of) => sql`${of('text')}::time`, (of) => sql`make_time(${of('int4')}, ${of('int4')}, 5.5)`],
  bytea: [(of) => sql`${of('text')}::bytea`, (of) => sql`substr(${of('bytea')}, ${of('int4')})`, (of) => sql`decode(${of('text')}, 'hex')`],
  uuid: [(of) => sql`${of('text')}::uuid`],
};
