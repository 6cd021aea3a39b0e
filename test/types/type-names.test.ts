import { describe, expect, test } from 'vitest';
import { findTimeZone, nameOfOffset } from '../../src/types/datetime/time-zone.js';
import type { ObjectNames } from '../../src/types/format-context.js';
import { ArrayOid, arrayOidOf, elementOidOf, TypeOid } from '../../src/types/oids.js';
import { applyTypmod, castValue, codecFor, formatType, typmodIn, typmodOut } from '../../src/types/type-codec.js';
import { IntervalMask } from '../../src/types/typmod.js';
import { SqlArray, SqlRecord } from '../../src/types/value.js';
import { plainContext } from './settings.js';

// As PostgreSQL 15's format_type() answers.
test.each([
  [TypeOid.int4, -1, 'integer'],
  [TypeOid.bool, -1, 'boolean'],
  [TypeOid.varchar, 9, 'character varying(5)'],
  [TypeOid.varchar, -1, 'character varying'],
  [TypeOid.bpchar, 5, 'character(1)'],
  [TypeOid.bpchar, -1, 'bpchar'],
  [TypeOid.bpchar, null, 'character'],
  [TypeOid.char, -1, '"char"'],
  [TypeOid.numeric, 655366, 'numeric(10,2)'],
  [TypeOid.numeric, 198658, 'numeric(3,-2)'],
  [TypeOid.timestamp, -1, 'timestamp without time zone'],
  [TypeOid.timestamptz, 3, 'timestamp(3) with time zone'],
  [TypeOid.time, 0, 'time(0) without time zone'],
  [TypeOid.interval, 470286339, 'interval day to second(3)'],
  [TypeOid.interval, 327679, 'interval year'],
  [TypeOid.interval, 2147418114, 'interval(2)'],
  [ArrayOid.varchar, 9, 'character varying(5)[]'],
  [ArrayOid.float8, -1, 'double precision[]'],
  [TypeOid.int2vector, -1, 'int2vector'],
  [TypeOid.any, -1, '"any"'],
  [ArrayOid.record, -1, 'record[]'],
  [99999, -1, '???'],
  [0, -1, '-'],
])('format_type(%s, %s) is %s', (oid, typmod, name) => {
  expect(formatType(oid, typmod)).toBe(name);
});

describe('type modifiers', () => {
  test('go in and come out', () => {
    expect(typmodIn(TypeOid.varchar, [5])).toBe(9);
    expect(typmodIn(TypeOid.numeric, [10, 2])).toBe(655366);
    expect(typmodIn(TypeOid.numeric, [3, -2])).toBe(198658);
    expect(typmodIn(TypeOid.interval, [IntervalMask.day | IntervalMask.hour | IntervalMask.minute | IntervalMask.second, 3])).toBe(
      470286339,
    );
    expect(typmodOut(TypeOid.numeric, 655366)).toBe('(10,2)');
  });

  test.each([
    [TypeOid.varchar, [0], 'length for type varchar must be at least 1'],
    [TypeOid.bpchar, [10485761], 'length for type char cannot exceed 10485760'],
    [TypeOid.numeric, [1001], 'NUMERIC precision 1001 must be between 1 and 1000'],
    [TypeOid.numeric, [10, 1001], 'NUMERIC scale 1001 must be between -1000 and 1000'],
    [TypeOid.timestamptz, [-1], 'TIMESTAMP(-1) WITH TIME ZONE precision must not be negative'],
  ])('%s%s: %s', (oid, modifiers, message) => {
    expect(() => typmodIn(oid, modifiers)).toThrow(message);
  });

  test('a precision above 6 is reduced with a warning', () => {
    const warnings: string[] = [];
    expect(typmodIn(TypeOid.time, [7], (notice) => warnings.push(notice.message))).toBe(6);
    expect(warnings).toEqual(['TIME(7) precision reduced to maximum allowed, 6']);
  });

  test('an explicit cast cuts a text, and null goes through', () => {
    expect(applyTypmod(TypeOid.varchar, 7, true)?.('abcdef')).toBe('abc');
    expect(applyTypmod(TypeOid.bpchar, 7, true)?.('😀😀😀😀')).toBe('😀😀😀');
    expect(applyTypmod(TypeOid.varchar, 7, false)?.(null)).toBe(null);
    expect(applyTypmod(TypeOid.varchar, -1, false)).toBe(undefined);
    expect(applyTypmod(ArrayOid.varchar, 7, true)?.(new SqlArray(['abcd', null]))).toEqual(new SqlArray(['abc', null]));
  });
});

