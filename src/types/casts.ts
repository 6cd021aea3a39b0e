import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { dateToTimestamp } from './datetime/arithmetic.js';
import type { Timestamp } from './datetime/timestamp.js';
import {
  dateToTimestampTz,
  intervalToTime,
  timestampToDate,
  timestampToTime,
  timestampToTimestampTz,
  timestampTzToDate,
  timestampTzToTime,
  timestampTzToTimestamp,
  timestampTzToTimeTz,
  timeToInterval,
  timeToTimeTz,
} from './datetime/zone-conversion.js';
import { float8ToFloat4, floatToInt2, floatToInt4, floatToInt8 } from './float.js';
import type { FormatContext } from './format-context.js';
import { type Int8, int4ToInt2, int4ToOid, int8ToInt2, int8ToInt4, int8ToOid, oidToInt4 } from './integer.js';
import { boolOfJsonb, numericOfJsonb } from './json/convert.js';
import {
  numericOfFloat4,
  numericOfFloat8,
  numericToFloat4,
  numericToFloat8,
  numericToInt2,
  numericToInt4,
  numericToInt8,
} from './numeric/conversions.js';
import { numericOfInteger } from './numeric/numeric.js';
import { elementOidOf, TypeOid } from './oids.js';
import { REG_KINDS, regOidOf } from './reg-codecs.js';
import { trimTrailingBlanks, truncateName } from './text.js';
import { firstCharacter, textOfByteCharacter } from './text-codecs.js';
import { type Interval, type Jsonb, type Numeric, SqlArray, type SqlValue, type TimeTz } from './value.js';

/** Turns a value of one type into one of another; never given null, but may give it (an infinite timestamp has no time of day). */
export type CastFunction = (value: SqlValue, cx: FormatContext) => SqlValue;

const T = TypeOid;
const same: CastFunction = (value) => value;

function charOfInt4(value: number): string {
  if (value < -128 || value > 127) throw new SqlError(SqlState.numericValueOutOfRange, '"char" out of range');
  return value === 0 ? '' : String.fromCharCode(value < 0 ? value + 256 : value);
}

function int4OfChar(text: string): number {
  const code = text === '' ? 0 : text.charCodeAt(0);
  return code > 127 ? code - 256 : code;
}

type Entry = readonly [from: number, to: number, cast: CastFunction];

const TEXTS = [T.text, T.varchar, T.bpchar] as const;
const OID_LIKE = [T.oid, ...REG_KINDS.map((kind) => T[kind])] as const;

const numberCasts: readonly Entry[] = [
  [T.bool, T.int4, (v) => (v === true ? 1 : 0)],
  [T.int4, T.bool, (v) => v !== 0],
  [T.int2, T.int4, same],
  [T.int2, T.int8, same],
  [T.int2, T.float4, same],
  [T.int2, T.float8, same],
  [T.int2, T.numeric, (v) => numericOfInteger(v as number)],
  [T.int4, T.int2, (v) => int4ToInt2(v as number)],
  [T.int4, T.int8, same],
  [T.int4, T.float4, (v) => Math.fround(v as number)],
  [T.int4, T.float8, same],
  [T.int4, T.numeric, (v) => numericOfInteger(v as number)],
  [T.int4, T.char, (v) => charOfInt4(v as number)],
  [T.char, T.int4, (v) => int4OfChar(v as string)],
  [T.int8, T.int2, (v) => int8ToInt2(v as Int8)],
  [T.int8, T.int4, (v) => int8ToInt4(v as Int8)],
  [T.int8, T.float4, (v) => Math.fround(Number(v as Int8))],
  [T.int8, T.float8, (v) => Number(v as Int8)],
  [T.int8, T.numeric, (v) => numericOfInteger(v as Int8)],
  [T.float4, T.int2, (v) => floatToInt2(v as number)],
  [T.float4, T.int4, (v) => floatToInt4(v as number)],
  [T.float4, T.int8, (v) => floatToInt8(v as number)],
  [T.float4, T.float8, same],
  [T.float4, T.numeric, (v) => numericOfFloat4(v as number)],
  [T.float8, T.int2, (v) => floatToInt2(v as number)],
  [T.float8, T.int4, (v) => floatToInt4(v as number)],
  [T.float8, T.int8, (v) => floatToInt8(v as number)],
  [T.float8, T.float4, (v) => float8ToFloat4(v as number)],
  [T.float8, T.numeric, (v) => numericOfFloat8(v as number)],
  [T.numeric, T.int2, (v) => numericToInt2(v as Numeric)],
  [T.numeric, T.int4, (v) => numericToInt4(v as Numeric)],
  [T.numeric, T.int8, (v) => numericToInt8(v as Numeric)],
  [T.numeric, T.float4, (v) => numericToFloat4(v as Numeric)],
  [T.numeric, T.float8, (v) => numericToFloat8(v as Numeric)],
];

const oidCasts: readonly Entry[] = OID_LIKE.flatMap((oid): Entry[] => [
  [T.int2, oid, (v) => int4ToOid(v as number)],
  [T.int4, oid, (v) => int4ToOid(v as number)],
  [T.int8, oid, (v) => int8ToOid(v as Int8)],
  [oid, T.int4, (v) => oidToInt4(v as number)],
  [oid, T.int8, same],
  ...(oid === T.oid
    ? []
    : ([
        [T.oid, oid, same],
        [oid, T.oid, same],
      ] as const)),
]);

