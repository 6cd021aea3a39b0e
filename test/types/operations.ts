import * as arrays from '../../src/types/array/operations.js';
import * as arrayStrings from '../../src/types/array/strings.js';
import * as subscripts from '../../src/types/array/subscripts.js';
import { castValue } from '../../src/types/casts.js';
import type { TypeCodec } from '../../src/types/codec.js';
import * as dates from '../../src/types/datetime/arithmetic.js';
import * as extract from '../../src/types/datetime/extract.js';
import * as spans from '../../src/types/datetime/interval-arithmetic.js';
import * as make from '../../src/types/datetime/make.js';
import { timeZoneOf } from '../../src/types/datetime/time-zone.js';
import * as truncate from '../../src/types/datetime/truncate.js';
import * as zones from '../../src/types/datetime/zone-conversion.js';
import * as floats from '../../src/types/float.js';
import type { FormatContext } from '../../src/types/format-context.js';
import * as integers from '../../src/types/integer.js';
import * as access from '../../src/types/json/access.js';
import { jsonbContains } from '../../src/types/json/containment.js';
import { prettyJsonb } from '../../src/types/json/format.js';
import * as jsonText from '../../src/types/json/json-text.js';
import * as modify from '../../src/types/json/modify.js';
import { typeOfNode } from '../../src/types/json/node.js';
import { toJsonb, toJsonText } from '../../src/types/json/to-json.js';
import * as numerics from '../../src/types/numeric/arithmetic.js';
import * as rounding from '../../src/types/numeric/rounding.js';
import * as transcendental from '../../src/types/numeric/transcendental.js';
import { codecFor } from '../../src/types/type-codec.js';
import type { SqlArray, SqlValue } from '../../src/types/value.js';
import { typeOfSql } from './sql-type.js';

/** Calls one of our functions on values that fit it: the cases' types make sure of that. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments' types are only known to the case
type Loose = (...values: any[]) => SqlValue;

interface Operation {
  /** The result's type. */
  readonly type: string;
  readonly run: (values: readonly SqlValue[], cx: FormatContext, types: readonly string[]) => SqlValue;
}

const plain = (type: string, f: Loose): Operation => ({ type, run: (values) => f(...values) });
const withContext = (type: string, f: Loose): Operation => ({ type, run: (values, cx) => f(...values, cx) });

function arithmeticOf(type: string, operators: Readonly<Record<string, Loose>>): [string, Operation][] {
  return Object.entries(operators).map(([op, f]) => [`${type} ${op}`, plain(type, f)]);
}

function mustHave(type: string): TypeCodec {
  const codec = codecFor(typeOfSql(type).oid);
  if (codec === undefined) throw new Error(`no codec for ${type}`);
  return codec;
}

function orderOf(type: string): NonNullable<TypeCodec['compare']> {
  const { compare } = mustHave(type);
  if (compare === undefined) throw new Error(`${type} has no order`);
  return compare;
}

const int4 = mustHave('int4');
const compareInt4 = orderOf('int4');
const textsOf = (value: SqlArray): (string | null)[] => value.elements as (string | null)[];

const less = (type: string, name = type): [string, Operation] => [
  `${name} <`,
  { type: 'bool', run: ([a, b]) => orderOf(type)(a ?? null, b ?? null) < 0 },
];

