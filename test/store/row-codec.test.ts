import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seq } from '../../src/commons/ids.js';
import { ROW_HEADER_BYTES } from '../../src/store/row.js';
import {
  compileColumnPicker,
  compileRowDecoder,
  decodeHeader,
  encodeBareHeader,
  encodeRow,
  isDeleted,
  rowSeq,
  rowUpdatedMicros,
  setCommit,
  tombstoneOf,
} from '../../src/store/row-codec.js';
import { Interval, Jsonb, type JsonNode, Numeric, SqlArray, SqlRecord, type SqlValue, TimeTz } from '../../src/types/value.js';

const numeric = fc.tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(60)).map(([n, scale]) => {
  const digits = (n < 0n ? -n : n).toString().padStart(scale + 1, '0');
  const body = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return new Numeric(new Decimal(n < 0n ? `-${body}` : body), scale);
});
const special = fc.constantFrom('NaN', 'Infinity', '-Infinity').map((s) => new Numeric(new Decimal(s), 0));
const int8 = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((n): number | bigint => (Number.isSafeInteger(Number(n)) ? Number(n) : n));
const key = fc.oneof(fc.constantFrom('1', '10', 'a', '$numeric', '$x', '__proto__', ''), fc.string());
const bySize = ([a]: [string, JsonNode], [b]: [string, JsonNode]) =>
  Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b));
const json = fc.letrec<{ node: JsonNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    fc.string(),
    numeric,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('node')), { maxLength: 4 }).map((entries) => new Map([...new Map(entries)].sort(bySize))),
  ),
})).node;
const scalar: fc.Arbitrary<SqlValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 0, Infinity, -Infinity, Number.NaN, 2 ** 53 - 1),
  int8,
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array({ maxLength: 40 }),
  numeric,
  special,
  fc.tuple(fc.integer(), fc.integer(), int8).map(([months, days, micros]) => new Interval(months, days, micros)),
  fc.tuple(fc.nat(86_400_000_000), fc.integer({ min: -57599, max: 57599 })).map(([micros, zone]) => new TimeTz(micros, zone)),
  json.map((node) => new Jsonb(node)),
);
const value: fc.Arbitrary<SqlValue> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }).map((elements) => new SqlArray(elements)) },
  { weight: 1, arbitrary: fc.array(scalar, { minLength: 4, maxLength: 4 }).map((elements) => new SqlArray(elements, [2, 2], [0, -3])) },
  {
    weight: 1,
    arbitrary: fc.array(scalar, { maxLength: 3 }).map(
      (values) =>
        new SqlRecord(
          values,
          values.map(() => 25),
        ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.array(scalar, { maxLength: 2 }).map(
      (values) =>
        new SqlRecord(
          values,
          values.map(() => 25),
          values.map((_, i) => `c${i}`),
        ),
    ),
  },
);

/** Objects that print alike are alike, but -0, NaN and the kind of number matter. */
const show = (v: unknown): unknown => {
  if (typeof v === 'number') return Object.is(v, -0) ? '-0' : `n${v}`;
  if (typeof v === 'bigint') return `b${v}`;
  if (v instanceof Uint8Array) return `x${Buffer.from(v).toString('hex')}`;
  if (v instanceof Numeric) return `numeric ${v.decimal.toString()} ${v.scale}`;
  if (Array.isArray(v)) return v.map(show);
  if (v instanceof Map) return ['map', ...[...v].map(([k, item]) => [k, show(item)])];
  if (typeof v === 'object' && v !== null) return [v.constructor.name, ...Object.entries(v).map(([k, item]) => [k, show(item)])];
  return v;
};

describe('row codec', () => {
  for (const serde of ['msgpack', 'json'] as const) {
    it(`${serde}: any row comes back exactly`, () => {
      fc.assert(
        fc.property(fc.array(value, { maxLength: 8 }), (columns) => {
          const row = encodeRow(columns, serde);
          const stored = new Uint8Array(row.length + 3);
          stored.set(row, 3);
          const back = compileRowDecoder(columns.length)(stored.subarray(3));
          for (let skipped = 0; skipped < columns.length; skipped++) {
            const picked = columns.flatMap((_, number) => (number === skipped ? [] : [{ number, place: columns.length - 1 - number }]));
            if (picked.length === 0) continue;
            const some: SqlValue[] = columns.map(() => null);
            compileColumnPicker(picked, [])(stored, 3, stored.length, some);
            expect(show(some.toReversed())).toEqual(show(columns.with(skipped, null)));
          }
          stored.fill(0xee);
          expect(show(back)).toEqual(show(columns));
        }),
        { numRuns: 400 },
      );
    });
  }

  it('keeps header and columns apart', () => {
    const row = encodeRow([1, 'two'], 'json');
    setCommit(row, seq(2 ** 40 + 5), -123_456_789_012);
    expect(decodeHeader(row)).toEqual({ deleted: false, serde: 'json', seq: 2 ** 40 + 5, updatedMicros: -123_456_789_012 });
    expect(compileRowDecoder(2)(row)).toEqual([1, 'two']);
    const tombstone = tombstoneOf(row);
    expect([isDeleted(row), isDeleted(tombstone)]).toEqual([false, true]);
    expect(compileRowDecoder(2)(tombstone)).toEqual([1, 'two']);
    setCommit(tombstone, seq(7), 8);
    expect([rowSeq(tombstone), rowUpdatedMicros(tombstone), rowSeq(row)]).toEqual([7, 8, 2 ** 40 + 5]);
    expect(encodeBareHeader(true)).toHaveLength(ROW_HEADER_BYTES);
  });

  it('fills in columns that were added later, and may skip decoding', () => {
    const row = encodeRow([1]);
    expect(compileRowDecoder(3, [9, 9, 'new'])(row)).toEqual([1, 9, 'new']);
    expect(compileRowDecoder(2)(row)).toEqual([1, null]);
    expect(compileRowDecoder(2, [], [])(row)).toHaveLength(2);
    const picked: SqlValue[] = [null, null];
    const columns = [
      { number: 2, place: 0 },
      { number: 0, place: 1 },
    ];
    compileColumnPicker(columns, [9, 9, 'new'])(row, 0, row.length, picked);
    expect(picked).toEqual(['new', 1]);
  });

  it('survives large rows between small ones', () => {
    const rows = [encodeRow(['small']), encodeRow(['x'.repeat(3_000_000)]), encodeRow(['again']), encodeRow([1])];
    expect(rows.map((row) => compileRowDecoder(1)(row)[0])).toEqual(['small', 'x'.repeat(3_000_000), 'again', 1]);
  });

  it('refuses another format version', () => {
    const row = encodeRow([1]);
    row[0] = 9;
    expect(() => compileRowDecoder(1)(row)).toThrow('format version');
  });
});
