import { Decimal } from 'decimal.js';
import { divisionByZero } from '../input-errors.js';
import { Numeric } from '../value.js';
import { isLong, longDivision, longProduct, longQuotient, longRemainder } from './long-digits.js';
import { ExactDecimal, finishNumeric, NUMERIC_NAN, NUMERIC_ZERO, numericOverflow } from './numeric.js';
import { atScale } from './rounding.js';
import { divisionScale } from './scale.js';

/**
 * Quotients cut (not rounded) after so many digits. Cutting, then rounding half up at a coarser place, is exact rounding.
 * One constructor per size, since decimal.js keeps the precision on the constructor.
 */
const CUTTING_DECIMALS = [30, 60, 120, 500, 2000, 20_000, 320_000].map((precision) => ({
  precision,
  make: Decimal.clone({ precision, rounding: Decimal.ROUND_DOWN, defaults: true }),
}));

function cuttingDecimal(digits: number): typeof Decimal {
  for (const { precision, make } of CUTTING_DECIMALS) if (precision >= digits) return make;
  throw numericOverflow();
}

export function numericAdd(a: Numeric, b: Numeric): Numeric {
  return finishNumeric(a.decimal.plus(b.decimal), Math.max(a.scale, b.scale));
}

export function numericSubtract(a: Numeric, b: Numeric): Numeric {
  return finishNumeric(a.decimal.minus(b.decimal), Math.max(a.scale, b.scale));
}

export function numericMultiply(a: Numeric, b: Numeric): Numeric {
  const product = isLong(a.decimal, b.decimal) ? longProduct(a.decimal, b.decimal) : a.decimal.times(b.decimal);
  return atScale(product, a.scale + b.scale);
}

/** The quotient rounded at a scale. */
export function divideAtScale(a: Decimal, b: Decimal, scale: number): Decimal {
  if (isLong(a, b)) return longQuotient(a, b, scale);
  const digits = Math.max(1, a.e - b.e + 1) + scale + 3;
  const quotient = new (cuttingDecimal(digits))(a).div(b);
  return new ExactDecimal(quotient.toDecimalPlaces(scale, Decimal.ROUND_HALF_UP));
}

/** @throws SqlError 22012, 22003 */
export function numericDivide(a: Numeric, b: Numeric): Numeric {
  if (a.decimal.isNaN() || b.decimal.isNaN()) return NUMERIC_NAN;
  if (b.decimal.isZero()) throw divisionByZero();
  if (!a.decimal.isFinite()) return finishNumeric(a.decimal.div(b.decimal), 0);
  if (!b.decimal.isFinite()) return NUMERIC_ZERO;
  const scale = divisionScale(a, b);
  return finishNumeric(divideAtScale(a.decimal, b.decimal, scale), scale);
}

/** div(numeric, numeric): the quotient cut toward zero. @throws SqlError 22012 */
export function numericDivideTruncated(a: Numeric, b: Numeric): Numeric {
  if (a.decimal.isNaN() || b.decimal.isNaN()) return NUMERIC_NAN;
  if (b.decimal.isZero()) throw divisionByZero();
  if (!a.decimal.isFinite()) return finishNumeric(a.decimal.div(b.decimal), 0);
  if (!b.decimal.isFinite()) return NUMERIC_ZERO;
  if (isLong(a.decimal, b.decimal)) return finishNumeric(longDivision(a.decimal, b.decimal), 0);
  return finishNumeric(a.decimal.divToInt(b.decimal), 0);
}

/** The remainder with the dividend's sign. @throws SqlError 22012 */
export function numericModulo(a: Numeric, b: Numeric): Numeric {
  if (a.decimal.isNaN() || b.decimal.isNaN()) return NUMERIC_NAN;
  if (b.decimal.isZero()) throw divisionByZero();
  if (!a.decimal.isFinite()) return NUMERIC_NAN;
  if (!b.decimal.isFinite()) return a;
  const remainder = isLong(a.decimal, b.decimal) ? longRemainder(a.decimal, b.decimal) : a.decimal.mod(b.decimal);
  return finishNumeric(remainder, Math.max(a.scale, b.scale));
}

export function numericNegate(value: Numeric): Numeric {
  return value.decimal.isZero() ? value : new Numeric(value.decimal.negated(), value.scale);
}

export function numericAbs(value: Numeric): Numeric {
  return value.decimal.isNegative() ? numericNegate(value) : value;
}

/** sign(): -1, 0 or 1; NaN for NaN. */
export function numericSign(value: Numeric): Numeric {
  if (value.decimal.isNaN()) return NUMERIC_NAN;
  return new Numeric(new ExactDecimal(value.decimal.isZero() ? 0 : value.decimal.isNegative() ? -1 : 1), 0);
}

/** gcd(numeric, numeric), never negative. */
export function numericGcd(a: Numeric, b: Numeric): Numeric {
  if (!a.decimal.isFinite() || !b.decimal.isFinite()) return NUMERIC_NAN;
  let x: Decimal = a.decimal.abs();
  let y: Decimal = b.decimal.abs();
  while (!y.isZero()) [x, y] = [y, x.mod(y)];
  return new Numeric(x, Math.max(a.scale, b.scale));
}

/** lcm(numeric, numeric), never negative; 0 when either is 0. */
export function numericLcm(a: Numeric, b: Numeric): Numeric {
  if (!a.decimal.isFinite() || !b.decimal.isFinite()) return NUMERIC_NAN;
  const scale = Math.max(a.scale, b.scale);
  if (a.decimal.isZero() || b.decimal.isZero()) return new Numeric(new ExactDecimal(0), scale);
  const divisor = numericGcd(a, b).decimal;
  return finishNumeric(a.decimal.divToInt(divisor).times(b.decimal).abs(), scale);
}
