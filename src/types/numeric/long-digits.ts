import type { Decimal } from 'decimal.js';
import { ExactDecimal } from './numeric.js';

/**
 * Arithmetic of very long numbers. decimal.js takes the square of their length: seconds for a hundred thousand digits, during which nothing else
 * runs. The engine's integers have faster ways, so beyond some thousand digits numbers go through them.
 */

/** Words of seven digits from which on that pays, in both operands together. */
const LONG_WORDS = 400;
const DIGITS_PER_WORD = 7;

/** False for NaN and infinities, which have no words, whatever decimal.js's types say. */
export function isLong(a: Decimal, b: Decimal): boolean {
  return a.d?.length + b.d?.length > LONG_WORDS;
}

/** A finite number as coefficient × 10^exponent; the coefficient is not negative. */
interface Scaled {
  readonly coefficient: bigint;
  readonly exponent: number;
}

function scaledOf(decimal: Decimal): Scaled {
  let digits = '';
  decimal.d.forEach((word, i) => {
    digits += i === 0 ? word : String(word).padStart(DIGITS_PER_WORD, '0');
  });
  return { coefficient: BigInt(digits), exponent: decimal.e + 1 - digits.length };
}

function decimalOf(coefficient: bigint, exponent: number, isNegative: boolean): Decimal {
  return new ExactDecimal(`${isNegative && coefficient !== 0n ? '-' : ''}${coefficient}e${exponent}`);
}

/** Both coefficients at the smaller exponent. */
function aligned(a: Scaled, b: Scaled): readonly [a: bigint, b: bigint, exponent: number] {
  const exponent = Math.min(a.exponent, b.exponent);
  return [a.coefficient * 10n ** BigInt(a.exponent - exponent), b.coefficient * 10n ** BigInt(b.exponent - exponent), exponent];
}

/** Exact. */
export function longProduct(a: Decimal, b: Decimal): Decimal {
  const x = scaledOf(a);
  const y = scaledOf(b);
  return decimalOf(x.coefficient * y.coefficient, x.exponent + y.exponent, a.isNegative() !== b.isNegative());
}

/** Rounded at a scale, halves away from zero. */
export function longQuotient(a: Decimal, b: Decimal, scale: number): Decimal {
  const [x, y] = aligned(scaledOf(a), scaledOf(b));
  const dividend = x * 10n ** BigInt(scale);
  let quotient = dividend / y;
  if ((dividend - quotient * y) * 2n >= y) quotient++;
  return decimalOf(quotient, -scale, a.isNegative() !== b.isNegative());
}

/** Cut toward zero. */
export function longDivision(a: Decimal, b: Decimal): Decimal {
  const [x, y] = aligned(scaledOf(a), scaledOf(b));
  return decimalOf(x / y, 0, a.isNegative() !== b.isNegative());
}

/** With the dividend's sign. */
export function longRemainder(a: Decimal, b: Decimal): Decimal {
  const [x, y, exponent] = aligned(scaledOf(a), scaledOf(b));
  return decimalOf(x % y, exponent, a.isNegative());
}

/** The root of a number that is not negative, rounded at a scale. */
export function longSquareRoot(value: Decimal, scale: number): Decimal {
  const { coefficient, exponent } = scaledOf(value);
  // Scaled by 10^(2 × scale + 2), of which the root has one digit more than is wanted.
  const shift = exponent + 2 * scale + 2;
  const radicand = shift >= 0 ? coefficient * 10n ** BigInt(shift) : coefficient / 10n ** BigInt(-shift);
  return decimalOf((integerRoot(radicand) + 5n) / 10n, -scale, false);
}

/** The largest integer whose square is not above n: Newton's method, from a root of half the digits. */
function integerRoot(n: bigint): bigint {
  if (n < 1n << 52n) return BigInt(Math.floor(Math.sqrt(Number(n))));
  const bits = n.toString(16).length * 4;
  const half = BigInt(bits >> 2);
  let root = (integerRoot(n >> (2n * half)) + 1n) << half;
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
