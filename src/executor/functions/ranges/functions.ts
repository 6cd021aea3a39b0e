import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import { type RangeType, rangeCodec } from '../../../types/range/codec.js';
import {
  multirangeIntersection,
  multirangeMinus,
  multirangeOf,
  multirangeSpan,
  piecesOf,
  rangeIntersection,
  rangeMinus,
  rangeUnion,
} from '../../../types/range/operations.js';
import { boundFlags } from '../../../types/range/text.js';
import { codecFor, type TypeCodec } from '../../../types/type-codec.js';
import { Numeric, type SqlArray, SqlMultirange, SqlRange, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { compareOf } from '../codecs.js';
import type { AggregateFunction, CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';
import { type AnyRange, orderOf } from './predicates.js';

function isRangeType(codec: TypeCodec | undefined): codec is RangeType {
  return codec !== undefined && 'make' in codec;
}

/** PostgreSQL's range types have canonical forms; users' types, which can't have functions for that, are made of their subtype alone. */
function rangeTypeOf(types: CallTypes): RangeType {
  const builtin = codecFor(types.result);
  if (isRangeType(builtin)) return builtin;
  const subtype = codecFor(argType(types, 0));
  assert(subtype !== undefined, 'the type that a range is over has a codec');
  return rangeCodec({ oid: types.result, name: '', subtype });
}

function constructed(types: CallTypes): ScalarFunction {
  const range = rangeTypeOf(types);
  return (lower: SqlValue, upper: SqlValue) => range.make(lower, upper, true, false);
}

function constructedWithFlags(types: CallTypes): ScalarFunction {
  const range = rangeTypeOf(types);
  return (lower: SqlValue, upper: SqlValue, flags: string | null) => {
    if (flags === null) throw new SqlError(SqlState.dataException, 'range constructor flags argument must not be null');
    const inclusive = boundFlags(flags);
    return range.make(lower, upper, inclusive.lower, inclusive.upper);
  };
}

/** multirange(range, …): the arguments come as an array. */
function multirangeOfArray(array: SqlArray): SqlMultirange {
  if (array.dimensions.length > 1) {
    throw new SqlError(SqlState.cardinalityViolation, 'multiranges cannot be constructed from multidimensional arrays');
  }
  const ranges = array.elements.map((range) => {
    if (range instanceof SqlRange) return range;
    throw new SqlError(SqlState.nullValueNotAllowed, 'multirange values cannot contain null members');
  });
  const [first] = ranges;
  return first === undefined ? new SqlMultirange(0, []) : multirangeOf(first.subtype, ranges, orderOf(first));
}

/** What PostgreSQL's multiranges are over. */
const SUBTYPES: ReadonlyMap<number, number> = new Map<number, number>([
  [TypeOid.int4multirange, TypeOid.int4],
  [TypeOid.int8multirange, TypeOid.int8],
  [TypeOid.nummultirange, TypeOid.numeric],
  [TypeOid.tsmultirange, TypeOid.timestamp],
  [TypeOid.tstzmultirange, TypeOid.timestamptz],
  [TypeOid.datemultirange, TypeOid.date],
]);

function subtypeOf(multirange: number, cx: FunctionContext): number {
  const known = SUBTYPES.get(multirange);
  if (known !== undefined) return known;
  const { userTypes } = cx.format;
  return userTypes?.find(userTypes.find(multirange)?.over ?? 0)?.over ?? 0;
}

const first = (value: AnyRange): SqlRange | undefined => piecesOf(value)[0];
const last = (value: AnyRange): SqlRange | undefined => piecesOf(value).at(-1);

const parts = {
  lower: (value: AnyRange) => first(value)?.lower ?? null,
  upper: (value: AnyRange) => last(value)?.upper ?? null,
  empty: (value: AnyRange) => piecesOf(value).length === 0,
  lower_inc: (value: AnyRange) => first(value)?.lowerInclusive ?? false,
  upper_inc: (value: AnyRange) => last(value)?.upperInclusive ?? false,
  lower_inf: (value: AnyRange) => first(value)?.lower === null,
  upper_inf: (value: AnyRange) => last(value)?.upper === null,
};

const partFunctions = Object.entries(parts).flatMap(([name, part]) =>
  ['range', 'multirange'].map((kind): [string, ScalarFunction] => [`${kind}_${name}`, part]),
);

const difference = (a: number | bigint, b: number | bigint): number => Number(a) - Number(b);
const seconds = (a: number | bigint, b: number | bigint): number => difference(a, b) / 1_000_000;

interface Pieces {
  subtype: number;
  pieces: SqlRange[] | undefined;
}

/** range_agg: NULLs are passed over; NULL without any row that has a value. */
const rangeAggregate = (): AggregateFunction<Pieces> => ({
  strict: true,
  init: () => ({ subtype: 0, pieces: undefined }),
  step: (state, args) => {
    const value = args[0];
    if (!(value instanceof SqlRange) && !(value instanceof SqlMultirange)) return state;
    state.subtype = value.subtype;
    state.pieces ??= [];
    state.pieces.push(...piecesOf(value));
    return state;
  },
  final: ({ subtype, pieces }) => (pieces === undefined ? null : multirangeOf(subtype, pieces, compareOf(subtype))),
  sizeBytes: ({ pieces }) => (pieces?.length ?? 0) * 96,
});

interface Common {
  value: SqlValue;
}

const intersectionAggregate = (): AggregateFunction<Common> => ({
  strict: true,
  init: () => ({ value: null }),
  step: (state, args) => {
    const value = args[0] ?? null;
    if (state.value === null) state.value = value;
    else if (state.value instanceof SqlRange && value instanceof SqlRange) {
      state.value = rangeIntersection(state.value, value, orderOf(value));
    } else if (state.value instanceof SqlMultirange && value instanceof SqlMultirange) {
      state.value = multirangeIntersection(state.value, value, orderOf(value));
    }
    return state;
  },
  final: (state) => state.value,
});

export const rangeFunctions: FunctionTable = {
  scalar: {
    ...Object.fromEntries(partFunctions),
    range_union: (a: SqlRange, b: SqlRange) => rangeUnion(a, b, orderOf(a), true),
    range_merge: (a: SqlRange, b: SqlRange) => rangeUnion(a, b, orderOf(a), false),
    range_merge_from_multirange: multirangeSpan,
    range_minus: (a: SqlRange, b: SqlRange) => rangeMinus(a, b, orderOf(a)),
    range_intersect: (a: SqlRange, b: SqlRange) => rangeIntersection(a, b, orderOf(a)),
    range_intersect_agg_transfn: (a: SqlRange, b: SqlRange) => rangeIntersection(a, b, orderOf(a)),
    multirange_intersect_agg_transfn: (a: SqlMultirange, b: SqlMultirange) => multirangeIntersection(a, b, orderOf(a)),
    multirange_union: (a: SqlMultirange, b: SqlMultirange) =>
      multirangeOf(a.subtype || b.subtype, [...a.ranges, ...b.ranges], compareOf(a.subtype || b.subtype)),
    multirange_minus: (a: SqlMultirange, b: SqlMultirange) => multirangeMinus(a, b, orderOf(a)),
    multirange_intersect: (a: SqlMultirange, b: SqlMultirange) => multirangeIntersection(a, b, orderOf(a)),
    multirange_constructor1: (range: SqlRange) => multirangeOf(range.subtype, [range], orderOf(range)),
    int4range_canonical: (range: SqlRange) => range,
    int8range_canonical: (range: SqlRange) => range,
    daterange_canonical: (range: SqlRange) => range,
    int4range_subdiff: difference,
    int8range_subdiff: difference,
    daterange_subdiff: difference,
    numrange_subdiff: (a: SqlValue, b: SqlValue) =>
      a instanceof Numeric && b instanceof Numeric ? a.decimal.minus(b.decimal).toNumber() : 0,
    tsrange_subdiff: seconds,
    tstzrange_subdiff: seconds,
  },
  typed: {
    range_constructor2: constructed,
    range_constructor3: constructedWithFlags,
    multirange_constructor0: (types) => {
      return (cx: FunctionContext) => new SqlMultirange(subtypeOf(types.result, cx), []);
    },
    multirange_constructor2: (types) => {
      return (ranges: SqlArray, cx: FunctionContext) =>
        ranges.elements.length === 0 ? new SqlMultirange(subtypeOf(types.result, cx), []) : multirangeOfArray(ranges);
    },
  },
  set: {
    multirange_unnest: (args) => (args[0] instanceof SqlMultirange ? args[0].ranges : []),
  },
  typedAggregate: {
    [`range_agg(${TypeOid.anyrange})`]: rangeAggregate,
    [`range_agg(${TypeOid.anymultirange})`]: rangeAggregate,
    [`range_intersect_agg(${TypeOid.anyrange})`]: intersectionAggregate,
    [`range_intersect_agg(${TypeOid.anymultirange})`]: intersectionAggregate,
  },
};
