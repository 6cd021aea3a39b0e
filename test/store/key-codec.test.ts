import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userId } from '../../src/commons/ids.js';
import { SqlError } from '../../src/commons/sql-error.js';
import { compareBytes } from '../../src/store/bytes.js';
import {
  compileKeyDecoder,
  compileKeyEncoder,
  compileKeyRange,
  endOfUser,
  type KeyColumn,
  type KeyType,
  keyTypeOf,
  prefixRange,
  readUser,
  userPrefix,
} from '../../src/store/key-codec.js';
import { ExactDecimal } from '../../src/types/numeric/numeric.js';
import { TypeOid } from '../../src/types/oids.js';
import { rangeBetween } from '../../src/types/range/bounds.js';
import { compareMultiranges, compareRanges, multirangeOf } from '../../src/types/range/operations.js';
import { codecFor } from '../../src/types/type-codec.js';
import {
  Interval,
  Jsonb,
  type JsonNode,
  Numeric,
  SqlArray,
  type SqlMultirange,
  type SqlRange,
  SqlRecord,
  type SqlValue,
  TimeTz,
} from '../../src/types/value.js';

type Compare = (a: SqlValue, b: SqlValue) => number;
interface Kind {
  readonly type: KeyType;
  readonly values: fc.Arbitrary<SqlValue>;
  readonly compare: Compare;
  /** Decoding gives back the very value. */
  readonly exact: boolean;
}

const sign = (n: number | bigint) => (n < 0 ? -1 : n > 0 ? 1 : 0);
const byNumber: Compare = (a, b) => ((a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0);
const byFloat: Compare = (a, b) => (Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : byNumber(a, b));
const byUtf8: Compare = (a, b) => Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
const canonical = (n: bigint): number | bigint => (Number.isSafeInteger(Number(n)) ? Number(n) : n);
const int8 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -300n, max: 300n }),
  edges([2n ** 53n, -(2n ** 53n), 2n ** 32n, 0n]),
);
function edges(around: bigint[]): fc.Arbitrary<bigint> {
  return fc.constantFrom(...around.flatMap((n) => [n - 1n, n, n + 1n]));
}
const text = fc
  .oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', 'b', 'é', '￿', '𝒳', '\u0001'), maxLength: 4 }))
  .map((s) => Buffer.from(s.replaceAll('\0', '')).toString());

const decimal = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(40))
    .map(([n, scale]) => new Numeric(new Decimal(n.toString()).div(new Decimal(10).pow(scale)).toDecimalPlaces(scale), scale)),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(2))
    .map(([n, scale]) => new Numeric(new Decimal(n).div(10 ** Math.min(scale, 1)), Math.max(scale, 1))),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '0', '1e-20', '-1e131', '9.99e120').map((s) => {
    const d = new Decimal(s);
    return new Numeric(d, d.isFinite() ? d.decimalPlaces() : 0);
  }),
);
const byDecimal = (a: Decimal, b: Decimal) => (a.isNaN() ? (b.isNaN() ? 0 : 1) : b.isNaN() ? -1 : a.comparedTo(b));
const byNumeric: Compare = (a, b) => byDecimal((a as Numeric).decimal, (b as Numeric).decimal);

const span = (v: SqlValue) =>
  (BigInt((v as Interval).months) * 30n + BigInt((v as Interval).days)) * 86_400_000_000n + BigInt((v as Interval).micros);
const interval = fc
  .tuple(fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 })), fc.oneof(fc.integer(), fc.integer({ min: -60, max: 60 })), int8)
  .map(([months, days, micros]) => new Interval(months, days, canonical(micros)));

const node = fc.letrec<{ node: JsonNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    text,
    decimal.filter((n) => n.decimal.isFinite()),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'cc', 'é'), tie('node'), { maxKeys: 3 }).map((o) => {
      const keys = Object.keys(o).sort(
        (x, y) => Buffer.byteLength(x) - Buffer.byteLength(y) || Buffer.compare(Buffer.from(x), Buffer.from(y)),
      );
      return new Map(keys.map((key) => [key, o[key] ?? null]));
    }),
  ),
})).node;
const rank = (n: JsonNode) =>
  n === null ? 0 : typeof n === 'string' ? 1 : n instanceof Numeric ? 2 : typeof n === 'boolean' ? 3 : Array.isArray(n) ? 4 : 5;
