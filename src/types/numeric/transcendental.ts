import { Decimal } from 'decimal.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { Numeric } from '../value.js';
import { divideAtScale } from './arithmetic.js';
import { longSquareRoot } from './long-digits.js';
import { ExactDecimal, finishNumeric, NUMERIC_INFINITY, NUMERIC_NAN, NUMERIC_ONE, NUMERIC_ZERO, numericOverflow } from './numeric.js';
import { atScale } from './rounding.js';
import { clampScale, estimateLogWeight, MAX_RESULT_SCALE, MIN_SIGNIFICANT_DIGITS, squareRootScale } from './scale.js';

/** Truncated as PostgreSQL has it: result scales follow from it. */
const LOG10_E = Number('0.434294481903252');
/** exp() beyond e^±6000 is out of the format, whatever the scale. */
const MAX_EXPONENT = 6000;
/** decimal.js knows ln(10) to 1025 digits: what logarithms and powers can ask for. */
const MAX_LOGARITHM_PRECISION = 1000;

/** Working precisions of the series; digits beyond the result's own guard its rounding. */
const WORKING_DECIMALS = [40, 80, 200, 500, MAX_LOGARITHM_PRECISION].map((precision) => ({
  precision,
  make: Decimal.clone({ precision, defaults: true }),
}));
const LARGEST_WORKING = Decimal.clone({ precision: MAX_LOGARITHM_PRECISION, defaults: true });

function workingDecimal(digits: number): typeof Decimal {
  for (const { precision, make } of WORKING_DECIMALS) if (precision >= digits) return make;
  return LARGEST_WORKING;
}

function rounded(decimal: Decimal, scale: number): Numeric {
  return atScale(new ExactDecimal(decimal).toDecimalPlaces(scale, Decimal.ROUND_HALF_UP), scale);
}

/** @throws SqlError 2201F for a negative number */
export const numericSqrt = (value: Numeric): Numeric => squareRoot(value, undefined);

/** The root with so many digits behind the point, rounded once. @throws SqlError 2201F */
export const numericSqrtAtScale = (value: Numeric, scale: number): Numeric => squareRoot(value, scale);

function squareRoot(value: Numeric, wanted: number | undefined): Numeric {
  const { decimal } = value;
  if (decimal.isNaN()) return NUMERIC_NAN;
  if (decimal.isNegative() && !decimal.isZero()) {
    throw new SqlError(SqlState.invalidArgumentForPowerFunction, 'cannot take square root of a negative number');
  }
  if (!decimal.isFinite()) return NUMERIC_INFINITY;
  const scale = wanted ?? squareRootScale(value);
  const digits = Math.max(1, decimal.e / 2 + 2) + scale + 8;
  if (digits > MAX_LOGARITHM_PRECISION) return atScale(longSquareRoot(decimal, scale), scale);
  return rounded(new (workingDecimal(digits))(decimal).sqrt(), scale);
}

/** @throws SqlError 22003 when the result has too many digits */
export function numericExp(value: Numeric): Numeric {
  const { decimal } = value;
  if (!decimal.isFinite()) return decimal.isNaN() ? NUMERIC_NAN : decimal.isNegative() ? NUMERIC_ZERO : NUMERIC_INFINITY;
  const exponent = decimal.toNumber();
  const weight = Math.max(-2000, Math.min(2000, exponent * LOG10_E));
  const scale = clampScale(MIN_SIGNIFICANT_DIGITS - Math.trunc(weight), value.scale);
  if (Math.abs(exponent) >= MAX_EXPONENT) {
    if (exponent > 0) throw numericOverflow();
    return new Numeric(new ExactDecimal(0), scale);
  }
  return rounded(exponential(decimal, scale), scale);
}

function exponential(exponent: Decimal, scale: number): Decimal {
  const digits = Math.max(0, Math.ceil(exponent.toNumber() * LOG10_E)) + scale + 12;
  const Working = digits <= MAX_LOGARITHM_PRECISION ? workingDecimal(digits) : Decimal.clone({ precision: digits, defaults: true });
  return new Working(exponent).exp();
}

function checkLogarithm(decimal: Decimal): void {
  if (decimal.isZero()) throw new SqlError(SqlState.invalidArgumentForLogarithm, 'cannot take logarithm of zero');
  if (decimal.isNegative()) throw new SqlError(SqlState.invalidArgumentForLogarithm, 'cannot take logarithm of a negative number');
}

/** @throws SqlError 2201E */
export function numericLn(value: Numeric): Numeric {
  const { decimal } = value;
  if (decimal.isNaN()) return NUMERIC_NAN;
  checkLogarithm(decimal);
  if (!decimal.isFinite()) return NUMERIC_INFINITY;
  const scale = clampScale(MIN_SIGNIFICANT_DIGITS - estimateLogWeight(decimal), value.scale);
  return rounded(logarithm(decimal, scale + 12), scale);
}

/** ln to so many digits after the point, at least. */
function logarithm(decimal: Decimal, places: number): Decimal {
  return new (workingDecimal(places + 8))(decimal).ln();
}

/** log(base, value). @throws SqlError 2201E, 22012 for base 1 */
export function numericLog(base: Numeric, value: Numeric): Numeric {
  if (base.decimal.isNaN() || value.decimal.isNaN()) return NUMERIC_NAN;
  // With an infinity among them the signs of both are looked at before zeros.
  if (!value.decimal.isFinite() && value.decimal.isNegative()) checkLogarithm(value.decimal);
  checkLogarithm(base.decimal);
  checkLogarithm(value.decimal);
  if (!base.decimal.isFinite()) return value.decimal.isFinite() ? NUMERIC_ZERO : NUMERIC_NAN;
  if (!value.decimal.isFinite()) return NUMERIC_INFINITY;
  const weight = estimateLogWeight(value.decimal) - estimateLogWeight(base.decimal);
  const scale = clampScale(MIN_SIGNIFICANT_DIGITS - weight, base.scale, value.scale);
  const places = scale + 12 + Math.max(0, weight) - Math.min(0, estimateLogWeight(base.decimal));
  const divisor = logarithm(base.decimal, places);
  if (divisor.isZero()) throw new SqlError(SqlState.divisionByZero, 'division by zero');
  return rounded(divideAtScale(logarithm(value.decimal, places), divisor, scale + 3), scale);
}

