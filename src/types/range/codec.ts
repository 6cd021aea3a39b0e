/**
 * Life of a range: its text or bytes are read into bounds (text), put in canonical form where the subtype has steps, and made a range whose
 * bounds are in order (bounds); operations work on those, and multiranges are lists of them.
 */
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import type { FormatContext } from '../format-context.js';
import { insufficientData, invalidBinary } from '../input-errors.js';
import { asBuffer } from '../integer-codecs.js';
import type { SqlMultirange, SqlRange, SqlValue } from '../value.js';
import { type Compare, emptyRange, rangeBetween } from './bounds.js';
import { compareMultiranges, compareRanges, multirangeOf } from './operations.js';
import { parseRangeText, quoteBound, splitMultirangeText } from './text.js';

/** What a range type is made of. */
export interface RangeDefinition {
  readonly oid: number;
  readonly name: string;
  readonly subtype: TypeCodec;
  /** The next value, for subtypes with steps: such ranges are kept as [a,b). Undefined from it: there is no next (infinity). */
  readonly next?: ((value: SqlValue) => SqlValue | undefined) | undefined;
}

export interface RangeType extends TypeCodec {
  /** @throws SqlError 22000 */
  make(lower: SqlValue, upper: SqlValue, lowerInclusive: boolean, upperInclusive: boolean): SqlRange;
  readonly compareBounds: Compare;
}

function orderOf(subtype: TypeCodec): Compare {
  const { compare } = subtype;
  if (compare === undefined)
    throw new SqlError(SqlState.undefinedFunction, `could not identify a comparison function for type ${subtype.name}`);
  return compare;
}

const FLAG = { empty: 1, lowerInclusive: 2, upperInclusive: 4, lowerInfinite: 8, upperInfinite: 16 } as const;

export function rangeCodec(definition: RangeDefinition): RangeType {
  const { oid, name, subtype, next } = definition;
  const compareBounds = orderOf(subtype);
  const make: RangeType['make'] = (lower, upper, lowerInclusive, upperInclusive) => {
    const plain = rangeBetween(
      subtype.oid,
      { value: lower, inclusive: lowerInclusive, isLower: true },
      { value: upper, inclusive: upperInclusive, isLower: false },
      compareBounds,
    );
    return next === undefined ? plain : canonical(plain, next, compareBounds);
  };
  return {
    oid,
    name,
    make,
    compareBounds,
    input(text, cx) {
      const parsed = parseRangeText(text);
      if (parsed.isEmpty) return emptyRange(subtype.oid);
      const read = (bound: string | undefined) => (bound === undefined ? null : subtype.input(bound, cx, -1));
      return make(read(parsed.lower), read(parsed.upper), parsed.lowerInclusive, parsed.upperInclusive);
    },
    output: (value, cx) => formatRange(value as SqlRange, subtype, cx),
    ...(subtype.send && { send: (value: SqlValue, cx: FormatContext) => sendRange(value as SqlRange, subtype, cx) }),
    ...(subtype.receive && {
      receive(bytes: Uint8Array, cx: FormatContext) {
        const source = asBuffer(bytes);
        const flags = source[0];
        if (flags === undefined) throw insufficientData();
        if ((flags & FLAG.empty) !== 0) return emptyRange(subtype.oid);
        let at = 1;
        const bound = (infinite: number): SqlValue => {
          if ((flags & infinite) !== 0) return null;
          if (at + 4 > source.length) throw insufficientData();
          const size = source.readInt32BE(at);
          at += 4;
          if (size < 0 || at + size > source.length) throw insufficientData();
          at += size;
          return subtype.receive?.(source.subarray(at - size, at), cx, -1) ?? null;
        };
        const lower = bound(FLAG.lowerInfinite);
        const upper = bound(FLAG.upperInfinite);
        if (at !== source.length) throw invalidBinary('invalid message format');
        return make(lower, upper, (flags & FLAG.lowerInclusive) !== 0, (flags & FLAG.upperInclusive) !== 0);
      },
    }),
    compare: (a, b) => compareRanges(a as SqlRange, b as SqlRange, compareBounds),
    hashKey: (value) => rangeHashKey(value as SqlRange, subtype),
  };
}