function byNode(a: JsonNode, b: JsonNode): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === 'string') return byUtf8(a, b as string);
  if (a instanceof Numeric) return byNumeric(a, b as Numeric);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  const left = a instanceof Map ? [...a].flat() : Array.isArray(a) ? a : [];
  const right = b instanceof Map ? [...b].flat() : Array.isArray(b) ? b : [];
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < left.length; i++) {
    const difference = byNode(left[i] ?? null, right[i] ?? null);
    if (difference !== 0) return difference;
  }
  return 0;
}
const emptyTop = (n: JsonNode) => (Array.isArray(n) && n.length === 0 ? 0 : 1);

const bound = fc.option(fc.integer({ min: -4, max: 4 }));
const range = fc.tuple(bound, bound, fc.boolean(), fc.boolean()).map(([a, b, lowerInclusive, upperInclusive]) => {
  const [lower, upper] = a !== null && b !== null && a > b ? [b, a] : [a, b];
  return rangeBetween(
    TypeOid.int4,
    { value: lower, inclusive: lowerInclusive, isLower: true },
    { value: upper, inclusive: upperInclusive, isLower: false },
    byNumber,
  );
});
const byRange: Compare = (a, b) => compareRanges(a as SqlRange, b as SqlRange, byNumber);
/** An enum's oid: its values are numbers. */
const MADE_TYPE = 20_000;

const kinds: Record<string, Kind> = {
  bool: { type: 'bool', values: fc.boolean(), compare: (a, b) => Number(a) - Number(b), exact: true },
  int2: { type: 'int2', values: fc.integer({ min: -32768, max: 32767 }), compare: byNumber, exact: true },
  int4: { type: 'int4', values: fc.integer(), compare: byNumber, exact: true },
  oid: { type: 'oid', values: fc.nat(0xffffffff), compare: byNumber, exact: true },
  int8: { type: 'int8', values: int8.map(canonical), compare: (a, b) => sign(BigInt(a as bigint) - BigInt(b as bigint)), exact: true },
  float4: { type: 'float4', values: fc.float(), compare: byFloat, exact: false },
  float8: { type: 'float8', values: fc.double(), compare: byFloat, exact: false },
  numeric: { type: 'numeric', values: decimal, compare: byNumeric, exact: false },
  text: { type: 'text', values: text, compare: byUtf8, exact: true },
  bytea: {
    type: 'bytea',
    values: fc.uint8Array({ maxLength: 6 }).map((b) => b.map((x) => (x < 200 ? x % 3 : 255))),
    compare: (a, b) => compareBytes(a as Uint8Array, b as Uint8Array),
    exact: true,
  },
  uuid: { type: 'uuid', values: fc.uuid(), compare: byUtf8, exact: true },
  date: {
    type: 'date',
    values: fc.oneof(fc.integer({ min: -2451545, max: 2145031948 }), fc.constantFrom(Infinity, -Infinity)),
    compare: byNumber,
    exact: true,
  },
  time: { type: 'time', values: fc.integer({ min: 0, max: 86_400_000_000 }), compare: byNumber, exact: true },
  timestamp: {
    type: 'timestamp',
    values: fc.oneof(
      fc.bigInt({ min: -211813488000000000n, max: 9223371331199999999n }).map(canonical),
      fc.constantFrom(Infinity, -Infinity),
    ),
    compare: byNumber,
    exact: true,
  },
  timetz: {
    type: 'timetz',
    values: fc
      .tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: -15, max: 15 }))
      .map(([h, z]) => new TimeTz(h * 3_600_000_000, z * 3600)),
    compare: (a, b) => {
      const [x, y] = [a as TimeTz, b as TimeTz];
      return x.micros + x.zone * 1e6 - (y.micros + y.zone * 1e6) || x.zone - y.zone;
    },
    exact: true,
  },
  interval: { type: 'interval', values: interval, compare: (a, b) => sign(span(a) - span(b)), exact: false },
  jsonb: {
    type: 'jsonb',
    values: node.map((n) => new Jsonb(n)),
    compare: (a, b) => emptyTop((a as Jsonb).node) - emptyTop((b as Jsonb).node) || byNode((a as Jsonb).node, (b as Jsonb).node),
    exact: false,
  },
  range: { type: { range: 'int4', subtype: TypeOid.int4, multi: false }, values: range, compare: byRange, exact: true },
  multirange: {
    type: { range: 'int4', subtype: TypeOid.int4, multi: true },
    values: fc.array(range, { maxLength: 4 }).map((ranges) => multirangeOf(TypeOid.int4, ranges, byNumber)),
    compare: (a, b) => compareMultiranges(a as SqlMultirange, b as SqlMultirange, byNumber),
    exact: true,
  },
  record: {
    type: 'record',
    values: fc
      .tuple(fc.option(fc.integer({ min: -3, max: 3 })), fc.option(text), fc.option(fc.constantFrom(1, 1.5, 2)))
      .map((values) => new SqlRecord(values, [TypeOid.int4, TypeOid.text, MADE_TYPE])),
    compare: (a, b) => codecFor(TypeOid.record)?.compare?.(a, b) ?? 0,
    exact: true,
  },
  array: {
    type: { element: 'text' },
    values: fc.array(fc.option(text), { maxLength: 4 }).map((elements) => new SqlArray(elements)),
    compare: (a, b) => {
      const [x, y] = [(a as SqlArray).elements, (b as SqlArray).elements];
      for (let i = 0; i < Math.min(x.length, y.length); i++) {
        const [left, right] = [x[i] ?? null, y[i] ?? null];
        const difference = left === null || right === null ? Number(left === null) - Number(right === null) : byUtf8(left, right);
        if (difference !== 0) return difference;
      }
      return x.length - y.length;
    },
    exact: true,
  },
};