const TEN = new Numeric(new ExactDecimal(10), 0);

/** log(value): to base 10. @throws SqlError 2201E */
export function numericLog10(value: Numeric): Numeric {
  return numericLog(TEN, value);
}

function invalidPower(message: string): SqlError {
  return new SqlError(SqlState.invalidArgumentForPowerFunction, message);
}

/** power(base, exponent). @throws SqlError 2201F, 22003 */
export function numericPower(base: Numeric, exponent: Numeric): Numeric {
  const x = base.decimal;
  const y = exponent.decimal;
  if (!x.isFinite() || !y.isFinite()) return powerOfSpecial(x, y);
  if (x.isZero() && y.isNegative() && !y.isZero()) throw invalidPower('zero raised to a negative power is undefined');
  const isInteger = y.isInteger();
  if (x.isNegative() && !x.isZero() && !isInteger) {
    throw invalidPower('a negative number raised to a non-integer power yields a complex result');
  }
  if (isInteger && y.gte(-0x80000000) && y.lte(0x7fffffff)) return integerPower(base, y.toNumber());
  if (x.isZero()) return new Numeric(new ExactDecimal(0), MIN_SIGNIFICANT_DIGITS);
  const magnitude = x.abs();
  const power = logarithmPower(magnitude, y, base.scale, exponent.scale);
  return x.isNegative() && !y.mod(2).isZero() ? new Numeric(power.decimal.negated(), power.scale) : power;
}

function powerOfSpecial(x: Decimal, y: Decimal): Numeric {
  if (x.isNaN()) return y.isZero() ? NUMERIC_ONE : NUMERIC_NAN;
  if (y.isNaN()) return x.eq(1) ? NUMERIC_ONE : NUMERIC_NAN;
  if (y.isZero() || x.eq(1)) return NUMERIC_ONE;
  if (x.isZero() && y.isNegative()) throw invalidPower('zero raised to a negative power is undefined');
  if (x.isZero()) return NUMERIC_ZERO;
  if (!y.isFinite()) {
    if (x.eq(-1)) return NUMERIC_ONE;
    return x.abs().gt(1) === !y.isNegative() ? NUMERIC_INFINITY : NUMERIC_ZERO;
  }
  if (x.isNegative() && !y.isInteger()) throw invalidPower('a negative number raised to a non-integer power yields a complex result');
  if (y.isNegative()) return NUMERIC_ZERO;
  if (!x.isNegative()) return NUMERIC_INFINITY;
  return y.mod(2).isZero() ? NUMERIC_INFINITY : finishNumeric(new ExactDecimal(-Infinity), 0);
}

/** A whole power shows at least 16 digits after the point, and at least the base's. */
function integerPower(base: Numeric, exponent: number): Numeric {
  const scale = clampScale(MIN_SIGNIFICANT_DIGITS, base.scale);
  if (exponent === 0) return new Numeric(new ExactDecimal(1), scale);
  if (base.decimal.isZero()) return new Numeric(new ExactDecimal(0), scale);
  if (exponent === -1) return finishNumeric(divideAtScale(new ExactDecimal(1), base.decimal, scale), scale);
  // Of the result: digits before the point (negative: zeros after it).
  const size = base.decimal.abs();
  const weight = (size.e + Math.log10(size.times(new ExactDecimal(`1e${-size.e}`)).toNumber())) * exponent;
  if (weight >= 131_072 + 4) throw numericOverflow();
  if (weight < -(scale + 4)) return new Numeric(new ExactDecimal(0), scale);
  const digits = Math.max(1, Math.ceil(weight)) + scale + 12 + Math.ceil(Math.log10(Math.abs(exponent)));
  const Working = digits <= MAX_LOGARITHM_PRECISION ? workingDecimal(digits) : Decimal.clone({ precision: digits, defaults: true });
  return rounded(new Working(base.decimal).pow(exponent), scale);
}

function logarithmPower(x: Decimal, y: Decimal, baseScale: number, exponentScale: number): Numeric {
  // PostgreSQL chooses the scale from a product of about eight digits; the same rounding gives the same scale.
  const roughScale = clampScale(8 - estimateLogWeight(x));
  const roughLogarithm = new ExactDecimal(logarithm(x, roughScale + 8)).toDecimalPlaces(roughScale, Decimal.ROUND_HALF_UP);
  const rough = roughLogarithm.times(y).toDecimalPlaces(roughScale, Decimal.ROUND_HALF_UP).toNumber();
  if (Math.abs(rough) > 2000 * 3.01) {
    if (rough > 0) throw numericOverflow();
    return new Numeric(new ExactDecimal(0), MAX_RESULT_SCALE);
  }
  const scale = clampScale(MIN_SIGNIFICANT_DIGITS - Math.trunc(rough * LOG10_E), baseScale, exponentScale);
  const digits = Math.max(0, Math.ceil(rough * LOG10_E)) + scale + 12;
  const logarithmOfResult = new ExactDecimal(logarithm(x, digits + Math.max(0, y.e))).times(y);
  return rounded(exponential(logarithmOfResult, scale), scale);
}