function canonical(range: SqlRange, next: (value: SqlValue) => SqlValue | undefined, compare: Compare): SqlRange {
  if (range.isEmpty || (range.lower !== null && range.lowerInclusive && !range.upperInclusive)) return range;
  let { lower, upper, lowerInclusive, upperInclusive } = range;
  if (lower !== null && !lowerInclusive) {
    const after = next(lower);
    if (after !== undefined) [lower, lowerInclusive] = [after, true];
  }
  if (upper !== null && upperInclusive) {
    const after = next(upper);
    if (after !== undefined) [upper, upperInclusive] = [after, false];
  }
  return rangeBetween(
    range.subtype,
    { value: lower, inclusive: lowerInclusive, isLower: true },
    { value: upper, inclusive: upperInclusive, isLower: false },
    compare,
  );
}

export function formatRange(range: SqlRange, subtype: TypeCodec, cx: FormatContext): string {
  if (range.isEmpty) return 'empty';
  const lower = range.lower === null ? '' : quoteBound(subtype.output(range.lower, cx));
  const upper = range.upper === null ? '' : quoteBound(subtype.output(range.upper, cx));
  return `${range.lowerInclusive ? '[' : '('}${lower},${upper}${range.upperInclusive ? ']' : ')'}`;
}

function sendRange(range: SqlRange, subtype: TypeCodec, cx: FormatContext): Uint8Array {
  if (range.isEmpty) return Uint8Array.of(FLAG.empty);
  let flags = 0;
  if (range.lowerInclusive) flags |= FLAG.lowerInclusive;
  if (range.upperInclusive) flags |= FLAG.upperInclusive;
  if (range.lower === null) flags |= FLAG.lowerInfinite;
  if (range.upper === null) flags |= FLAG.upperInfinite;
  const parts: Uint8Array[] = [Uint8Array.of(flags)];
  for (const bound of [range.lower, range.upper]) {
    if (bound === null) continue;
    const bytes = subtype.send?.(bound, cx) ?? new Uint8Array();
    const size = Buffer.alloc(4);
    size.writeInt32BE(bytes.length);
    parts.push(size, bytes);
  }
  return Buffer.concat(parts);
}

function rangeHashKey(range: SqlRange, subtype: TypeCodec): string {
  if (range.isEmpty) return 'empty';
  const { hashKey } = subtype;
  if (hashKey === undefined) throw new SqlError(SqlState.undefinedFunction, `could not identify a hash function for type ${subtype.name}`);
  const part = (value: SqlValue): string => {
    if (value === null) return '-';
    const text = `${hashKey(value)}`;
    return `${text.length}:${text}`;
  };
  return `${range.lowerInclusive ? '[' : '('}${part(range.lower)},${part(range.upper)}${range.upperInclusive ? ']' : ')'}`;
}

export function multirangeCodec(oid: number, name: string, range: RangeType, subtype: TypeCodec): TypeCodec {
  const compare = range.compareBounds;
  return {
    oid,
    name,
    input: (text, cx) =>
      multirangeOf(
        subtype.oid,
        splitMultirangeText(text).map((piece) => range.input(piece, cx, -1) as SqlRange),
        compare,
      ),
    output: (value, cx) => `{${(value as SqlMultirange).ranges.map((piece) => formatRange(piece, subtype, cx)).join(',')}}`,
    ...(range.send && {
      send(value: SqlValue, cx: FormatContext) {
        const { ranges } = value as SqlMultirange;
        const head = Buffer.alloc(4);
        head.writeInt32BE(ranges.length);
        const parts: Uint8Array[] = [head];
        for (const piece of ranges) {
          const bytes = sendRange(piece, subtype, cx);
          const size = Buffer.alloc(4);
          size.writeInt32BE(bytes.length);
          parts.push(size, bytes);
        }
        return Buffer.concat(parts);
      },
    }),
    ...(range.receive && {
      receive(bytes: Uint8Array, cx: FormatContext) {
        const source = asBuffer(bytes);
        if (source.length < 4) throw insufficientData();
        const count = source.readInt32BE(0);
        const ranges: SqlRange[] = [];
        let at = 4;
        for (let i = 0; i < count; i++) {
          if (at + 4 > source.length) throw insufficientData();
          const size = source.readInt32BE(at);
          at += 4 + size;
          if (size < 0 || at > source.length) throw insufficientData();
          ranges.push(range.receive?.(source.subarray(at - size, at), cx, -1) as SqlRange);
        }
        return multirangeOf(subtype.oid, ranges, compare);
      },
    }),
    compare: (a, b) => compareMultiranges(a as SqlMultirange, b as SqlMultirange, compare),
    hashKey: (value) => (value as SqlMultirange).ranges.map((piece) => rangeHashKey(piece, subtype)).join(),
  };
}
