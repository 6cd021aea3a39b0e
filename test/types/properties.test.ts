import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { int8Add, int8Divide, int8Modulo, int8Multiply, int8Subtract } from '../../src/types/integer.js';
import { objectOf } from '../../src/types/json/node.js';
import { numericAdd, numericDivideTruncated, numericModulo, numericMultiply, numericSubtract } from '../../src/types/numeric/arithmetic.js';
import { parseNumeric } from '../../src/types/numeric/numeric.js';
import { ArrayOid, TypeOid } from '../../src/types/oids.js';
import { codecFor, type TypeCodec } from '../../src/types/type-codec.js';
import { Interval, Jsonb, type JsonNode, SqlArray, SqlRecord, type SqlValue, TimeTz } from '../../src/types/value.js';
import { contextOf } from './settings.js';

function codec(oid: number): TypeCodec {
  const found = codecFor(oid);
  if (found === undefined) throw new Error(`no codec for ${oid}`);
  return found;
}

const canonical = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);

const int8 = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(canonical), fc.maxSafeInteger());
const int4 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
const numeric = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: -20, max: 20 }))
  .map(([digits, exponent]) => parseNumeric(`${digits}e${exponent}`));
const timestamp = fc.oneof(
  fc.bigInt({ min: -211_813_488_000_000_000n, max: 9_223_371_331_199_999_999n }).map(canonical),
  fc.integer({ min: -1e15, max: 1e15 }),
  fc.constantFrom(Infinity, -Infinity),
);
const interval = fc
  .tuple(int4, int4, fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }))
  .map(([months, days, micros]) => new Interval(months, days, canonical(micros)));
const json: fc.Arbitrary<JsonNode> = fc.letrec<{ node: JsonNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom<JsonNode>(null, true, false),
    text,
    numeric,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('node')), { maxLength: 4 }).map((entries): JsonNode => {
      return objectOf(
        entries.map(([key]) => key),
        entries.map(([, value]) => value),
      );
    }),
  ),
})).node;

const values: readonly (readonly [number, fc.Arbitrary<SqlValue>])[] = [
  [TypeOid.bool, fc.boolean()],
  [TypeOid.int2, fc.integer({ min: -32768, max: 32767 })],
  [TypeOid.int4, int4],
  [TypeOid.int8, int8],
  [TypeOid.oid, fc.integer({ min: 0, max: 2 ** 32 - 1 })],
  [TypeOid.float4, fc.float({ noNaN: false })],
  [TypeOid.float8, fc.double()],
  [TypeOid.numeric, numeric],
  [TypeOid.text, text],
  [TypeOid.bytea, fc.uint8Array()],
  [TypeOid.uuid, fc.uuid()],
  [TypeOid.date, fc.oneof(fc.integer({ min: -2_451_545, max: 2_145_031_948 }), fc.constantFrom(Infinity, -Infinity))],
  [TypeOid.time, fc.integer({ min: 0, max: 86_400_000_000 })],
  [
    TypeOid.timetz,
    fc.tuple(fc.integer({ min: 0, max: 86_400_000_000 }), fc.integer({ min: -57_599, max: 57_599 })).map(([m, z]) => new TimeTz(m, z)),
  ],
  [TypeOid.timestamp, timestamp],
  [TypeOid.timestamptz, timestamp],
  [TypeOid.interval, interval],
  [TypeOid.jsonb, json.map((node) => new Jsonb(node))],
  [ArrayOid.text, fc.array(fc.option(text)).map((items) => new SqlArray(items))],
  [
    ArrayOid.int4,
    fc.array(fc.tuple(int4, fc.option(int4)), { minLength: 1 }).map((rows) => new SqlArray(rows.flat(), [rows.length, 2], [-1, 3])),
  ],
  [ArrayOid.numeric, fc.array(fc.option(numeric)).map((items) => new SqlArray(items))],
  [
    ArrayOid.jsonb,
    fc
      .array(
        json.map((node) => new Jsonb(node)),
        { maxLength: 3 },
      )
      .map((items) => new SqlArray(items)),
  ],
];

