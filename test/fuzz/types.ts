import type { Random } from './random.js';
import { type Literal, type Sql, withSimpler } from './sql-tree.js';

/** The types that expressions are made of. */
export const TYPES = [
  'int4',
  'int8',
  'numeric',
  'text',
  'bool',
  'date',
  'timestamp',
  'jsonb',
  'int4[]',
  'text[]',
  'float8',
  'uuid',
  'timestamptz',
  'interval',
  'time',
  'bytea',
] as const;
export type Type = (typeof TYPES)[number];

/** Those that occur most. */
export const COMMON: readonly Type[] = [
  'int4',
  'int4',
  'int4',
  'text',
  'text',
  'int8',
  'numeric',
  'bool',
  'date',
  'timestamp',
  'jsonb',
  'int4[]',
  'text[]',
];

export const anyType = (random: Random): Type => (random.chance(0.85) ? random.pick(COMMON) : random.pick(TYPES));

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'A',
  'aB ',
  ' x',
  'ab c',
  '日本',
  '😀',
  'a%b',
  'a_b',
  '0',
  '1',
  '-5',
  '1.50',
  'b,c',
  "it's",
  'a\\b',
];
const UUIDS = ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
const JSONS = [
  '{}',
  '[]',
  'null',
  '1',
  '"a"',
  'true',
  '{"a": 1}',
  '{"a": "x", "b": [1, 2]}',
  '{"a": null}',
  '[1, "a", null]',
  '{"b": {"a": 5}}',
  '[[1], {"a": 2}]',
];

/** The text of a value, small ones mostly, so that joins meet and groups have members. */
export function valueText(type: Type, random: Random, edges = false): string {
  const small = () => random.between(-2, 6);
  switch (type) {
    case 'int4':
      return edges && random.chance(0.2) ? random.pick(['2147483647', '-2147483648', '65536']) : String(small());
    case 'int8':
      return edges && random.chance(0.2)
        ? random.pick(['9223372036854775807', '-9223372036854775808', '9007199254740993'])
        : String(small());
    case 'numeric':
      return edges && random.chance(0.2)
        ? random.pick(['NaN', '99999999.99', '0.00', '-0.01'])
        : random.pick(['0.00', '1.00', '1.50', '-2.25', '3.14', '2.00', '10.00']);
    case 'float8':
      return edges && random.chance(0.2)
        ? random.pick(['NaN', 'Infinity', '-Infinity'])
        : random.pick(['0', '0.5', '1', '-1.25', '2', '1024']);
    case 'text':
      return random.pick(TEXTS);
    case 'bool':
      return random.pick(['true', 'false']);
    case 'date':
      return edges && random.chance(0.2)
        ? random.pick(['infinity', '-infinity', '0001-01-01'])
        : `2024-0${random.between(1, 3)}-${random.pick(['01', '15', '28'])}`;
    case 'timestamp':
    case 'timestamptz': {
      const zone = type === 'timestamptz' ? '+00' : '';
      if (edges && random.chance(0.2)) return random.pick(['infinity', '-infinity']);
      return `2024-0${random.between(1, 3)}-${random.pick(['01', '29'])} ${random.pick(['00:00:00', '12:34:56.789', '23:59:59.999999'])}${zone}`;
    }
    case 'interval':
      return random.pick(['1 day', '2 days', '01:00:00', '-00:30:00', '1 day 02:00:00', '00:00:00']);
    case 'time':
      return random.pick(['00:00:00', '12:00:00', '23:59:59.5']);
    case 'uuid':
      return random.pick(UUIDS);
    case 'bytea':
      return random.pick(['\\x', '\\x00', '\\x01ff', '\\x61']);
    case 'jsonb':
      return random.pick(JSONS);
    case 'int4[]':
      return `{${random.many(random.below(4), () => (random.chance(0.15) ? 'NULL' : String(small()))).join(',')}}`;
    case 'text[]':
      return `{${random.many(random.below(3), () => random.pick(['a', 'b', '""', 'NULL', 'ab', '"b,c"'])).join(',')}}`;
  }
}

export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export function literal(type: Type, random: Random): Literal {
  const isParameter = random.chance(0.5);
  if (random.chance(0.07))
    return { kind: 'literal', text: `NULL::${type}`, value: null, other: valueText(type, random), type, isParameter };
  const value = valueText(type, random);
  const other = random.chance(0.1) ? null : valueText(type, random);
  const isBare = (type === 'int4' && !value.startsWith('-')) || (type === 'bool' && random.chance(0.7));
  return { kind: 'literal', text: isBare ? value : `${quote(value)}::${type}`, value, other, type, isParameter };
}

/** With the simplest constants of its type to cut it down to. */
export const typed = (type: Type, node: Sql, parts: readonly Sql[] = []): Sql => withSimpler(node, [...SIMPLEST[type], ...parts]);

const SIMPLEST: Readonly<Record<Type, readonly string[]>> = {
  int4: ['1', 'NULL::int4'],
  int8: ['1::int8', 'NULL::int8'],
  numeric: ['1.50', 'NULL::numeric'],
  text: ["'a'::text", 'NULL::text'],
  bool: ['true', 'false', 'NULL::bool'],
  date: ["'2024-01-01'::date", 'NULL::date'],
  timestamp: ["'2024-01-01'::timestamp", 'NULL::timestamp'],
  jsonb: ["'{}'::jsonb", 'NULL::jsonb'],
  'int4[]': ["'{1}'::int4[]", 'NULL::int4[]'],
  'text[]': ["'{a}'::text[]", 'NULL::text[]'],
  float8: ['0.5::float8', 'NULL::float8'],
  uuid: ['NULL::uuid'],
  timestamptz: ["'2024-01-01'::timestamptz", 'NULL::timestamptz'],
  interval: ["'1 day'::interval", 'NULL::interval'],
  time: ["'12:00'::time", 'NULL::time'],
  bytea: ['NULL::bytea'],
};
