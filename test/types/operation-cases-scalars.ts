import { berlin, calls, type OperationCase, pairs, product } from './operation-case.js';

const numericTexts = ['0', '1', '-2.50', '3', '0.0001', '123456789.123', '1e20', 'NaN', 'Infinity', '-Infinity', '7.0'];
const int8Texts = ['0', '1', '-1', '7', '-3', '9007199254740991', '9007199254740993', '9223372036854775807', '-9223372036854775808'];
const int4Texts = ['0', '1', '-1', '7', '2147483647', '-2147483648', '65536'];
const int2Texts = ['0', '-7', '32767', '-32768', '2', '181'];
const floatTexts = ['0', '1.5', '-2.25', '1e300', '1e-300', 'NaN', 'Infinity', '-Infinity'];
const arithmetic = ['+', '-', '*', '/', '%'] as const;

export const numberCases: OperationCase[] = [
  ...arithmetic.flatMap((op) => calls(`numeric ${op}`, `$1 ${op} $2`, ['numeric', 'numeric'], pairs(numericTexts))),
  ...arithmetic.flatMap((op) => calls(`int8 ${op}`, `$1 ${op} $2`, ['int8', 'int8'], pairs(int8Texts))),
  ...arithmetic.flatMap((op) => calls(`int4 ${op}`, `$1 ${op} $2`, ['int4', 'int4'], pairs(int4Texts))),
  ...arithmetic.flatMap((op) => calls(`int2 ${op}`, `$1 ${op} $2`, ['int2', 'int2'], pairs(int2Texts))),
  ...(['+', '-', '*', '/'] as const).flatMap((op) => calls(`float8 ${op}`, `$1 ${op} $2`, ['float8', 'float8'], pairs(floatTexts))),
  ...(['+', '-', '*', '/'] as const).flatMap((op) =>
    calls(`float4 ${op}`, `$1 ${op} $2`, ['float4', 'float4'], pairs(['0', '1.1', '-3e38', '1e-38', 'NaN', 'Infinity'])),
  ),
  ...['sqrt', 'exp', 'ln', 'ceil', 'floor', 'abs', 'sign', 'trim_scale'].flatMap((f) =>
    calls(
      f,
      `${f}($1)`,
      ['numeric'],
      ['2', '0.5', '100', '1e-10', '12.3400', '0', '-1.5', 'NaN', 'Infinity'].map((text) => [text]),
    ),
  ),
  ...['round', 'trunc'].flatMap((f) =>
    calls(f, `${f}($1, $2)`, ['numeric', 'int4'], product(['123.456', '-123.555', '0.5', '2.5', '1e10'], ['-2', '0', '2', '5'])),
  ),
  ...calls('power', 'power($1, $2)', ['numeric', 'numeric'], pairs(['0', '2', '0.5', '-3', '10', '1.25'])),
  ...calls('log', 'log($1, $2)', ['numeric', 'numeric'], pairs(['2', '10', '0.5', '1000', '0', '-1'])),
];

