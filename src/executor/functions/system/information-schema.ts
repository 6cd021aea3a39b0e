import { TypeOid } from '../../../types/oids.js';
import { characterLengthOf, intervalPrecisionOf, numericPrecisionOf, numericScaleOf, typmodOut } from '../../../types/typmod.js';
import type { FunctionTable } from '../table.js';

/** information_schema's helpers: what a type with its typmod says of lengths and precisions; null where it says nothing. */

const BINARY_DIGITS: Readonly<Record<number, number>> = {
  [TypeOid.int2]: 16,
  [TypeOid.int4]: 32,
  [TypeOid.int8]: 64,
  [TypeOid.float4]: 24,
  [TypeOid.float8]: 53,
};
/** Bytes that a character takes at most in UTF-8. */
const MAX_CHARACTER_BYTES = 4;
/** The limit of a text without one: 1 GB. */
const MAX_OCTETS = 1_073_741_824;

function characterLength(type: number, typmod: number): number | null {
  return typmod !== -1 && (type === TypeOid.varchar || type === TypeOid.bpchar) ? characterLengthOf(typmod) : null;
}

function octetLength(type: number, typmod: number): number | null {
  if (type !== TypeOid.text && type !== TypeOid.varchar && type !== TypeOid.bpchar) return null;
  return typmod === -1 || type === TypeOid.text ? MAX_OCTETS : characterLengthOf(typmod) * MAX_CHARACTER_BYTES;
}

function numericPrecision(type: number, typmod: number): number | null {
  if (type === TypeOid.numeric) return typmod === -1 ? null : numericPrecisionOf(typmod);
  return BINARY_DIGITS[type] ?? null;
}

function numericScale(type: number, typmod: number): number | null {
  if (type === TypeOid.int2 || type === TypeOid.int4 || type === TypeOid.int8) return 0;
  return type === TypeOid.numeric && typmod !== -1 ? numericScaleOf(typmod) : null;
}

function datetimePrecision(type: number, typmod: number): number | null {
  switch (type) {
    case TypeOid.date:
      return 0;
    case TypeOid.time:
    case TypeOid.timetz:
    case TypeOid.timestamp:
    case TypeOid.timestamptz:
      return typmod < 0 ? 6 : typmod;
    case TypeOid.interval:
      return intervalPrecisionOf(typmod) ?? 6;
    default:
      return null;
  }
}

function intervalFields(type: number, typmod: number): string | null {
  if (type !== TypeOid.interval) return null;
  const fields = typmodOut(type, typmod)
    .replace(/\(\d+\)/, '')
    .trim()
    .toUpperCase();
  return fields === '' ? null : fields;
}

export const informationSchemaFunctions: FunctionTable = {
  scalar: {
    '_pg_char_max_length(oid,int4)': characterLength,
    '_pg_char_octet_length(oid,int4)': octetLength,
    '_pg_numeric_precision(oid,int4)': numericPrecision,
    '_pg_numeric_precision_radix(oid,int4)': (type: number) =>
      type === TypeOid.numeric ? 10 : BINARY_DIGITS[type] === undefined ? null : 2,
    '_pg_numeric_scale(oid,int4)': numericScale,
    '_pg_datetime_precision(oid,int4)': datetimePrecision,
    '_pg_interval_type(oid,int4)': intervalFields,
  },
};