describe('key codec', () => {
  for (const [name, { type, values, compare, exact }] of Object.entries(kinds)) {
    it(`${name}: bytes are in the order of values, and come back`, () => {
      const flags = fc.record({ desc: fc.boolean(), nullsFirst: fc.boolean() });
      fc.assert(
        fc.property(fc.option(values), fc.option(values), flags, fc.integer(), (a, b, { desc, nullsFirst }, next) => {
          const columns: KeyColumn[] = [{ type, desc, nullsFirst }, { type: 'int4' }];
          const encode = compileKeyEncoder(columns);
          const [x, y] = [encode([a, next]), encode([b, 0])];
          let expected: number;
          if (a === null || b === null) expected = (Number(a === null) - Number(b === null)) * (nullsFirst ? -1 : 1);
          else expected = sign(compare(a, b)) * (desc ? -1 : 1);
          if (expected === 0) expected = sign(next);
          expect(sign(compareBytes(x, y))).toBe(expected);
          const decoder = compileKeyDecoder(columns);
          const [back, tail] = decoder.decode(x);
          expect(tail).toBe(next);
          expect(decoder.end).toBe(x.length);
          if (a === null || back === null || back === undefined) expect(back).toBe(a);
          else {
            expect(sign(compare(a, back))).toBe(0);
            if (exact) expect(back).toEqual(a);
          }
        }),
        { numRuns: 300 },
      );
    });
  }

  it('restores the display scale of numeric(p,s)', () => {
    const columns: KeyColumn[] = [{ type: 'numeric', scale: 2, notNull: true }];
    const [value] = compileKeyDecoder(columns).decode(compileKeyEncoder(columns)([new Numeric(new Decimal('1.50'), 2)]));
    // The exact kind: arithmetic takes its precision from its operands.
    expect(value).toEqual(new Numeric(new ExactDecimal('1.5'), 2));
  });

  it('leads with the user, apart from any other user', () => {
    const encode = compileKeyEncoder([{ type: 'int4', notNull: true }]);
    const keys = ['a', 'a', 'ab', 'b'].map((user, i) => encode([-i], userId(user)));
    expect([...keys].sort(compareBytes)).toEqual([keys[1], keys[0], keys[2], keys[3]]);
    const key = encode([7], userId('émile'));
    expect([readUser(key), endOfUser(key)]).toEqual(['émile', 7]);
    const { gte, lt } = prefixRange(userPrefix(userId('a')));
    expect(keys.map((key) => compareBytes(key, gte ?? key) >= 0 && compareBytes(key, lt ?? key) < 0)).toEqual([true, true, false, false]);
  });

  it('makes ranges that hold exactly what a condition admits', () => {
    const columns = fc.array(fc.record({ type: fc.constant('int4' as const), desc: fc.boolean(), nullsFirst: fc.boolean() }), {
      minLength: 1,
      maxLength: 3,
    });
    const small = fc.option(fc.integer({ min: 0, max: 3 }));
    const bound = fc.option(fc.record({ value: fc.integer({ min: 0, max: 3 }), inclusive: fc.boolean() }), { nil: undefined });
    fc.assert(
      fc.property(
        columns,
        fc.array(small, { maxLength: 3 }),
        bound,
        bound,
        fc.boolean(),
        fc.array(fc.array(small, { minLength: 3, maxLength: 3 })),
        (all, some, lower, upper, notNull, rows) => {
          const equal = some.slice(0, all.length);
          const { gte, lt } = compileKeyRange(all)({ equal, lower, upper, notNull }, userId('u'));
          const encode = compileKeyEncoder(all);
          for (const row of rows) {
            const key = encode(row, userId('u'));
            const inside = (gte === undefined || compareBytes(key, gte) >= 0) && (lt === undefined || compareBytes(key, lt) < 0);
            let expected = equal.every((value, i) => row[i] === value);
            if (equal.length < all.length && (lower !== undefined || upper !== undefined || notNull)) {
              const value = row[equal.length] ?? null;
              expected &&= value !== null;
              if (lower !== undefined && value !== null) expected &&= value > lower.value || (lower.inclusive && value === lower.value);
              if (upper !== undefined && value !== null) expected &&= value < upper.value || (upper.inclusive && value === upper.value);
            }
            expect(inside).toBe(expected);
          }
          expect(compareBytes(encode([0, 0, 0], userId('v')), lt ?? new Uint8Array(0))).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('refuses keys that are too long, with what PostgreSQL says', () => {
    const encode = compileKeyEncoder([{ type: 'text' }], 100);
    expect(encode(['x'.repeat(98)])).toHaveLength(100);
    expect(() => encode(['x'.repeat(99)])).toThrow(SqlError);
    expect(() => encode(['x'.repeat(99)])).toThrow('index row size 101 exceeds btree version 4 maximum 100');
  });

  it('orders jsonb as PostgreSQL 15 does', () => {
    const n = (value: number) => new Numeric(new Decimal(value), 0);
    const object = (...entries: [string, JsonNode][]) => new Map(entries);
    // ORDER BY of a PostgreSQL 15 over these.
    const nodes: JsonNode[] = [
      [],
      null,
      '',
      'a',
      n(1),
      false,
      true,
      [null],
      ['a'],
      [n(1)],
      [[]],
      [object()],
      [n(1), n(2)],
      object(),
      object(['a', n(1)]),
      object(['aa', n(1)]),
      object(['b', n(0)]),
      object(['a', n(1)], ['b', n(2)]),
    ];
    const encode = compileKeyEncoder([{ type: 'jsonb' }]);
    const keys = nodes.map((one) => encode([new Jsonb(one)]));
    expect([...keys].sort(compareBytes)).toEqual(keys);
  });

  it('names the key type of a type', () => {
    expect(keyTypeOf(TypeOid.varchar)).toBe('text');
    expect(keyTypeOf(1007)).toEqual({ element: 'int4' });
    expect(keyTypeOf(TypeOid.json)).toBeUndefined();
  });
});
