import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { floatOverflow, floatUnderflow } from '../../../types/float.js';
import { roundHalfEven } from '../../../types/rounding.js';
import type { FunctionTable } from '../table.js';

function inputOutOfRange(): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, 'input is out of range');
}

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;

function squareRoot(value: number): number {
  if (value < 0) throw new SqlError(SqlState.invalidArgumentForPowerFunction, 'cannot take square root of a negative number');
  return Math.sqrt(value);
}

function exponential(value: number): number {
  const result = Math.exp(value);
  if (result === Infinity && value !== Infinity) throw floatOverflow();
  if (result === 0 && value !== -Infinity) throw floatUnderflow();
  return result;
}

function checkLogarithm(value: number): void {
  if (value === 0) throw new SqlError(SqlState.invalidArgumentForLogarithm, 'cannot take logarithm of zero');
  if (value < 0) throw new SqlError(SqlState.invalidArgumentForLogarithm, 'cannot take logarithm of a negative number');
}

function naturalLogarithm(value: number): number {
  checkLogarithm(value);
  return Math.log(value);
}

function decimalLogarithm(value: number): number {
  checkLogarithm(value);
  return Math.log10(value);
}

/** @throws SqlError 2201F, 22003 */
export function power(base: number, exponent: number): number {
  // POSIX, unlike JavaScript: 1 to any power and anything to 0 is 1, NaN included.
  if (base === 1 || exponent === 0) return 1;
  if (Number.isNaN(base) || Number.isNaN(exponent)) return Number.NaN;
  if (base === 0 && exponent < 0) {
    throw new SqlError(SqlState.invalidArgumentForPowerFunction, 'zero raised to a negative power is undefined');
  }
  if (base < 0 && !isInfinite(exponent) && !Number.isInteger(exponent)) {
    throw new SqlError(SqlState.invalidArgumentForPowerFunction, 'a negative number raised to a non-integer power yields a complex result');
  }
  if (base === -1 && isInfinite(exponent)) return 1;
  const result = base ** exponent;
  if (!isInfinite(base) && !isInfinite(exponent)) {
    if (isInfinite(result)) throw floatOverflow();
    if (result === 0 && base !== 0) throw floatUnderflow();
  }
  return result;
}

/** A trigonometric function, whose argument must be finite. */
function periodic(compute: (value: number) => number): (value: number) => number {
  return (value) => {
    if (isInfinite(value)) throw inputOutOfRange();
    return compute(value);
  };
}

function within(limit: number, compute: (value: number) => number): (value: number) => number {
  return (value) => {
    if (value < -limit || value > limit) throw inputOutOfRange();
    return compute(value);
  };
}

function checkedResult(compute: (value: number) => number): (value: number) => number {
  return (value) => {
    const result = compute(value);
    if (isInfinite(result) && !isInfinite(value)) throw floatOverflow();
    return result;
  };
}

const RADIANS_PER_DEGREE = Math.PI / 180;

function degrees(value: number): number {
  const result = value / RADIANS_PER_DEGREE;
  if (isInfinite(result) && !isInfinite(value)) throw floatOverflow();
  return result;
}

const dacosh = (value: number): number => {
  if (value < 1) throw inputOutOfRange();
  return Math.acosh(value);
};

export const floatMath: FunctionTable = {
  scalar: {
    /** rint() keeps the sign of what it rounds to zero. */
    dround: (value: number) => roundHalfEven(value) || (value < 0 ? -0 : value * 0),
    dtrunc: (value: number) => Math.trunc(value),
    dceil: (value: number) => Math.ceil(value),
    dfloor: (value: number) => Math.floor(value),
    dsign: (value: number) => (value > 0 ? 1 : value < 0 ? -1 : 0),
    dsqrt: squareRoot,
    dcbrt: (value: number) => Math.cbrt(value),
    dexp: exponential,
    dlog1: naturalLogarithm,
    dlog10: decimalLogarithm,
    dpow: power,
    dasin: within(1, Math.asin),
    dacos: within(1, Math.acos),
    datan: (value: number) => Math.atan(value),
    datan2: (y: number, x: number) => Math.atan2(y, x),
    dsin: periodic(Math.sin),
    dcos: periodic(Math.cos),
    dtan: periodic(Math.tan),
    dcot: periodic((value) => 1 / Math.tan(value)),
    dsinh: (value: number) => Math.sinh(value),
    dcosh: (value: number) => Math.cosh(value),
    dtanh: (value: number) => Math.tanh(value),
    dasinh: (value: number) => Math.asinh(value),
    dacosh,
    datanh: (value: number) => {
      if (value < -1 || value > 1) throw inputOutOfRange();
      return Math.atanh(value);
    },
    degrees,
    radians: checkedResult((value) => value * RADIANS_PER_DEGREE),
    dpi: () => Math.PI,
  },
};
