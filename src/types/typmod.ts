import { type Notice, SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { ExtensionTypeOid } from './extensions/oids.js';
import { TypeOid } from './oids.js';

/** Fields of an interval's typmod, as bits of its upper half (PostgreSQL: INTERVAL_MASK). */
export const IntervalMask = {
  month: 1 << 1,
  year: 1 << 2,
  day: 1 << 3,
  hour: 1 << 10,
  minute: 1 << 11,
  second: 1 << 12,
  fullRange: 0x7fff,
} as const;
const M = IntervalMask;

const INTERVAL_FULL_PRECISION = 0xffff;
const MAX_TIME_PRECISION = 6;
const MAX_NUMERIC_PRECISION = 1000;
const MAX_VECTOR_DIMENSIONS = 16_000;
const MAX_CHARACTER_LENGTH = 10_485_760;
/** PostgreSQL's VARHDRSZ: typmods of variable-length types carry the length of their header. */
const HEADER_SIZE = 4;

const INTERVAL_FIELDS: ReadonlyMap<number, string> = new Map([
  [M.year, ' year'],
  [M.month, ' month'],
  [M.day, ' day'],
  [M.hour, ' hour'],
  [M.minute, ' minute'],
  [M.second, ' second'],
  [M.year | M.month, ' year to month'],
  [M.day | M.hour, ' day to hour'],
  [M.day | M.hour | M.minute, ' day to minute'],
  [M.day | M.hour | M.minute | M.second, ' day to second'],
  [M.hour | M.minute, ' hour to minute'],
  [M.hour | M.minute | M.second, ' hour to second'],
  [M.minute | M.second, ' minute to second'],
  [M.fullRange, ''],
]);

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message);
}

/**
 * The typmod of `type(modifiers…)`; for interval the modifiers are [fields mask] or [fields mask, precision] (see `IntervalMask`).
 * @throws SqlError 22023; 42601 for a type that takes none
 */
export function typmodIn(oid: number, modifiers: readonly number[], notice?: (notice: Notice) => void): number {
  if (modifiers.length === 0) return -1;
  switch (oid) {
    case TypeOid.varchar:
      return characterTypmod('varchar', modifiers);
    case TypeOid.bpchar:
      return characterTypmod('char', modifiers);
    case TypeOid.bit:
      return bitTypmod('bit', modifiers);
    case TypeOid.varbit:
      return bitTypmod('bit varying', modifiers);
    case TypeOid.numeric:
      return numericTypmod(modifiers);
    case TypeOid.time:
      return precisionTypmod('TIME', '', modifiers, notice);
    case TypeOid.timetz:
      return precisionTypmod('TIME', ' WITH TIME ZONE', modifiers, notice);
    case TypeOid.timestamp:
      return precisionTypmod('TIMESTAMP', '', modifiers, notice);
    case TypeOid.timestamptz:
      return precisionTypmod('TIMESTAMP', ' WITH TIME ZONE', modifiers, notice);
    case TypeOid.interval:
      return intervalTypmod(modifiers, notice);
    case ExtensionTypeOid.vector:
      return vectorTypmod(modifiers);
    default:
      throw new SqlError(SqlState.syntaxError, 'type modifier is not allowed for this type');
  }
}

function vectorTypmod(modifiers: readonly number[]): number {
  const [dimensions] = modifiers;
  if (modifiers.length !== 1 || dimensions === undefined) throw invalid('invalid type modifier');
  if (dimensions < 1) throw invalid('dimensions for type vector must be at least 1');
  if (dimensions > MAX_VECTOR_DIMENSIONS) throw invalid(`dimensions for type vector cannot exceed ${MAX_VECTOR_DIMENSIONS}`);
  return dimensions;
}

function characterTypmod(type: string, modifiers: readonly number[]): number {
  const [length] = modifiers;
  if (modifiers.length !== 1 || length === undefined) throw invalid('invalid type modifier');
  if (length < 1) throw invalid(`length for type ${type} must be at least 1`);
  if (length > MAX_CHARACTER_LENGTH) throw invalid(`length for type ${type} cannot exceed ${MAX_CHARACTER_LENGTH}`);
  return length + HEADER_SIZE;
}

/** Bits; 10 MB of them at most. */
const MAX_BITS = 83_886_080;

function bitTypmod(type: string, modifiers: readonly number[]): number {
  const [length] = modifiers;
  if (modifiers.length !== 1 || length === undefined) throw invalid('invalid type modifier');
  if (length < 1) throw invalid(`length for type ${type} must be at least 1`);
  if (length > MAX_BITS) throw invalid(`length for type ${type} cannot exceed ${MAX_BITS}`);
  return length;
}

