import { divisionByZero, inputOutOfRange, invalidInput, isSpace, outOfRange } from './input-errors.js';

/** A bigint as a SQL value: number when safe, else bigint; never the other way round. */
export type Int8 = number | bigint;

const INT8_MAX = 9223372036854775807n;
const INT8_MIN = -9223372036854775808n;
const ZERO = 48;
const NINE = 57;

/** The canonical form of an int8. @throws SqlError 22003 'bigint out of range' */
export function int8OfBigInt(value: bigint): Int8 {
  if (value > INT8_MAX || value < INT8_MIN) throw outOfRange('bigint');
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}

/** The canonical form of a bigint that is known to fit into 64 bits. */
export function canonicalInt8(value: bigint): Int8 {
  const asNumber = Number(value);
  return Number.isSafeInteger(asNumber) ? asNumber : value;
}

/**
 * Reads a decimal integer between min and max (both safe numbers), as int2in and int4in do: spaces around are fine.
 * @throws SqlError 22P02, 22003 naming `type`
 */
export function parseInteger(text: string, min: number, max: number, type: string): number {
  const length = text.length;
  let at = 0;
  while (at < length && isSpace(text.charCodeAt(at))) at++;
  let negative = false;
  if (at < length) {
    const sign = text.charCodeAt(at);
    negative = sign === 45;
    if (negative || sign === 43) at++;
  }
  const start = at;
  const limit = negative ? -min : max;
  let value = 0;
  for (; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) break;
    value = value * 10 + (code - ZERO);
    if (value > limit) throw inputOutOfRange(type, text);
  }
  if (at === start) throw invalidInput(type, text);
  while (at < length && isSpace(text.charCodeAt(at))) at++;
  if (at < length) throw invalidInput(type, text);
  return negative ? -value || 0 : value;
}

/** Reads an int8. @throws SqlError 22P02, 22003 */
export function parseInt8(text: string): Int8 {
  if (text.length <= 15) return parseInteger(text, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'bigint');
  const match = /^[ \t-\r]*([+-]?)(\d+)([ \t-\r]*)/.exec(text);
  if (match === null) throw invalidInput('bigint', text);
  const digits = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  if (digits.length > 19) throw inputOutOfRange('bigint', text);
  const value = match[1] === '-' ? -BigInt(digits) : BigInt(digits);
  if (value > INT8_MAX || value < INT8_MIN) throw inputOutOfRange('bigint', text);
  if (match[0].length !== text.length) throw invalidInput('bigint', text);
  return canonicalInt8(value);
}

/** Reads an oid: 0 … 2^32-1; as PostgreSQL, -2^31 … -1 too, which wrap. @throws SqlError 22P02, 22003 */
export function parseOid(text: string): number {
  const match = /^[ \t-\r]*([+-]?\d+)([ \t-\r]*)/.exec(text);
  if (match === null || match[0].length !== text.length) throw invalidInput('oid', text);
  const value = Number(match[1]);
  if (value > 0xffffffff || value < -0x80000000) throw inputOutOfRange('oid', text);
  return value < 0 ? value + 0x100000000 : value || 0;
}

function checkInt4(value: number): number {
  if (value > 0x7fffffff || value < -0x80000000) throw outOfRange('integer');
  return value;
}

function checkInt2(value: number): number {
  if (value > 0x7fff || value < -0x8000) throw outOfRange('smallint');
  return value;
}

export const int4Add = (a: number, b: number): number => checkInt4(a + b);
export const int4Subtract = (a: number, b: number): number => checkInt4(a - b);
/** A product beyond 2^53 is inexact, but far out of range either way. */
export const int4Multiply = (a: number, b: number): number => checkInt4(a * b || 0);
export const int4Negate = (a: number): number => checkInt4(-a || 0);
export const int4Abs = (a: number): number => checkInt4(Math.abs(a));

/** Truncates toward zero. @throws SqlError 22012, 22003 */
export function int4Divide(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  return checkInt4(Math.trunc(a / b) || 0);
}

/** The sign of the dividend. @throws SqlError 22012 */
export function int4Modulo(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  return a % b || 0;
}

export const int2Add = (a: number, b: number): number => checkInt2(a + b);
export const int2Subtract = (a: number, b: number): number => checkInt2(a - b);
export const int2Multiply = (a: number, b: number): number => checkInt2(a * b || 0);
export const int2Negate = (a: number): number => checkInt2(-a || 0);
export const int2Abs = (a: number): number => checkInt2(Math.abs(a));

export function int2Divide(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  return checkInt2(Math.trunc(a / b) || 0);
}

export function int8Add(a: Int8, b: Int8): Int8 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return int8OfBigInt(BigInt(a) + BigInt(b));
}

export function int8Subtract(a: Int8, b: Int8): Int8 {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return int8OfBigInt(BigInt(a) - BigInt(b));
}

export function int8Multiply(a: Int8, b: Int8): Int8 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product || 0;
  }
  return int8OfBigInt(BigInt(a) * BigInt(b));
}

/** Truncates toward zero. @throws SqlError 22012, 22003 */
export function int8Divide(a: Int8, b: Int8): Int8 {
  if (b === 0) throw divisionByZero();
  // The quotient of two safe integers, rounded once, can reach the next integer only above 2^52: those go through bigint.
  if (typeof a === 'number' && typeof b === 'number' && a <= 0xfffffffffffff && a >= -0xfffffffffffff) return Math.trunc(a / b) || 0;
  return int8OfBigInt(BigInt(a) / BigInt(b));
}

/** The sign of the dividend. @throws SqlError 22012 */
export function int8Modulo(a: Int8, b: Int8): Int8 {
  if (b === 0) throw divisionByZero();
  if (typeof a === 'number' && typeof b === 'number') return a % b || 0;
  return canonicalInt8(BigInt(a) % BigInt(b));
}

export function int8Negate(a: Int8): Int8 {
  return typeof a === 'number' ? -a || 0 : int8OfBigInt(-a);
}

export function int8Abs(a: Int8): Int8 {
  return a < 0 ? int8Negate(a) : a;
}

export function compareInt8(a: Int8, b: Int8): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @throws SqlError 22003 */
export function int8ToInt4(value: Int8): number {
  if (typeof value === 'bigint') throw outOfRange('integer');
  return checkInt4(value);
}

/** @throws SqlError 22003 */
export function int8ToInt2(value: Int8): number {
  if (typeof value === 'bigint') throw outOfRange('smallint');
  return checkInt2(value);
}

export const int4ToInt2 = checkInt2;

/** @throws SqlError 22003 'OID out of range' */
export function int8ToOid(value: Int8): number {
  if (typeof value === 'bigint' || value < 0 || value > 0xffffffff) throw outOfRange('OID');
  return value;
}

/** An int4 seen as an oid and back: the same 32 bits. */
export const int4ToOid = (value: number): number => value >>> 0;
export const oidToInt4 = (value: number): number => value | 0;

/** The greatest common divisor, never negative. @throws SqlError 22003 for the most negative number */
export function int8Gcd(a: Int8, b: Int8): Int8 {
  let x = BigInt(a);
  let y = BigInt(b);
  while (y !== 0n) [x, y] = [y, x % y];
  return int8OfBigInt(x < 0n ? -x : x);
}

/** The least common multiple, never negative; 0 when either is 0. @throws SqlError 22003 */
export function int8Lcm(a: Int8, b: Int8): Int8 {
  if (a === 0 || b === 0) return 0;
  const product = (BigInt(a) / BigInt(int8Gcd(a, b))) * BigInt(b);
  return int8OfBigInt(product < 0n ? -product : product);
}
