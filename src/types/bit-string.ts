import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import { insufficientData, invalidBinary } from './input-errors.js';
import { asBuffer } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

/** bit and varbit: texts of '0' and '1', whose order is that of the bit strings. */

const NIBBLES: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 16 }, (_, i) => [i.toString(16), i.toString(2).padStart(4, '0')]),
);

/** '101', 'B101' or 'X5'. @throws SqlError 22P02 */
export function parseBits(text: string): string {
  const lead = text[0];
  if (lead === 'x' || lead === 'X') {
    let bits = '';
    for (const digit of text.slice(1)) {
      const nibble = NIBBLES[digit.toLowerCase()];
      if (nibble === undefined) throw invalidDigit(digit, 'hexadecimal');
      bits += nibble;
    }
    return bits;
  }
  const digits = lead === 'b' || lead === 'B' ? text.slice(1) : text;
  for (const digit of digits) if (digit !== '0' && digit !== '1') throw invalidDigit(digit, 'binary');
  return digits;
}

function invalidDigit(digit: string, kind: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, `"${digit}" is not a valid ${kind} digit`);
}

/** Fits to bit(n). @throws SqlError 22026 */
export function fitBit(bits: string, length: number, isExplicitCast: boolean): string {
  if (bits.length === length) return bits;
  if (isExplicitCast) return bits.slice(0, length).padEnd(length, '0');
  throw new SqlError(SqlState.stringDataLengthMismatch, `bit string length ${bits.length} does not match type bit(${length})`);
}

/** Fits to varbit(n). @throws SqlError 22001 */
export function fitVarbit(bits: string, length: number, isExplicitCast: boolean): string {
  if (bits.length <= length) return bits;
  if (isExplicitCast) return bits.slice(0, length);
  throw new SqlError(SqlState.stringDataRightTruncation, `bit string too long for type bit varying(${length})`);
}

/** A count of bits, and the bits with the first one in the highest place. */
function sendBits(value: SqlValue): Uint8Array {
  const bits = value as string;
  const bytes = Buffer.alloc(4 + ((bits.length + 7) >> 3));
  bytes.writeInt32BE(bits.length);
  for (let i = 0; i < bits.length; i++) if (bits[i] === '1') bytes[4 + (i >> 3)] = (bytes[4 + (i >> 3)] ?? 0) | (0x80 >> (i & 7));
  return bytes;
}

function receiveBits(bytes: Uint8Array): string {
  if (bytes.length < 4) throw insufficientData();
  const length = asBuffer(bytes).readInt32BE(0);
  if (length < 0) throw invalidBinary('invalid length in external bit string');
  if (bytes.length < 4 + ((length + 7) >> 3)) throw insufficientData();
  let bits = '';
  for (let i = 4; i < bytes.length; i++) bits += (bytes[i] ?? 0).toString(2).padStart(8, '0');
  return bits.slice(0, length);
}

const bit: TypeCodec = {
  oid: TypeOid.bit,
  name: 'bit',
  input: (text, _cx, typmod) => (typmod > 0 ? fitBit(parseBits(text), typmod, false) : parseBits(text)),
  output: (value) => value as string,
  send: sendBits,
  receive: receiveBits,
  compare: (a, b) => ((a as string) < (b as string) ? -1 : a === b ? 0 : 1),
  hashKey: (value) => value as string,
};

export const bitCodecs: readonly TypeCodec[] = [
  bit,
  {
    ...bit,
    oid: TypeOid.varbit,
    name: 'varbit',
    input: (text, _cx, typmod) => (typmod > 0 ? fitVarbit(parseBits(text), typmod, false) : parseBits(text)),
  },
];
