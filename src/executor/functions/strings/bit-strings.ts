import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { fitBit, fitVarbit } from '../../../types/bit-string.js';
import { outOfRange } from '../../../types/input-errors.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

/** @throws SqlError 22026 */
function combine(a: string, b: string, verb: string, one: (x: boolean, y: boolean) => boolean): string {
  if (a.length !== b.length) {
    throw new SqlError(SqlState.stringDataLengthMismatch, `cannot ${verb} bit strings of different sizes`);
  }
  let result = '';
  for (let i = 0; i < a.length; i++) result += one(a[i] === '1', b[i] === '1') ? '1' : '0';
  return result;
}
const and = (a: string, b: string): string => combine(a, b, 'AND', (x, y) => x && y);
const or = (a: string, b: string): string => combine(a, b, 'OR', (x, y) => x || y);
const xor = (a: string, b: string): string => combine(a, b, 'XOR', (x, y) => x !== y);

function shift(bits: string, count: number): string {
  if (count >= 0) return bits.slice(count).padEnd(bits.length, '0');
  return bits.slice(0, Math.max(0, bits.length + count)).padStart(bits.length, '0');
}

function negativeLength(): SqlError {
  return new SqlError(SqlState.substringError, 'negative substring length not allowed');
}

function substring(bits: string, start: number, length: number): string {
  if (length < 0) throw negativeLength();
  return bits.slice(Math.max(0, start - 1), Math.max(0, start - 1 + length));
}

function overlay(bits: string, part: string, start: number, length: number): string {
  if (start <= 0) throw negativeLength();
  return bits.slice(0, start - 1) + part + bits.slice(Math.max(0, start - 1 + length));
}

/** @throws SqlError 2202E */
function checkIndex(bits: string, index: number): void {
  if (index < 0 || index >= bits.length) {
    throw new SqlError(SqlState.arraySubscriptError, `bit index ${index} out of valid range (0..${bits.length - 1})`);
  }
}

/** As long as a text may be. */
const MAX_BITS = 536_870_888;

function ofInteger(value: Int8, length: number): string {
  const width = length <= 0 ? 1 : length;
  if (width > MAX_BITS) throw new SqlError(SqlState.programLimitExceeded, 'bit string length exceeds the maximum allowed (2147483640)');
  if (width > 64 && value < 0) return BigInt.asUintN(64, BigInt(value)).toString(2).padStart(width, '1');
  return BigInt.asUintN(width, BigInt(value)).toString(2).padStart(width, '0');
}

function toInteger(bits: string, width: number, type: string): Int8 {
  if (bits.length > width) throw outOfRange(type);
  return bits === '' ? 0 : canonicalInt8(BigInt.asIntN(width, BigInt(`0b${bits}`)));
}

function fold(step: (a: string, b: string) => string): AggregateFunction<string | null> {
  return {
    strict: true,
    init: () => null,
    step: (state, [value]) => (typeof value !== 'string' ? state : state === null ? value : step(state, value)),
    final: (state) => state,
  };
}

export const bitStringFunctions: FunctionTable = {
  scalar: {
    bit_and: and,
    bit_or: or,
    bitxor: xor,
    bitnot: (bits: string) => bits.replace(/./g, (bit) => (bit === '0' ? '1' : '0')),
    bitshiftleft: shift,
    bitshiftright: (bits: string, count: number) => shift(bits, -count),
    bitcat: (a: string, b: string) => a + b,
    bitsubstr: substring,
    bitsubstr_no_len: (bits: string, start: number) => bits.slice(Math.max(0, start - 1)),
    bitoverlay: overlay,
    bitoverlay_no_len: (bits: string, part: string, start: number) => overlay(bits, part, start, part.length),
    bitposition: (bits: string, part: string) => (bits.length === 0 && part.length === 0 ? 0 : bits.indexOf(part) + 1),
    bitlength: (bits: string) => bits.length,
    'bit_length(bit)': (bits: string) => bits.length,
    bitoctetlength: (bits: string) => (bits.length + 7) >> 3,
    bit_bit_count: (bits: string) => bits.replaceAll('0', '').length,
    bitgetbit: (bits: string, index: number) => {
      checkIndex(bits, index);
      return bits[index] === '1' ? 1 : 0;
    },
    bitsetbit: (bits: string, index: number, bit: number) => {
      checkIndex(bits, index);
      if (bit !== 0 && bit !== 1) throw new SqlError(SqlState.invalidParameterValue, 'new bit must be 0 or 1');
      return bits.slice(0, index) + bit + bits.slice(index + 1);
    },
    bitfromint4: ofInteger,
    bitfromint8: ofInteger,
    bittoint4: (bits: string) => toInteger(bits, 32, 'integer'),
    bittoint8: (bits: string) => toInteger(bits, 64, 'bigint'),
    bit: (bits: string, typmod: number, isExplicit: boolean) => (typmod <= 0 ? bits : fitBit(bits, typmod, isExplicit)),
    varbit: (bits: string, typmod: number, isExplicit: boolean) => (typmod <= 0 ? bits : fitVarbit(bits, typmod, isExplicit)),
  },
  aggregate: {
    'bit_and(1560)': fold(and),
    'bit_or(1560)': fold(or),
    'bit_xor(1560)': fold(xor),
  },
};
