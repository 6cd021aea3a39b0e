import { Decimal } from 'decimal.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { outOfRange } from '../input-errors.js';
import type { Int8 } from '../integer.js';
import { Numeric } from '../value.js';
import { ExactDecimal, formatNumeric, int8OfDecimal, NUMERIC_INFINITY, NUMERIC_NAN, NUMERIC_NEGATIVE_INFINITY } from './numeric.js';

/** PostgreSQL takes so many significant digits of a float into a numeric. */
const FLOAT8_DIGITS = 15;
const FLOAT4_DIGITS = 6;

function wholeNumber(value: Numeric, type: string): Decimal {
  const { decimal } = value;
  if (decimal.isNaN()) throw new SqlError(SqlState.featureNotSupported, `cannot convert NaN to ${type}`);
  if (!decimal.isFinite()) throw new SqlError(SqlState.featureNotSupported, `cannot convert infinity to ${type}`);
  return value.scale === 0 ? decimal : decimal.toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
}

/** Rounded, halves away from zero. @throws SqlError 22003, 0A000 */
export function numericToInt8(value: Numeric): Int8 {
  return int8OfDecimal(wholeNumber(value, 'bigint'));
}

/** @throws SqlError 22003, 0A000 */
export function numericToInt4(value: Numeric): number {
  const whole = wholeNumber(value, 'integer').toNumber();
  if (whole > 0x7fffffff || whole < -0x80000000) throw outOfRange('integer');
  return whole || 0;
}

/** @throws SqlError 22003, 0A000 */
export function numericToInt2(value: Numeric): number {
  const whole = wholeNumber(value, 'smallint').toNumber();
  if (whole > 0x7fff || whole < -0x8000) throw outOfRange('smallint');
  return whole || 0;
}

function tooLarge(value: Numeric, type: string): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, `"${formatNumeric(value)}" is out of range for type ${type}`);
}

/** @throws SqlError 22003 */
export function numericToFloat8(value: Numeric): number {
  const { decimal } = value;
  const result = decimal.toNumber();
  if (decimal.isFinite() && (result === Infinity || result === -Infinity || (result === 0 && !decimal.isZero()))) {
    throw tooLarge(value, 'double precision');
  }
  return result || (Number.isNaN(result) ? result : 0);
}

/** @throws SqlError 22003 */
export function numericToFloat4(value: Numeric): number {
  const { decimal } = value;
  const result = Math.fround(decimal.toNumber());
  if (decimal.isFinite() && (result === Infinity || result === -Infinity || (result === 0 && !decimal.isZero()))) {
    throw tooLarge(value, 'real');
  }
  return result || (Number.isNaN(result) ? result : 0);
}

function numericOfFloat(value: number, digits: number): Numeric {
  if (Number.isNaN(value)) return NUMERIC_NAN;
  if (value === Infinity) return NUMERIC_INFINITY;
  if (value === -Infinity) return NUMERIC_NEGATIVE_INFINITY;
  const decimal = new ExactDecimal(value.toPrecision(digits));
  return new Numeric(decimal, decimal.decimalPlaces());
}

export const numericOfFloat8 = (value: number): Numeric => numericOfFloat(value, FLOAT8_DIGITS);
export const numericOfFloat4 = (value: number): Numeric => numericOfFloat(value, FLOAT4_DIGITS);
