import type { Random } from './random.js';

const RANGES = ['empty', '[1,5)', '(,3]', '[2,)', '(,)', '[3,3]', '(4,6)', '[-5,2)'];
const TEXTS = [
  '',
  'a',
  'abc',
  'Hello World',
  'ÀÉ ß',
  '日本語',
  '😀x',
  ' pad ',
  '12',
  '-3.5',
  'a,b,c',
  "it''s",
  'a%b_c',
  '[a-c]+',
  '(b)(c)?',
  'YYYY-MM-DD',
  'FM999.00',
  'g',
  'UTF8',
  'base64',
  '\\x41',
];
const JSONS = [
  '{}',
  '[]',
  'null',
  '1',
  '1.50',
  '"a"',
  'true',
  '{"a":1,"b":[1,2,{"c":"x"}]}',
  '[1,"a",null,[2]]',
  '{"a":{"b":{"c":5}}}',
  '[{"x":1,"y":"z"},{"x":2}]',
  '{"b":"x","a":null}',
];

/** Texts that a type's input reads, edges among them. A type that is not here is not made up. */
const TEXTS_OF: Readonly<Record<string, readonly string[]>> = {
  bool: ['true', 'false'],
  int2: ['0', '1', '-1', '5', '32767', '-32768'],
  int4: ['0', '1', '2', '-1', '3', '10', '100', '2147483647', '-2147483648'],
  int8: ['0', '1', '-1', '7', '1000000', '9223372036854775807', '-9223372036854775808', '9007199254740993'],
  float4: ['0', '1', '-1.5', '3.25', '1e30', '-1e-30', 'NaN', 'Infinity', '-Infinity', '0.1'],
  float8: ['0', '-0', '1', '-1.5', '0.1', '2.5', '1e300', '-1e-300', 'NaN', 'Infinity', '-Infinity', '123456.789'],
  numeric: ['0', '1', '-1', '0.5', '2.50', '-12345.6789', '1e20', '0.000001', 'NaN', 'Infinity', '-Infinity', '99999999999999999999.99'],
  money: ['0', '1.50', '-1234.56', '92233720368547758.07'],
  text: TEXTS,
  varchar: TEXTS,
  bpchar: ['', 'a', 'abc  ', 'Hello', '日本'],
  '"char"': ['a', 'Z', '', '0'],
  name: ['a', 'pg_class', 'Some Name'],
  bytea: ['\\x', '\\x00', '\\x01ff', '\\x6162636465', '\\xdeadbeef00'],
  bit: ['1', '0', '1010', '11111111'],
  varbit: ['', '1', '0101', '111000111', '11111111111111111'],
  date: ['2024-02-29', '2000-01-01', '1999-12-31', '0044-03-15 BC', 'infinity', '-infinity', '5874897-12-31'],
  time: ['00:00', '12:34:56.789', '23:59:59.999999', '24:00'],
  timetz: ['00:00+00', '12:34:56-08', '23:59:59.5+05:30'],
  timestamp: [
    '2024-02-29 12:00:00',
    '2000-01-01 00:00:00',
    '1969-07-20 20:17:40.5',
    '0044-03-15 12:00 BC',
    'infinity',
    '-infinity',
    '2024-12-31 23:59:59.999999',
  ],
  timestamptz: [
    '2024-02-29 12:00:00+00',
    '2000-01-01 00:00:00-08',
    '2024-03-10 02:30:00 America/New_York',
    'infinity',
    '-infinity',
    '1883-11-18 12:00+00',
  ],
  interval: ['0', '1 day', '-1 month', '1 year 2 mons 3 days 04:05:06.789', '-00:00:01', '36:00', '1 mon -1 day', '100 years'],
  uuid: ['00000000-0000-0000-0000-000000000000', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  json: JSONS,
  jsonb: JSONS,
  jsonpath: [
    '$',
    '$.a',
    '$.b[*]',
    'strict $.a.b',
    '$[0]',
    '$.**',
    '$.b[*] ? (@ > 1)',
    '$.a.type()',
    '$[*].x',
    '$ ? (@.a == 1)',
    '$.a + 1',
    '$.b.size()',
    'lax $.missing',
  ],
  inet: ['192.168.1.5', '10.0.0.0/8', '192.168.1.0/24', '::1', '2001:db8::/32', '255.255.255.255', '0.0.0.0/0'],
  cidr: ['192.168.0.0/16', '10.0.0.0/8', '::1/128', '2001:db8::/32', '1.2.3.4/32'],
  macaddr: ['08:00:2b:01:02:03', '00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff'],
  macaddr8: ['08:00:2b:01:02:03:04:05', '00:00:00:ff:fe:00:00:00'],
  point: ['(0,0)', '(1,2)', '(-1.5,3)', '(1e300,0)', '(NaN,1)'],
  lseg: ['[(0,0),(1,1)]', '[(1,2),(1,5)]', '[(-1,0),(3,0)]', '[(2,2),(2,2)]'],
  line: ['{1,-1,0}', '{0,1,-2}', '{1,0,3}', '{2,3,4}'],
  box: ['(1,1),(0,0)', '(3,4),(1,2)', '(0,0),(0,0)', '(2,2),(-2,-2)'],
  path: ['[(0,0),(1,1),(2,0)]', '((0,0),(1,1),(2,0))', '((1,1))', '[(0,0),(5,5)]'],
  polygon: ['((0,0),(0,4),(4,4),(4,0))', '((1,1),(2,2),(3,1))', '((0,0))'],
  circle: ['<(0,0),1>', '<(1,2),3>', '<(5,5),0>'],
  int4range: RANGES,
  int8range: RANGES,
  numrange: [...RANGES, '[1.5,2.5]', '(0.1,)'],
  daterange: ['empty', '[2024-01-01,2024-02-01)', '(,2024-01-15]', '[2024-01-10,)', '[2024-01-01,2024-01-01]'],
  tsrange: ['empty', '[2024-01-01,2024-02-01)', '["2024-01-01 10:00",)', '(,"2024-01-01 12:00"]'],
  int4multirange: ['{}', '{[1,3)}', '{[1,3),[5,8)}', '{(,0),[10,)}'],
  nummultirange: ['{}', '{[1.5,3)}', '{[1,2),(2,4]}', '{(,)}'],
  tsvector: ['', "'a':1 'b':2", "'cat':3A 'dog':1,5B", "'fat' 'rat'"],
  tsquery: ['', "'a'", "'a' & 'b'", "'cat' | !'dog'", "'fat' <-> 'rat'", "'a':*A"],
  oid: ['0', '16', '23', '4294967295'],
  pg_lsn: ['0/0', '0/16B3748', 'FFFFFFFF/FFFFFFFF'],
  xid8: ['0', '3', '18446744073709551615'],
  _bool: ['{}', '{t,f,NULL}'],
  _int4: ['{}', '{1,2,3}', '{NULL,1}', '{{1,2},{3,4}}', '[0:1]={5,6}', '{3,1,2,1}'],
  _int8: ['{}', '{1,-9223372036854775808}', '{NULL}'],
  _float8: ['{}', '{1.5,NaN,-Infinity}', '{0.1,0.9}'],
  _numeric: ['{}', '{1.50,NaN}', '{-1}'],
  _text: ['{}', '{a,b}', '{NULL,"x y",""}', '{a,"b,c"}', '{{a,b},{c,d}}', '{b,0}'],
  _date: ['{}', '{2024-01-01,NULL}'],
  _jsonb: ['{}', '{"{\\"a\\": 1}",NULL}'],
};

export const isMadeUp = (type: string): boolean => type in TEXTS_OF;

/** Types that a polymorphic argument may be. */
const ELEMENTS = ['int4', 'text', 'numeric', 'bool', 'date', 'float8', 'int8', 'jsonb'] as const;
const RANGE_OF: Readonly<Record<string, readonly string[]>> = {
  int4: ['int4range', 'int4multirange'],
  numeric: ['numrange', 'nummultirange'],
};

/** The types that all polymorphic arguments of one call stand for. */
export function polymorphic(types: readonly string[], random: Random): readonly string[] {
  const ofRange = types.some((type) => type.includes('range'));
  const element = ofRange ? random.pick(['int4', 'numeric']) : random.pick(ELEMENTS);
  const [range = '', multirange = ''] = RANGE_OF[element] ?? [];
  return types.map((type) => {
    switch (type) {
      case 'anyelement':
      case 'anynonarray':
      case 'anycompatible':
      case 'anycompatiblenonarray':
        return element;
      case 'anyarray':
      case 'anycompatiblearray':
        return `_${element}`;
      case 'anyrange':
      case 'anycompatiblerange':
        return range;
      case 'anymultirange':
      case 'anycompatiblemultirange':
        return multirange;
      case 'any':
        return random.pick(ELEMENTS);
      default:
        return type;
    }
  });
}

/** A constant of the type as SQL: mostly one of its texts, now and then NULL, or a text with a character changed that may not be read. */
export function constant(type: string, random: Random): string {
  if (random.chance(0.04)) return `NULL::${type}`;
  let text = random.pick(TEXTS_OF[type] ?? ['']);
  if (random.chance(0.03) && !LENIENT.has(type)) text = mutated(text.replaceAll("''", "'"), random).replaceAll("'", "''");
  return `'${text}'::${type}`;
}

/** PostgreSQL's own readers of these take some junk behind a value. */
const LENIENT: ReadonlySet<string> = new Set(['xid8', 'inet', 'cidr', 'timestamp', 'timestamptz', 'date', 'interval', 'money']);

const ODD = ['', ' ', '-', '.', '0', '9', 'e', '(', ')', ',', '"', "'", ':', '{', '}', 'x', '\\', 'é'];

function mutated(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(ODD) + text.slice(at + random.below(2));
}
