import type { TypeCodec } from './codec.js';
import { invalidBinary } from './input-errors.js';
import { canonicalInt8, compareInt8, type Int8, parseInt8, parseInteger, parseOid } from './integer.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

const UINT64_MAX = 0xffffffffffffffffn;

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** @throws SqlError 22P03 unless there are exactly so many bytes */
export function fixedSize(bytes: Uint8Array, size: number): Buffer {
  if (bytes.length !== size) {
    throw invalidBinary(bytes.length < size ? 'insufficient data left in message' : 'incorrect binary data format');
  }
  return asBuffer(bytes);
}

export function compareNumbers(a: SqlValue, b: SqlValue): number {
  return (a as number) - (b as number);
}

export function numberHashKey(value: SqlValue): number {
  return value as number;
}

function writeInt4(value: SqlValue, target: Buffer, offset: number): void {
  target.writeInt32BE(value as number, offset);
}

/** Oids are unsigned; the same four bytes. */
export function writeOid(value: SqlValue, target: Buffer, offset: number): void {
  target.writeUInt32BE(value as number, offset);
}

function writeInt2(value: SqlValue, target: Buffer, offset: number): void {
  target.writeInt16BE(value as number, offset);
}

/** Writes an int8 (also timestamps): two 32-bit halves for numbers, so that no bigint is made. */
export function writeInt8(value: SqlValue, target: Buffer, offset: number): void {
  if (typeof value === 'bigint') {
    target.writeBigInt64BE(value, offset);
    return;
  }
  const high = Math.floor((value as number) / 0x100000000);
  target.writeInt32BE(high, offset);
  target.writeUInt32BE((value as number) - high * 0x100000000, offset + 4);
}

export function readInt8(source: Buffer, offset: number): Int8 {
  const high = source.readInt32BE(offset);
  // Within ±2^52 the sum of the halves is exact.
  if (high >= -0x100000 && high < 0x100000) return high * 0x100000000 + source.readUInt32BE(offset + 4);
  return canonicalInt8(source.readBigInt64BE(offset));
}

/** `send` made from a fixed-size `writeBinary`. */
export function sendFixed(size: number, write: (value: SqlValue, target: Buffer, offset: number) => void): (value: SqlValue) => Uint8Array {
  return (value) => {
    const target = Buffer.allocUnsafe(size);
    write(value, target, 0);
    return target;
  };
}

const int4Codec: TypeCodec = {
  oid: TypeOid.int4,
  name: 'int4',
  input: (text) => parseInteger(text, -0x80000000, 0x7fffffff, 'integer'),
  output: (value) => `${value as number}`,
  send: sendFixed(4, writeInt4),
  receive: (bytes) => fixedSize(bytes, 4).readInt32BE(0),
  binarySize: 4,
  writeBinary: writeInt4,
  compare: compareNumbers,
  hashKey: numberHashKey,
};

const int2Codec: TypeCodec = {
  oid: TypeOid.int2,
  name: 'int2',
  input: (text) => parseInteger(text, -0x8000, 0x7fff, 'smallint'),
  output: (value) => `${value as number}`,
  send: sendFixed(2, writeInt2),
  receive: (bytes) => fixedSize(bytes, 2).readInt16BE(0),
  binarySize: 2,
  writeBinary: writeInt2,
  compare: compareNumbers,
  hashKey: numberHashKey,
};

const int8Codec: TypeCodec = {
  oid: TypeOid.int8,
  name: 'int8',
  input: parseInt8,
  output: (value) => `${value as Int8}`,
  send: sendFixed(8, writeInt8),
  receive: (bytes) => readInt8(fixedSize(bytes, 8), 0),
  binarySize: 8,
  writeBinary: writeInt8,
  compare: (a, b) => compareInt8(a as Int8, b as Int8),
  hashKey: (value) => value as Int8,
};

const oidCodec: TypeCodec = {
  oid: TypeOid.oid,
  name: 'oid',
  input: parseOid,
  output: (value) => `${value as number}`,
  send: sendFixed(4, writeOid),
  receive: (bytes) => fixedSize(bytes, 4).readUInt32BE(0),
  binarySize: 4,
  writeBinary: writeOid,
  compare: compareNumbers,
  hashKey: numberHashKey,
};

/** Transaction and command ids: C's strtoul reads them, so that nonsense is 0; they have equality but no order. */
function transactionIdCodec(oid: number, name: string): TypeCodec {
  const { compare: _, ...rest } = oidCodec;
  return {
    ...rest,
    oid,
    name,
    input: (text) => {
      const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
      if (match === null) return 0;
      const digits = match[2] ?? '0';
      const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
      if (value > UINT64_MAX) return 0xffffffff;
      return Number(BigInt.asUintN(32, match[1] === '-' ? -value : value));
    },
  };
}

export const integerCodecs: readonly TypeCodec[] = [
  int2Codec,
  int4Codec,
  int8Codec,
  oidCodec,
  transactionIdCodec(TypeOid.xid, 'xid'),
  transactionIdCodec(TypeOid.cid, 'cid'),
];