const contexts = [
  contextOf(),
  contextOf({ DateStyle: 'SQL, DMY', IntervalStyle: 'iso_8601', bytea_output: 'escape' }),
  contextOf({ DateStyle: 'Postgres, MDY', IntervalStyle: 'postgres_verbose', extra_float_digits: '3' }),
  contextOf({ DateStyle: 'German, DMY', IntervalStyle: 'sql_standard' }),
  contextOf({ TimeZone: '<-03:30>+03:30' }),
];

describe.each(values.map(([oid, arbitrary]) => ({ name: codec(oid).name, oid, arbitrary })))('$name', ({ oid, arbitrary }) => {
  const { input, output, send, receive, compare, hashKey } = codec(oid);

  test('a text that was printed reads back the same', () => {
    fc.assert(
      fc.property(arbitrary, fc.constantFrom(...contexts), (value, cx) => {
        const printed = output(value, cx);
        const again = input(printed, cx, -1);
        expect(output(again, cx)).toBe(printed);
        if (compare !== undefined) expect(compare(again, value)).toBe(0);
      }),
    );
  });

  test('bytes that were sent are received the same', () => {
    const [cx] = contexts;
    if (cx === undefined || send === undefined || receive === undefined) return;
    fc.assert(
      fc.property(arbitrary, (value) => {
        const again = receive(send(value, cx), cx, -1);
        expect(output(again, cx)).toBe(output(value, cx));
      }),
    );
  });

  test('the order is total, and equal values have equal hash keys', () => {
    if (compare === undefined || hashKey === undefined) return;
    fc.assert(
      fc.property(arbitrary, arbitrary, arbitrary, (a, b, c) => {
        expect(compare(a, a)).toBe(0);
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        const sorted = [a, b, c].sort(compare);
        for (let i = 1; i < 3; i++) expect(compare(sorted[i - 1] ?? null, sorted[i] ?? null)).toBeLessThanOrEqual(0);
        expect(compare(sorted[0] ?? null, sorted[2] ?? null)).toBeLessThanOrEqual(0);
        const key = hashKey(a);
        const otherKey = hashKey(b);
        expect(Object.is(key, otherKey) || (key === 0 && otherKey === 0)).toBe(compare(a, b) === 0);
      }),
    );
  });
});

test('text is ordered as its UTF-8 bytes are', () => {
  const compare = codec(TypeOid.text).compare;
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compare?.(a, b) ?? 0)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('int8 arithmetic agrees with bigint, or overflows', () => {
  const operations: readonly [(a: number | bigint, b: number | bigint) => number | bigint, (a: bigint, b: bigint) => bigint][] = [
    [int8Add, (a, b) => a + b],
    [int8Subtract, (a, b) => a - b],
    [int8Multiply, (a, b) => a * b],
    [int8Divide, (a, b) => (b === 0n ? 2n ** 70n : a / b)],
    [int8Modulo, (a, b) => (b === 0n ? 2n ** 70n : a % b)],
  ];
  fc.assert(
    fc.property(int8, int8, fc.constantFrom(...operations), (a, b, [ours, exact]) => {
      const expected = exact(BigInt(a), BigInt(b));
      if (expected >= 2n ** 63n || expected < -(2n ** 63n)) expect(() => ours(a, b)).toThrow();
      else expect(ours(a, b)).toBe(canonical(expected));
    }),
  );
});

test('numeric arithmetic is exact', () => {
  fc.assert(
    fc.property(numeric, numeric, (a, b) => {
      if (b.decimal.isZero()) return;
      expect(numericSubtract(numericAdd(a, b), b).decimal.eq(a.decimal)).toBe(true);
      const rebuilt = numericAdd(numericMultiply(numericDivideTruncated(a, b), b), numericModulo(a, b));
      expect(rebuilt.decimal.eq(a.decimal)).toBe(true);
    }),
  );
});

test('records are sent and received, and ordered by their columns', () => {
  const { send, receive, output, compare } = codec(TypeOid.record);
  const [cx] = contexts;
  fc.assert(
    fc.property(fc.option(int4), text, fc.option(numeric), (a, b, c) => {
      if (cx === undefined || send === undefined || receive === undefined) return;
      const record = new SqlRecord([a, b, c], [TypeOid.int4, TypeOid.text, TypeOid.numeric]);
      const again = receive(send(record, cx), cx, -1);
      expect(output(again, cx)).toBe(output(record, cx));
      expect(compare?.(record, again)).toBe(0);
    }),
  );
});
