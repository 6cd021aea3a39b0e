/**
 * Life of a numeric: `parseNumeric`, `numericOfInteger` or the binary form makes a Numeric, that is an exact decimal.js number and a
 * display scale; arithmetic keeps both by PostgreSQL's rules; `formatNumeric` prints exactly `scale` digits after the point.
 */
import { Decimal } from 'decimal.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { invalidInput } from '../input-errors.js';
import { type Int8, int8OfBigInt } from '../integer.js';
import { Numeric } from '../value.js';

/** Digits before the point that a numeric can have. */
export const MAX_INTEGER_DIGITS = 131_072;
/** Digits after the point that a numeric can show. */
export const MAX_DISPLAY_SCALE = 16_383;

/** More digits than a numeric can have, so that sums and products are exact. Halves round away from zero, as PostgreSQL's. */
export const ExactDecimal = Decimal.clone({ precision: 300_000, rounding: Decimal.ROUND_HALF_UP, defaults: true });

export const NUMERIC_ZERO = new Numeric(new ExactDecimal(0), 0);
export const NUMERIC_ONE = new Numeric(new ExactDecimal(1), 0);
export const NUMERIC_NAN = new Numeric(new ExactDecimal(Number.NaN), 0);
export const NUMERIC_INFINITY = new Numeric(new ExactDecimal(Infinity), 0);
export const NUMERIC_NEGATIVE_INFINITY = new Numeric(new ExactDecimal(-Infinity), 0);

export function numericOverflow(): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, 'value overflows numeric format');
}

/** A result of arithmetic as a Numeric: NaN and infinities have no scale. @throws SqlError 22003 when it has too many digits */
export function finishNumeric(decimal: Decimal, scale: number): Numeric {
  if (!decimal.isFinite()) {
    return decimal.isNaN() ? NUMERIC_NAN : decimal.isNegative() ? NUMERIC_NEGATIVE_INFINITY : NUMERIC_INFINITY;
  }
  if (decimal.e >= MAX_INTEGER_DIGITS) throw numericOverflow();
  return new Numeric(decimal, scale);
}

export function numericOfInteger(value: Int8): Numeric {
  return new Numeric(typeof value === 'number' ? new ExactDecimal(value) : new ExactDecimal(value.toString()), 0);
}

/** value / 10^scale, shown with that scale: what extract() makes of microseconds. */
export function numericOfScaled(value: Int8, scale: number): Numeric {
  return new Numeric(new ExactDecimal(`${value}e-${scale}`), scale);
}

const NUMERIC_TEXT = /^[ \t-\r]*([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?[ \t-\r]*$/;
const SPECIAL_TEXT = /^[ \t-\r]*(?:(nan)|([+-]?)inf(?:inity)?)[ \t-\r]*$/i;
const MAX_EXPONENT = 1_073_741_823;

/** numeric_in without its typmod. @throws SqlError 22P02, 22003 */
export function parseNumeric(text: string): Numeric {
  const match = NUMERIC_TEXT.exec(text);
  if (match === null) {
    const special = SPECIAL_TEXT.exec(text);
    if (special === null) throw invalidInput('numeric', text);
    return special[1] !== undefined ? NUMERIC_NAN : special[2] === '-' ? NUMERIC_NEGATIVE_INFINITY : NUMERIC_INFINITY;
  }
  const fraction = match[3] ?? match[4] ?? '';
  const exponent = match[5] === undefined ? 0 : Number(match[5]);
  if (exponent >= MAX_EXPONENT || exponent <= -MAX_EXPONENT) throw numericOverflow();
  const scale = fraction.length - exponent;
  if (scale > MAX_DISPLAY_SCALE) throw numericOverflow();
  const mantissa = `${match[2] ?? ''}.${fraction}`;
  const decimal = new ExactDecimal(`${match[1]}${mantissa === '.' ? '0' : mantissa}${exponent === 0 ? '' : `e${exponent}`}`);
  if (decimal.e >= MAX_INTEGER_DIGITS) throw numericOverflow();
  return new Numeric(decimal, Math.max(0, scale));
}

export function formatNumeric(value: Numeric): string {
  const { decimal } = value;
  if (decimal.isFinite()) return decimal.toFixed(value.scale);
  return decimal.isNaN() ? 'NaN' : decimal.isNegative() ? '-Infinity' : 'Infinity';
}

/** NaN is equal to itself and above everything; the scale doesn't count. */
export function compareNumeric(a: Numeric, b: Numeric): number {
  const order = a.decimal.cmp(b.decimal);
  if (!Number.isNaN(order)) return order;
  return a.decimal.isNaN() ? (b.decimal.isNaN() ? 0 : 1) : -1;
}

/** The same text for equal values, whatever their scale. */
export function numericHashKey(value: Numeric): string {
  return value.decimal.isZero() ? '0' : value.decimal.toString();
}

/** A Decimal without a fraction as an int8. @throws SqlError 22003 'bigint out of range' */
export function int8OfDecimal(decimal: Decimal): Int8 {
  if (decimal.e <= 14) return decimal.toNumber() || 0;
  // Anything longer than an int8 is out of range; the shortened text keeps the error without building a huge bigint.
  return int8OfBigInt(decimal.e > 20 ? 10n ** 20n : BigInt(decimal.toFixed(0)));
}