const regCasts: readonly Entry[] = [
  [T.regproc, T.regprocedure, same],
  [T.regprocedure, T.regproc, same],
  [T.regoper, T.regoperator, same],
  [T.regoperator, T.regoper, same],
  [T.text, T.regclass, (v, cx) => regOidOf('regclass', v as string, cx)],
  [T.varchar, T.regclass, (v, cx) => regOidOf('regclass', v as string, cx)],
];

const trimmed: CastFunction = (v) => trimTrailingBlanks(v as string);
const wordOfBool: CastFunction = (v) => (v === true ? 'true' : 'false');

const textCasts: readonly Entry[] = [
  ...TEXTS.map((to): Entry => [T.bool, to, wordOfBool]),
  ...TEXTS.map((to): Entry => [T.char, to, (v) => textOfByteCharacter(v as string)]),
  ...TEXTS.map((to): Entry => [T.name, to, same]),
  ...TEXTS.map((from): Entry => [from, T.char, (v) => firstCharacter(v as string)]),
  [T.text, T.name, (v) => truncateName(v as string)],
  [T.varchar, T.name, (v) => truncateName(v as string)],
  [T.bpchar, T.name, (v) => truncateName(trimTrailingBlanks(v as string))],
  [T.text, T.varchar, same],
  [T.text, T.bpchar, same],
  [T.varchar, T.text, same],
  [T.varchar, T.bpchar, same],
  [T.bpchar, T.text, trimmed],
  [T.bpchar, T.varchar, trimmed],
];

const datetimeCasts: readonly Entry[] = [
  [T.date, T.timestamp, (v) => dateToTimestamp(v as number)],
  [T.date, T.timestamptz, (v, cx) => dateToTimestampTz(v as number, cx)],
  [T.time, T.interval, (v) => timeToInterval(v as number)],
  [T.time, T.timetz, (v, cx) => timeToTimeTz(v as number, cx)],
  [T.timetz, T.time, (v) => (v as TimeTz).micros],
  [T.timestamp, T.date, (v) => timestampToDate(v as Timestamp)],
  [T.timestamp, T.time, (v) => timestampToTime(v as Timestamp)],
  [T.timestamp, T.timestamptz, (v, cx) => timestampToTimestampTz(v as Timestamp, cx)],
  [T.timestamptz, T.date, (v, cx) => timestampTzToDate(v as Timestamp, cx)],
  [T.timestamptz, T.time, (v, cx) => timestampTzToTime(v as Timestamp, cx)],
  [T.timestamptz, T.timetz, (v, cx) => timestampTzToTimeTz(v as Timestamp, cx)],
  [T.timestamptz, T.timestamp, (v, cx) => timestampTzToTimestamp(v as Timestamp, cx)],
  [T.interval, T.time, (v) => intervalToTime(v as Interval)],
];

const jsonbCasts: readonly Entry[] = [
  [T.jsonb, T.bool, (v) => boolOfJsonb(v as Jsonb)],
  [T.jsonb, T.numeric, (v) => numericOfJsonb(v as Jsonb, 'numeric')],
  [T.jsonb, T.int2, (v) => numericToInt2(numericOfJsonb(v as Jsonb, 'smallint'))],
  [T.jsonb, T.int4, (v) => numericToInt4(numericOfJsonb(v as Jsonb, 'integer'))],
  [T.jsonb, T.int8, (v) => numericToInt8(numericOfJsonb(v as Jsonb, 'bigint'))],
  [T.jsonb, T.float4, (v) => numericToFloat4(numericOfJsonb(v as Jsonb, 'real'))],
  [T.jsonb, T.float8, (v) => numericToFloat8(numericOfJsonb(v as Jsonb, 'double precision'))],
];

const CASTS: ReadonlyMap<string, CastFunction> = new Map(
  [...numberCasts, ...oidCasts, ...regCasts, ...textCasts, ...datetimeCasts, ...jsonbCasts].map(([from, to, cast]) => [
    `${from}:${to}`,
    cast,
  ]),
);

/**
 * The cast between two built-in types that pg_cast has as a function or as binary-coercible (then it returns its argument); for arrays,
 * of their elements. Undefined for casts through text, which the caller makes of output and input, and where there is no cast.
 * Length coercion (numeric → numeric(10,2)) is `applyTypmod`.
 */
export function castValue(from: number, to: number): CastFunction | undefined {
  if (from === to) return same;
  const cast = CASTS.get(`${from}:${to}`);
  if (cast !== undefined) return cast;
  const fromElement = elementOidOf(from);
  const toElement = elementOidOf(to);
  if (fromElement === undefined || toElement === undefined) return undefined;
  const castElement = fromElement === toElement ? same : CASTS.get(`${fromElement}:${toElement}`);
  if (castElement === undefined) return undefined;
  if (castElement === same) return same;
  return (value, cx) => {
    const { elements, dimensions, lowerBounds } = value as SqlArray;
    return new SqlArray(
      elements.map((item) => (item === null ? null : castElement(item, cx))),
      dimensions,
      lowerBounds,
    );
  };
}
