import type { TypeCodec } from './codec.js';
import { compareFloats, formatFloat4, formatFloat8, parseFloat4, parseFloat8 } from './float.js';
import { fixedSize, numberHashKey, sendFixed } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

function writeFloat4(value: SqlValue, target: Buffer, offset: number): void {
  target.writeFloatBE(value as number, offset);
}

function writeFloat8(value: SqlValue, target: Buffer, offset: number): void {
  target.writeDoubleBE(value as number, offset);
}

const compare = (a: SqlValue, b: SqlValue): number => compareFloats(a as number, b as number);

export const floatCodecs: readonly TypeCodec[] = [
  {
    oid: TypeOid.float4,
    name: 'float4',
    input: parseFloat4,
    output: (value, cx) => formatFloat4(value as number, cx.extraFloatDigits),
    send: sendFixed(4, writeFloat4),
    receive: (bytes) => fixedSize(bytes, 4).readFloatBE(0),
    binarySize: 4,
    writeBinary: writeFloat4,
    compare,
    hashKey: numberHashKey,
  },
  {
    oid: TypeOid.float8,
    name: 'float8',
    input: parseFloat8,
    output: (value, cx) => formatFloat8(value as number, cx.extraFloatDigits),
    send: sendFixed(8, writeFloat8),
    receive: (bytes) => fixedSize(bytes, 8).readDoubleBE(0),
    binarySize: 8,
    writeBinary: writeFloat8,
    compare,
    hashKey: numberHashKey,
  },
];