function numericTypmod(modifiers: readonly number[]): number {
  const [precision, scale = 0] = modifiers;
  if (modifiers.length > 2 || precision === undefined) throw invalid('invalid NUMERIC type modifier');
  if (precision < 1 || precision > MAX_NUMERIC_PRECISION) {
    throw invalid(`NUMERIC precision ${precision} must be between 1 and ${MAX_NUMERIC_PRECISION}`);
  }
  if (scale < -1000 || scale > 1000) throw invalid(`NUMERIC scale ${scale} must be between -1000 and 1000`);
  return ((precision << 16) | (scale & 0x7ff)) + HEADER_SIZE;
}

function precisionTypmod(type: string, suffix: string, modifiers: readonly number[], notice?: (notice: Notice) => void): number {
  const [precision] = modifiers;
  if (modifiers.length !== 1 || precision === undefined) throw invalid('invalid type modifier');
  if (precision < 0) throw invalid(`${type}(${precision})${suffix} precision must not be negative`);
  return limitPrecision(`${type}(${precision})${suffix}`, precision, notice);
}

function limitPrecision(what: string, precision: number, notice?: (notice: Notice) => void): number {
  if (precision <= MAX_TIME_PRECISION) return precision;
  notice?.({
    severity: 'WARNING',
    code: SqlState.invalidParameterValue,
    message: `${what} precision reduced to maximum allowed, ${MAX_TIME_PRECISION}`,
  });
  return MAX_TIME_PRECISION;
}

function intervalTypmod(modifiers: readonly number[], notice?: (notice: Notice) => void): number {
  const [range, precision] = modifiers;
  if (range === undefined || modifiers.length > 2 || !INTERVAL_FIELDS.has(range)) throw invalid('invalid INTERVAL type modifier');
  if (precision === undefined) return range === M.fullRange ? -1 : (range << 16) | INTERVAL_FULL_PRECISION;
  if (precision < 0) throw invalid(`INTERVAL(${precision}) precision must not be negative`);
  return (range << 16) | limitPrecision(`INTERVAL(${precision})`, precision, notice);
}

/** Total digits of a numeric's typmod. */
export function numericPrecisionOf(typmod: number): number {
  return ((typmod - HEADER_SIZE) >> 16) & 0xffff;
}

/** Digits after the point of a numeric's typmod: -1000 … 1000 (eleven bits, signed). */
export function numericScaleOf(typmod: number): number {
  return (((typmod - HEADER_SIZE) & 0x7ff) ^ 1024) - 1024;
}

/** Characters of a varchar's or char's typmod. */
export function characterLengthOf(typmod: number): number {
  return typmod - HEADER_SIZE;
}

/** The mask of fields of an interval's typmod; all of them without one. */
export function intervalRangeOf(typmod: number): number {
  return typmod < 0 ? M.fullRange : (typmod >> 16) & 0x7fff;
}

/** Digits of seconds of an interval's typmod; undefined when it sets none. */
export function intervalPrecisionOf(typmod: number): number | undefined {
  const precision = typmod & 0xffff;
  return typmod < 0 || precision === INTERVAL_FULL_PRECISION ? undefined : precision;
}

/** What stands behind the type's name: '(10,2)', '(3) without time zone', ' day to second(3)'; for times also without a typmod. */
export function typmodOut(oid: number, typmod: number): string {
  switch (oid) {
    case TypeOid.varchar:
    case TypeOid.bpchar:
      return typmod < HEADER_SIZE ? '' : `(${characterLengthOf(typmod)})`;
    case TypeOid.numeric:
      return typmod < 0 ? '' : `(${numericPrecisionOf(typmod)},${numericScaleOf(typmod)})`;
    case TypeOid.time:
    case TypeOid.timestamp:
      return typmod < 0 ? ' without time zone' : `(${typmod}) without time zone`;
    case TypeOid.timetz:
    case TypeOid.timestamptz:
      return typmod < 0 ? ' with time zone' : `(${typmod}) with time zone`;
    case TypeOid.interval: {
      if (typmod < 0) return '';
      const precision = intervalPrecisionOf(typmod);
      const fields = INTERVAL_FIELDS.get(intervalRangeOf(typmod)) ?? '';
      return precision === undefined ? fields : `${fields}(${precision})`;
    }
    default:
      return typmod < 0 ? '' : `(${typmod})`;
  }
}
