import type { Decimal } from 'decimal.js';
import { ExactDecimal } from '../types/numeric/numeric.js';
import type { KeyBuffer } from './key-buffer.js';
import type { KeyBytes } from './key-bytes.js';

/**
 * numeric in a key: a class byte, then the decimal exponent (24 bits, biased) and the digits in pairs (each 1 … 100), closed by 0.
 * Negative ones have their exponent and digits inverted. Zeros at the end are left out, so 1.0 and 1.00 are the same key.
 */
const NEGATIVE_INFINITY = 1;
const NEGATIVE = 2;
const ZERO = 3;
const POSITIVE = 4;
const POSITIVE_INFINITY = 5;
const NOT_A_NUMBER = 6;
const EXPONENT_BIAS = 0x800000;
/** Digits in one word of Decimal's `d`. */
const WORD_DIGITS = 7;

export function writeNumericKey(key: KeyBuffer, decimal: Decimal): void {
  if (!decimal.isFinite()) {
    key.byte(decimal.isNaN() ? NOT_A_NUMBER : decimal.isNegative() ? NEGATIVE_INFINITY : POSITIVE_INFINITY);
    return;
  }
  if (decimal.isZero()) {
    key.byte(ZERO);
    return;
  }
  const negative = decimal.isNegative();
  key.byte(negative ? NEGATIVE : POSITIVE);
  const start = key.length;
  const exponent = decimal.e + EXPONENT_BIAS;
  key.byte(exponent >>> 16);
  key.uint16(exponent & 0xffff);
  const digits = digitsOf(decimal);
  for (let i = 0; i < digits.length; i += 2) {
    const low = i + 1 < digits.length ? digits.charCodeAt(i + 1) - 48 : 0;
    key.byte((digits.charCodeAt(i) - 48) * 10 + low + 1);
  }
  key.byte(0);
  if (negative) key.invert(start);
}

export function readNumericKey(key: KeyBytes): Decimal {
  const kind = key.byte();
  switch (kind) {
    case NEGATIVE_INFINITY:
      return new ExactDecimal(Number.NEGATIVE_INFINITY);
    case ZERO:
      return new ExactDecimal(0);
    case POSITIVE_INFINITY:
      return new ExactDecimal(Number.POSITIVE_INFINITY);
    case NOT_A_NUMBER:
      return new ExactDecimal(Number.NaN);
  }
  const flip = kind === NEGATIVE ? 0xff : 0;
  const high = key.byte() ^ flip;
  const middle = key.byte() ^ flip;
  const exponent = ((high << 16) | (middle << 8) | (key.byte() ^ flip)) - EXPONENT_BIAS;
  let digits = '';
  for (let pair = key.byte() ^ flip; pair !== 0; pair = key.byte() ^ flip) {
    digits += pair <= 10 ? `0${pair - 1}` : String(pair - 1);
  }
  // The first digit is never 0, so the text has one digit before its point.
  return new ExactDecimal(`${kind === NEGATIVE ? '-' : ''}${digits[0]}.${digits.slice(1)}e${exponent}`);
}

/** Significant digits without zeros at the end. */
function digitsOf(decimal: Decimal): string {
  const words = decimal.d;
  let digits = String(words[0]);
  for (let i = 1; i < words.length; i++) digits += String(words[i]).padStart(WORD_DIGITS, '0');
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
