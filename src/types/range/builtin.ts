import type { TypeCodec } from '../codec.js';
import { outOfRange } from '../input-errors.js';
import { TypeOid } from '../oids.js';
import type { SqlValue } from '../value.js';
import { multirangeCodec, type RangeType, rangeCodec } from './codec.js';

const INT4_MAX = 2_147_483_647;
const INT8_MAX = 9_223_372_036_854_775_807n;

function nextInt4(value: SqlValue): SqlValue {
  if (value === INT4_MAX) throw outOfRange('integer');
  return (value as number) + 1;
}

function nextInt8(value: SqlValue): SqlValue {
  const next = BigInt(value as number | bigint) + 1n;
  if (next > INT8_MAX) throw outOfRange('bigint');
  const small = Number(next);
  return Number.isSafeInteger(small) ? small : next;
}

/** The last day that there is: 5874897-12-31. */
const LAST_DAY = 2_145_031_948;

function nextDay(value: SqlValue): SqlValue | undefined {
  const day = value as number;
  if (!Number.isFinite(day)) return undefined;
  if (day >= LAST_DAY) throw outOfRange('date');
  return day + 1;
}

interface Entry {
  readonly range: keyof typeof TypeOid;
  readonly multirange: keyof typeof TypeOid;
  readonly subtype: number;
  readonly next?: (value: SqlValue) => SqlValue | undefined;
}

const ENTRIES: readonly Entry[] = [
  { range: 'int4range', multirange: 'int4multirange', subtype: TypeOid.int4, next: nextInt4 },
  { range: 'int8range', multirange: 'int8multirange', subtype: TypeOid.int8, next: nextInt8 },
  { range: 'numrange', multirange: 'nummultirange', subtype: TypeOid.numeric },
  { range: 'tsrange', multirange: 'tsmultirange', subtype: TypeOid.timestamp },
  { range: 'tstzrange', multirange: 'tstzmultirange', subtype: TypeOid.timestamptz },
  { range: 'daterange', multirange: 'datemultirange', subtype: TypeOid.date, next: nextDay },
];

/** PostgreSQL's own range types and their multiranges. */
export function builtinRanges(codecFor: (oid: number) => TypeCodec | undefined): readonly TypeCodec[] {
  return ENTRIES.flatMap(({ range, multirange, subtype, next }) => {
    const codec = codecFor(subtype);
    if (codec === undefined) return [];
    const type: RangeType = rangeCodec({ oid: TypeOid[range], name: range, subtype: codec, next });
    return [type, multirangeCodec(TypeOid[multirange], multirange, type, codec)];
  });
}