test('array types know their elements', () => {
  expect(arrayOidOf(TypeOid.int4)).toBe(ArrayOid.int4);
  expect(elementOidOf(ArrayOid.jsonb)).toBe(TypeOid.jsonb);
  expect(elementOidOf(TypeOid.oidvector)).toBe(TypeOid.oid);
  expect(elementOidOf(TypeOid.int4)).toBe(undefined);
});

test('arrays are cast by their elements', () => {
  const cast = castValue(ArrayOid.int4, ArrayOid.bool);
  expect(cast?.(new SqlArray([1, 0, null]), plainContext)).toEqual(new SqlArray([true, false, null]));
  expect(castValue(ArrayOid.text, ArrayOid.varchar)?.(new SqlArray(['a']), plainContext)).toEqual(new SqlArray(['a']));
  expect(castValue(TypeOid.text, TypeOid.int4)).toBe(undefined);
});

test('reg types are named by the catalog, numbered without one', () => {
  const names: ObjectNames = {
    nameOf: (kind, oid) => (kind === 'regclass' && oid === 17000 ? 'app."Todo"' : undefined),
    oidOf: () => 17000,
  };
  const codec = codecFor(TypeOid.regclass);
  expect(codec?.output(17000, { ...plainContext, names })).toBe('app."Todo"');
  expect(codec?.output(17001, { ...plainContext, names })).toBe('17001');
  expect(codec?.input('app."Todo"', { ...plainContext, names }, -1)).toBe(17000);
  expect(codec?.input('12', plainContext, -1)).toBe(12);
  expect(() => codec?.input('todo', plainContext, -1)).toThrow('class "todo" does not exist');
});

test('records quote what needs it', () => {
  const record = new SqlRecord(
    [1, null, '', 'a b', 'x,"y"', '\\'],
    [TypeOid.int4, TypeOid.text, TypeOid.text, TypeOid.text, TypeOid.text, TypeOid.text],
  );
  expect(codecFor(TypeOid.record)?.output(record, plainContext)).toBe('(1,,"","a b","x,""y""","\\\\")');
});

describe('time zones', () => {
  test('are found in any case, with the name as the database has it', () => {
    expect(findTimeZone('europe/berlin')?.name).toBe('Europe/Berlin');
    expect(findTimeZone('utc')?.name).toBe('UTC');
    expect(findTimeZone('Nowhere/Land')).toBe(undefined);
    expect(nameOfOffset(7200)).toBe('<+02>-02');
    expect(nameOfOffset(-12600)).toBe('<-03:30>+03:30');
    expect(findTimeZone('<-03:30>+03:30')?.offsetAt(0)).toBe(-12600);
  });

  test('a zone by POSIX rules agrees with the one of the same rules in the database', () => {
    const posix = findTimeZone('CET-1CEST,M3.5.0,M10.5.0/3');
    const berlin = findTimeZone('Europe/Berlin');
    for (let day = 0; day < 366 * 30; day++) {
      const second = day * 86_400 + (day % 24) * 3600;
      expect(posix?.offsetAt(second)).toBe(berlin?.offsetAt(second));
      expect(posix?.offsetOfLocal(second)).toBe(berlin?.offsetOfLocal(second));
    }
  });
});
