import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { divisionByZero, invalidInput, outOfRange } from './input-errors.js';
import { type Int8, int8OfBigInt } from './integer.js';
import { roundHalfEven } from './rounding.js';

const FLOAT_TEXT =
  /^[ \t-\r]*(([+-]?)(?:(nan)|(inf(?:inity)?)|(0x[0-9a-f]+(?:\.[0-9a-f]*)?(?:p[+-]?\d+)?)|((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)))[ \t-\r]*$/i;

function parseFloat64(text: string, type: string, round: (value: number) => number): number {
  const match = FLOAT_TEXT.exec(text);
  if (match === null) throw invalidInput(type, text);
  const negative = match[2] === '-';
  if (match[3] !== undefined) return Number.NaN;
  if (match[4] !== undefined) return negative ? -Infinity : Infinity;
  const magnitude = match[5] !== undefined ? parseHexFloat(match[5]) : Number(match[6]);
  const value = round(magnitude);
  if (value === Infinity || (value === 0 && hasNonZeroDigit(match[6] ?? ''))) {
    throw new SqlError(SqlState.numericValueOutOfRange, `"${match[1]}" is out of range for type ${type}`);
  }
  return negative ? -value : value;
}

function hasNonZeroDigit(digits: string): boolean {
  return /^[^eE]*[1-9]/.test(digits);
}

function parseHexFloat(text: string): number {
  const match = /^0x([0-9a-f]+)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?$/i.exec(text);
  const fraction = match?.[2] ?? '';
  return Number(`0x${match?.[1] ?? '0'}${fraction}`) * 2 ** (Number(match?.[3] ?? 0) - 4 * fraction.length);
}

const same = (value: number): number => value;

/** Reads a float8 as C's strtod does, 'NaN', 'Infinity' and 'inf' in any case. @throws SqlError 22P02, 22003 */
export function parseFloat8(text: string): number {
  return parseFloat64(text, 'double precision', same);
}

/** Reads a float4. @throws SqlError 22P02, 22003 */
export function parseFloat4(text: string): number {
  return parseFloat64(text, 'real', Math.fround);
}

/** The exponent with a sign and at least two digits, as C prints it. */
function exponentForm(mantissa: string, exponent: number): string {
  const size = Math.abs(exponent);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** C's %.*g: `digits` significant digits, trailing zeros cut. */
export function formatGeneral(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '0', exponentText = '0'] = value.toExponential(digits - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= digits) {
    return exponentForm(mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa, exponent);
  }
  const fixed = value.toFixed(Math.max(0, digits - 1 - exponent));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

/** float8out: with extra_float_digits ≥ 1 the shortest text that reads back the same, else 15 + extra digits. */
export function formatFloat8(value: number, extraFloatDigits: number): string {
  if (!Number.isFinite(value)) return special(value);
  if (extraFloatDigits <= 0) return formatGeneral(value, Math.max(1, 15 + extraFloatDigits));
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e15) return `${value}`;
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return exponentForm(mantissa, Number(exponent));
}

/** float4out: as formatFloat8, for the 32-bit value. */
export function formatFloat4(value: number, extraFloatDigits: number): string {
  if (!Number.isFinite(value)) return special(value);
  if (extraFloatDigits <= 0) return formatGeneral(value, Math.max(1, 6 + extraFloatDigits));
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  if (size < 1e6 && Number.isInteger(value)) return `${value}`;
  let text = '';
  for (let digits = 0; digits < 9; digits++) {
    text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) break;
  }
  const [mantissa = '0', exponentText = '0'] = text.split('e');
  const exponent = Number(exponentText);
  return exponent >= -4 && exponent < 6 ? `${Number(text)}` : exponentForm(mantissa, exponent);
}

/** NaN is equal to itself and above everything, as btree's float operators have it. */
export function compareFloats(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

export function floatOverflow(): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, 'value out of range: overflow');
}

export function floatUnderflow(): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, 'value out of range: underflow');
}

function isInfinite(value: number): boolean {
  return value === Infinity || value === -Infinity;
}

export function float8Add(a: number, b: number): number {
  const result = a + b;
  if (isInfinite(result) && !isInfinite(a) && !isInfinite(b)) throw floatOverflow();
  return result;
}

export function float8Subtract(a: number, b: number): number {
  const result = a - b;
  if (isInfinite(result) && !isInfinite(a) && !isInfinite(b)) throw floatOverflow();
  return result;
}

export function float8Multiply(a: number, b: number): number {
  const result = a * b;
  if (isInfinite(result) && !isInfinite(a) && !isInfinite(b)) throw floatOverflow();
  if (result === 0 && a !== 0 && b !== 0) throw floatUnderflow();
  return result;
}

/** @throws SqlError 22012, 22003 */
export function float8Divide(a: number, b: number): number {
  if (b === 0 && !Number.isNaN(a)) throw divisionByZero();
  const result = a / b;
  if (isInfinite(result) && !isInfinite(a)) throw floatOverflow();
  if (result === 0 && a !== 0 && !isInfinite(b)) throw floatUnderflow();
  return result;
}

/** float8 → float4. @throws SqlError 22003 */
export function float8ToFloat4(value: number): number {
  const result = Math.fround(value);
  if (isInfinite(result) && !isInfinite(value)) throw floatOverflow();
  if (result === 0 && value !== 0) throw floatUnderflow();
  return result;
}

export const float4Add = (a: number, b: number): number => narrow(a + b, isInfinite(a) || isInfinite(b));
export const float4Subtract = (a: number, b: number): number => narrow(a - b, isInfinite(a) || isInfinite(b));

export function float4Multiply(a: number, b: number): number {
  const result = narrow(a * b, isInfinite(a) || isInfinite(b));
  if (result === 0 && a !== 0 && b !== 0) throw floatUnderflow();
  return result;
}

/** @throws SqlError 22012, 22003 */
export function float4Divide(a: number, b: number): number {
  if (b === 0 && !Number.isNaN(a)) throw divisionByZero();
  const result = narrow(a / b, isInfinite(a));
  if (result === 0 && a !== 0 && !isInfinite(b)) throw floatUnderflow();
  return result;
}

function narrow(value: number, infinityExpected: boolean): number {
  const result = Math.fround(value);
  if (isInfinite(result) && !infinityExpected) throw floatOverflow();
  return result;
}

/** @throws SqlError 22003 (also for NaN) */
export function floatToInt4(value: number): number {
  const rounded = roundHalfEven(value);
  if (!(rounded >= -0x80000000 && rounded <= 0x7fffffff)) throw outOfRange('integer');
  return rounded || 0;
}

/** @throws SqlError 22003 (also for NaN) */
export function floatToInt2(value: number): number {
  const rounded = roundHalfEven(value);
  if (!(rounded >= -0x8000 && rounded <= 0x7fff)) throw outOfRange('smallint');
  return rounded || 0;
}

/** @throws SqlError 22003 (also for NaN) */
export function floatToInt8(value: number): Int8 {
  const rounded = roundHalfEven(value);
  if (Number.isSafeInteger(rounded)) return rounded || 0;
  if (!Number.isFinite(rounded)) throw outOfRange('bigint');
  return int8OfBigInt(BigInt(rounded));
}