const castTargets: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'numeric',
    ['int2', 'int4', 'int8', 'float4', 'float8', 'text'],
    ['1.5', '2.5', '-0.5', '32767.5', '2147483647.5', '9223372036854775807', '9223372036854775808', 'NaN', 'Infinity', '1e-400', '1e39'],
  ],
  [
    'float8',
    ['int2', 'int4', 'int8', 'float4', 'numeric', 'text'],
    [
      '0.5',
      '1.5',
      '2.5',
      '-2.5',
      '0.1',
      '32767.4',
      '32767.5',
      '2147483647.5',
      '1e18',
      '1e19',
      '9223372036854775807',
      'NaN',
      'Infinity',
      '1e300',
      '123456789.123456789',
      '1e-300',
    ],
  ],
  ['float4', ['int2', 'int4', 'int8', 'float8', 'numeric'], ['0.1', '1.5', '2.5', '16777217', '1e10', 'NaN', '1e38']],
  [
    'int8',
    ['int2', 'int4', 'float4', 'float8', 'numeric', 'oid', 'text'],
    ['0', '-1', '32768', '2147483648', '4294967295', '4294967296', '9007199254740993', '-9223372036854775808'],
  ],
  [
    'int4',
    ['int2', 'int8', 'float4', 'float8', 'numeric', 'oid', 'bool', '"char"', 'text'],
    ['0', '-1', '1', '65', '127', '128', '32768', '2147483647', '16777217'],
  ],
  ['int2', ['int4', 'int8', 'float4', 'oid', 'numeric'], ['0', '-1', '32767']],
  ['oid', ['int4', 'int8'], ['0', '4294967295', '23']],
  ['bool', ['int4', 'text', 'varchar', 'bpchar'], ['t', 'f']],
  ['bpchar', ['text', 'varchar', 'name', '"char"'], ['ab  ', '']],
  ['text', ['name', 'bpchar', 'varchar', '"char"'], ['ab ', 'x'.repeat(70)]],
  ['date', ['timestamp', 'timestamptz'], ['2020-02-29', 'infinity', '-infinity', '0044-03-15 BC', '5874897-12-31', '294277-01-01']],
  [
    'timestamp',
    ['date', 'time', 'timestamptz'],
    ['2020-03-29 02:30', '2020-10-25 02:30:00.5', 'infinity', '0044-03-15 12:00 BC', '1969-12-31 23:59:59.5'],
  ],
  [
    'timestamptz',
    ['date', 'time', 'timetz', 'timestamp'],
    ['2020-03-29 01:30+00', '2020-10-25 00:30+00', '2020-01-01 23:30+00', '-infinity', '1969-12-31 23:59:59.5+00'],
  ],
  ['interval', ['time'], ['25:00', '-1:00', '1 day 2:03', '0']],
  ['time', ['interval'], ['10:11:12.5', '24:00']],
  ['timetz', ['time'], ['10:11:12.5+02']],
  ['jsonb', ['bool', 'int2', 'int4', 'int8', 'float4', 'float8', 'numeric'], ['true', '1.5', '"x"', 'null', '[1]', '{}', '1e10', '1e40']],
];

export const castCases: OperationCase[] = castTargets.flatMap(([from, targets, texts]) =>
  targets.flatMap((to) =>
    calls(
      `cast ${to}`,
      `$1::${to}`,
      [from],
      texts.map((text) => [text]),
      from.startsWith('timestamp') || from === 'date' ? berlin : undefined,
    ),
  ),
);

const texts = ['', 'a', 'B', 'ab', 'a ', '\uffff', '😀', 'é', 'ab  '];
export const orderCases: OperationCase[] = [
  ...calls('text <', '$1 < $2', ['text', 'text'], pairs(texts)),
  ...calls('bpchar =', '$1 = $2', ['bpchar', 'bpchar'], pairs(texts)),
  ...calls('bpchar <', '$1 < $2', ['bpchar', 'bpchar'], pairs(texts)),
  ...calls('float8 <', '$1 < $2', ['float8', 'float8'], pairs(floatTexts)),
  ...calls('numeric <', '$1 < $2', ['numeric', 'numeric'], pairs(numericTexts)),
  ...calls(
    'interval <',
    '$1 < $2',
    ['interval', 'interval'],
    pairs(['1 mon', '30 days', '29 days 24:00', '-1 s', '1 year', '100000 years']),
  ),
  ...calls('timetz <', '$1 < $2', ['timetz', 'timetz'], pairs(['10:00+00', '11:00+01', '10:00+01', '09:00-01'])),
  ...calls('bytea <', '$1 < $2', ['bytea', 'bytea'], pairs(['', '\\x00', '\\x01', '\\x0100', '\\xff'])),
  ...calls(
    'uuid <',
    '$1 < $2',
    ['uuid', 'uuid'],
    pairs(['00000000-0000-0000-0000-000000000001', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '9FFFFFFF-9c0b-4ef8-bb6d-6bb9bd380a11']),
  ),
];