export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ...arithmeticOf('numeric', {
    '+': numerics.numericAdd,
    '-': numerics.numericSubtract,
    '*': numerics.numericMultiply,
    '/': numerics.numericDivide,
    '%': numerics.numericModulo,
  }),
  ...arithmeticOf('int8', {
    '+': integers.int8Add,
    '-': integers.int8Subtract,
    '*': integers.int8Multiply,
    '/': integers.int8Divide,
    '%': integers.int8Modulo,
  }),
  ...arithmeticOf('int4', {
    '+': integers.int4Add,
    '-': integers.int4Subtract,
    '*': integers.int4Multiply,
    '/': integers.int4Divide,
    '%': integers.int4Modulo,
  }),
  ...arithmeticOf('int2', {
    '+': integers.int2Add,
    '-': integers.int2Subtract,
    '*': integers.int2Multiply,
    '/': integers.int2Divide,
    '%': integers.int4Modulo,
  }),
  ...arithmeticOf('float8', {
    '+': floats.float8Add,
    '-': floats.float8Subtract,
    '*': floats.float8Multiply,
    '/': floats.float8Divide,
  }),
  ...arithmeticOf('float4', {
    '+': floats.float4Add,
    '-': floats.float4Subtract,
    '*': floats.float4Multiply,
    '/': floats.float4Divide,
  }),
  ['sqrt', plain('numeric', transcendental.numericSqrt)],
  ['exp', plain('numeric', transcendental.numericExp)],
  ['ln', plain('numeric', transcendental.numericLn)],
  ['ceil', plain('numeric', rounding.numericCeil)],
  ['floor', plain('numeric', rounding.numericFloor)],
  ['abs', plain('numeric', numerics.numericAbs)],
  ['sign', plain('numeric', numerics.numericSign)],
  ['trim_scale', plain('numeric', rounding.numericTrimScale)],
  ['round', plain('numeric', rounding.numericRound)],
  ['trunc', plain('numeric', rounding.numericTruncate)],
  ['power', plain('numeric', transcendental.numericPower)],
  ['log', plain('numeric', transcendental.numericLog)],

  ['timestamp + interval', plain('timestamp', dates.timestampAdd)],
  ['timestamptz + interval', withContext('timestamptz', dates.timestampTzAdd)],
  ['timestamp - interval', plain('timestamp', dates.timestampSubtractInterval)],
  ['timestamp - timestamp', plain('interval', dates.timestampSubtract)],
  ['age', plain('interval', dates.age)],
  ['ageTz', withContext('interval', dates.ageTz)],
  ['date_trunc timestamp', plain('timestamp', truncate.timestampTruncate)],
  [
    'date_trunc timestamptz',
    withContext('timestamptz', (unit, value, cx) => truncate.timestampTzTruncate(unit, value, timeZoneOf(cx.timeZone))),
  ],
  ['date_trunc interval', plain('interval', truncate.intervalTruncate)],
  ['date_bin', plain('timestamp', truncate.timestampBin)],
  ['extract timestamp', plain('numeric', extract.extractFromTimestamp)],
  ['extract timestamptz', withContext('numeric', extract.extractFromTimestampTz)],
  ['extract date', plain('numeric', extract.extractFromDate)],
  ['extract time', plain('numeric', extract.extractFromTime)],
  ['extract timetz', plain('numeric', extract.extractFromTimeTz)],
  ['extract interval', plain('numeric', extract.extractFromInterval)],
  ['date_part', plain('float8', (unit, value) => extract.asDatePart(extract.extractFromTimestamp(unit, value)))],
  ['interval *', plain('interval', spans.intervalMultiply)],
  ['interval /', plain('interval', spans.intervalDivide)],
  ['interval +', plain('interval', spans.intervalAdd)],
  ['interval -', plain('interval', spans.intervalSubtract)],
  ['justify_hours', plain('interval', spans.justifyHours)],
  ['justify_days', plain('interval', spans.justifyDays)],
  ['justify_interval', plain('interval', spans.justifyInterval)],
  ['timestamp at time zone', plain('timestamptz', (zone, value) => zones.timestampInZone(value, zones.zoneOfText(zone)))],
  ['timestamptz at time zone', plain('timestamp', (zone, value) => zones.timestampTzInZone(value, zones.zoneOfText(zone)))],
  ['timetz at time zone', withContext('timetz', (zone, value, cx) => zones.timeTzInZone(value, zones.zoneOfText(zone), cx))],
  ['at interval', withContext('timestamp', (zone, value, cx) => zones.timestampTzInZone(value, zones.zoneOfInterval(zone, cx)))],
  ['time + interval', plain('time', dates.timeAdd)],
  ['time - time', plain('interval', dates.timeSubtract)],
  ['date + int', plain('date', dates.dateAddDays)],
  ['date - date', plain('int4', dates.dateSubtract)],
  ['make_date', plain('date', make.makeDate)],
  ['make_time', plain('time', make.makeTime)],
  ['make_timestamp', plain('timestamp', make.makeTimestamp)],
  ['make_interval', plain('interval', spans.makeInterval)],
  ['to_timestamp', plain('timestamptz', make.timestampTzOfEpoch)],
  ['overlaps', plain('bool', (a, b, c, d) => dates.overlaps(a, b, c, d, orderOf('timestamp')))],

  ['jsonb -> text', plain('jsonb', access.jsonbField)],
  ['jsonb -> int', plain('jsonb', access.jsonbElement)],
  ['jsonb ->> text', plain('text', access.jsonbFieldText)],
  ['jsonb ->> int', plain('text', access.jsonbElementText)],
  ['jsonb #>', plain('jsonb', (value, path) => access.jsonbPath(value, textsOf(path)))],
  ['jsonb #>>', plain('text', (value, path) => access.jsonbPathText(value, textsOf(path)))],
  ['jsonb ?', plain('bool', access.jsonbExists)],
  ['jsonb ?|', plain('bool', (value, keys) => access.jsonbExistsAny(value, textsOf(keys)))],
  ['jsonb ?&', plain('bool', (value, keys) => access.jsonbExistsAll(value, textsOf(keys)))],
  ['jsonb @>', plain('bool', jsonbContains)],
  ['jsonb ||', plain('jsonb', modify.jsonbConcat)],
  ['jsonb - text', plain('jsonb', (value, key) => modify.jsonbDeleteKeys(value, [key]))],
  ['jsonb - text[]', plain('jsonb', (value, keys) => modify.jsonbDeleteKeys(value, textsOf(keys)))],
  ['jsonb - int', plain('jsonb', modify.jsonbDeleteElement)],
  ['jsonb #-', plain('jsonb', (value, path) => modify.jsonbDeletePath(value, textsOf(path)))],
  ['jsonb_set', plain('jsonb', (target, path, value, creates) => modify.jsonbSet(target, textsOf(path), value, creates))],
  ['jsonb_insert', plain('jsonb', (target, path, value, after) => modify.jsonbInsert(target, textsOf(path), value, after))],
  ['jsonb_strip_nulls', plain('jsonb', modify.jsonbStripNulls)],
  ['jsonb_pretty', plain('text', (value) => prettyJsonb(value.node))],
  ['jsonb_typeof', plain('text', (value) => typeOfNode(value.node))],
  ['jsonb_array_length', plain('int4', access.jsonbArrayLength)],
  less('jsonb'),
  ['json -> text', plain('json', jsonText.jsonField)],
  ['json -> int', plain('json', jsonText.jsonElement)],
  ['json #>>', plain('text', (value, path) => jsonText.jsonAsText(jsonText.jsonPath(value, textsOf(path))))],
  ['json_typeof', plain('text', jsonText.jsonTypeOf)],
  ['json_array_length', plain('int4', jsonText.jsonArrayLength)],
  ['to_jsonb', { type: 'jsonb', run: ([value], cx, [type]) => toJsonb(value ?? null, typeOfSql(type ?? '').oid, cx) }],
  ['to_json', { type: 'text', run: ([value], cx, [type]) => toJsonText(value ?? null, typeOfSql(type ?? '').oid, cx) }],

  ['array ||', plain('int4[]', arrays.arrayConcat)],
  ['array_append', plain('int4[]', arrays.arrayAppend)],
  ['array_prepend', plain('int4[]', (array, element) => arrays.arrayPrepend(element, array))],
  ['array_dims', plain('text', arrays.arrayDims)],
  ['array_ndims', plain('int4', arrays.arrayDimensions)],
  ['cardinality', plain('int4', arrays.arrayCardinality)],
  ['array_length', plain('int4', arrays.arrayLength)],
  ['array_lower', plain('int4', arrays.arrayLower)],
  ['array_upper', plain('int4', arrays.arrayUpper)],
  ['array @>', plain('bool', (a, b) => arrays.arrayContains(a, b, compareInt4))],
  ['array &&', plain('bool', (a, b) => arrays.arrayOverlaps(a, b, compareInt4))],
  less('int4[]', 'array'),
  ['array =', { type: 'bool', run: ([a, b]) => orderOf('int4[]')(a ?? null, b ?? null) === 0 }],
  ['array_position', plain('int4', (array, value) => arrays.arrayPosition(array, value, undefined, compareInt4))],
  ['array_positions', plain('int4[]', (array, value) => arrays.arrayPositions(array, value, compareInt4))],
  ['array_remove', plain('int4[]', (array, value) => arrays.arrayRemove(array, value, compareInt4))],
  ['array_replace', plain('int4[]', (array, from, to) => arrays.arrayReplace(array, from, to, compareInt4))],
  ['trim_array', plain('int4[]', arrays.arrayTrim)],
  ['array_fill', plain('int4[]', arrays.arrayFill)],
  ['array[i]', plain('int4', (array, i) => subscripts.arrayElement(array, [i]))],
  ['array[i][j]', plain('int4', (array, i, j) => subscripts.arrayElement(array, [i, j]))],
  ['array[a:b]', plain('int4[]', (array, a, b) => subscripts.arraySlice(array, [a], [b]))],
  ['array[a:b][c:d]', plain('int4[]', (array, a, b, c, d) => subscripts.arraySlice(array, [a, c], [b, d]))],
  [
    'array_to_string',
    withContext('text', (array, delimiter, nullText, cx) => arrayStrings.arrayToString(array, delimiter, nullText, int4, cx)),
  ],
  ['string_to_array', plain('text[]', arrayStrings.stringToArray)],

  ...['text', 'bpchar', 'float8', 'numeric', 'interval', 'timetz', 'bytea', 'uuid'].map((type) => less(type)),
  ['bpchar =', { type: 'bool', run: ([a, b]) => orderOf('bpchar')(a ?? null, b ?? null) === 0 }],
]);

/** A cast: a function of pg_cast, or through text. */
export function castOperation(from: string, to: string): Operation {
  const cast = castValue(typeOfSql(from).oid, typeOfSql(to).oid);
  return {
    type: to,
    run: ([value = null], cx) => {
      if (value === null) return null;
      return cast === undefined ? mustHave(to).input(mustHave(from).output(value, cx), cx, -1) : cast(value, cx);
    },
  };
}
