import type { Decimal } from 'decimal.js';
import type { Numeric } from '../value.js';

/** PostgreSQL's NUMERIC_MIN_SIG_DIGITS and NUMERIC_MAX_DISPLAY_SCALE: what inexact results show. */
export const MIN_SIGNIFICANT_DIGITS = 16;
export const MAX_RESULT_SCALE = 1000;
/** PostgreSQL's numeric has digits of base 10,000; its scale rules count in them. */
const DIGITS_PER_GROUP = 4;
const WORD_DIGITS = 7;

/** The power of 10,000 of the first group of four digits. */
export function groupWeight(decimal: Decimal): number {
  return decimal.isZero() ? 0 : Math.floor(decimal.e / DIGITS_PER_GROUP);
}

/** The first `digits` decimal digits as a number (up to 14 of them). */
function leadingDigits(decimal: Decimal, digits: number): number {
  const [first = 0, second = 0, third = 0] = decimal.d;
  const firstLength = first >= 1_000_000 ? 7 : `${first}`.length;
  let value = first;
  let length = firstLength;
  if (length < digits) {
    value = value * 10 ** WORD_DIGITS + second;
    length += WORD_DIGITS;
  }
  if (length < digits) {
    value = value * 10 ** WORD_DIGITS + third;
    length += WORD_DIGITS;
  }
  return length > digits ? Math.floor(value / 10 ** (length - digits)) : value;
}

/** The first group of four digits (1 … 9999; 0 for zero). */
export function firstGroup(decimal: Decimal): number {
  if (decimal.isZero()) return 0;
  return leadingDigits(decimal, decimal.e - groupWeight(decimal) * DIGITS_PER_GROUP + 1);
}

export function clampScale(scale: number, ...least: number[]): number {
  return Math.min(MAX_RESULT_SCALE, Math.max(0, scale, ...least));
}

/** The scale of a quotient: at least 16 significant digits, and at least the inputs' scales. */
export function divisionScale(a: Numeric, b: Numeric): number {
  let quotientWeight = groupWeight(a.decimal) - groupWeight(b.decimal);
  if (firstGroup(a.decimal) <= firstGroup(b.decimal)) quotientWeight--;
  const scale = MIN_SIGNIFICANT_DIGITS - quotientWeight * DIGITS_PER_GROUP;
  return Math.min(MAX_RESULT_SCALE, Math.max(scale, a.scale, b.scale, 0));
}

export function squareRootScale(value: Numeric): number {
  const weight = groupWeight(value.decimal);
  // Decimal digits of the root before the point, rounded as PostgreSQL rounds them.
  const rootWeight = weight >= 0 ? Math.trunc((weight * DIGITS_PER_GROUP) / 2) + 1 : 1 - Math.trunc((1 - weight * DIGITS_PER_GROUP) / 2);
  return clampScale(MIN_SIGNIFICANT_DIGITS - rootWeight, value.scale);
}

/** The decimal exponent of ln(value), estimated as PostgreSQL estimates it, since result scales follow from it. */
export function estimateLogWeight(decimal: Decimal): number {
  if (decimal.isZero() || decimal.isNegative()) return 0;
  if (decimal.gte('0.9') && decimal.lte('1.1')) {
    const distance = decimal.minus(1);
    if (distance.isZero()) return 0;
    return groupWeight(distance) * DIGITS_PER_GROUP + Math.trunc(Math.log10(firstGroup(distance)));
  }
  const weight = groupWeight(decimal);
  const groups = Math.min(2, groupCount(decimal));
  const firstDigits = decimal.e - weight * DIGITS_PER_GROUP + 1;
  const digits = leadingDigits(decimal, firstDigits + (groups - 1) * DIGITS_PER_GROUP);
  const exponent = (weight - (groups - 1)) * DIGITS_PER_GROUP;
  const logarithm = Math.log(digits) + exponent * Math.LN10;
  return Math.trunc(Math.log10(Math.abs(logarithm)));
}

/** Groups of four digits that the value needs. */
function groupCount(decimal: Decimal): number {
  const lowest = -decimal.decimalPlaces();
  const lowestExponent = lowest < 0 ? lowest : decimal.e - decimal.precision() + 1;
  return groupWeight(decimal) - Math.floor(lowestExponent / DIGITS_PER_GROUP) + 1;
}
