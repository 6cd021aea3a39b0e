import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import { invalidInput } from './input-errors.js';
import { canonicalInt8, type Int8 } from './integer.js';
import { asBuffer, compareNumbers, fixedSize, readInt8, sendFixed, writeInt8 } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import type { SqlValue } from './value.js';

/**
 * Small types whose values are texts of hexadecimal digits that sort as the values do: macaddr ('08:00:2b:01:02:03'), macaddr8, pg_lsn
 * (16 digits), tid (8 digits of the block, 4 of the line). And xid8, a number.
 */
const compare = (a: SqlValue, b: SqlValue): number => ((a as string) < (b as string) ? -1 : a === b ? 0 : 1);
const hashKey = (value: SqlValue): string => value as string;

export const withColons = (digits: string): string => digits.replace(/..\B/g, '$&:');

const MAC_FORMS = [
  /^([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2}):([0-9a-f]{1,2})$/i,
  /^([0-9a-f]{1,2})-([0-9a-f]{1,2})-([0-9a-f]{1,2})-([0-9a-f]{1,2})-([0-9a-f]{1,2})-([0-9a-f]{1,2})$/i,
  /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})[:-]?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i,
  /^([0-9a-f]{2})([0-9a-f]{2})\.([0-9a-f]{2})([0-9a-f]{2})\.([0-9a-f]{2})([0-9a-f]{2})$/i,
  /^([0-9a-f]{2})([0-9a-f]{2})-([0-9a-f]{2})([0-9a-f]{2})-([0-9a-f]{2})([0-9a-f]{2})$/i,
];

/** @throws SqlError 22P02 */
function parseMac(text: string): string {
  const trimmed = text.trim();
  for (const form of MAC_FORMS) {
    const match = form.exec(trimmed);
    if (match !== null) {
      return match
        .slice(1)
        .map((octet) => octet.padStart(2, '0').toLowerCase())
        .join(':');
    }
  }
  throw invalidInput('macaddr', text);
}

/** Eight bytes, or six with FF:FE put in the middle; one kind of separator or none. @throws SqlError 22P02 */
function parseMac8(text: string): string {
  const trimmed = text.trim();
  const separators = new Set(trimmed.replace(/[0-9a-f]/gi, ''));
  const groups = trimmed.split(/[:.-]/);
  const digits = groups.join('').toLowerCase();
  if (separators.size > 1 || !/^(?:[0-9a-f]{12}|[0-9a-f]{16})$/.test(digits) || groups.some((group) => group.length % 2 !== 0)) {
    throw invalidInput('macaddr8', text);
  }
  return mac8Of(digits);
}

export function mac8Of(digits: string): string {
  return withColons(digits.length === 12 ? `${digits.slice(0, 6)}fffe${digits.slice(6)}` : digits);
}

const bytesOfMac = (value: SqlValue): Uint8Array => Buffer.from((value as string).replaceAll(':', ''), 'hex');

/** @throws SqlError 22P02 */
function parseLsn(text: string): string {
  const match = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(text);
  if (match === null) throw invalidInput('pg_lsn', text);
  return `${(match[1] ?? '').padStart(8, '0')}${(match[2] ?? '').padStart(8, '0')}`.toLowerCase();
}

const withoutZeros = (digits: string): string => digits.replace(/^0+(?=.)/, '').toUpperCase();

/** @throws SqlError 22P02 */
function parseTid(text: string): string {
  const match = /^[ \t-\r]*\([ \t-\r]*(\d+)[ \t-\r]*,[ \t-\r]*(\d+)[ \t-\r]*\)[ \t-\r]*$/.exec(text);
  const block = Number(match?.[1] ?? Number.NaN);
  const line = Number(match?.[2] ?? Number.NaN);
  if (!(block <= 0xffffffff && line <= 0xffff)) throw invalidInput('tid', text);
  return block.toString(16).padStart(8, '0') + line.toString(16).padStart(4, '0');
}

const MAX_UINT64 = (1n << 64n) - 1n;

/**
 * As strtoull reads it, which takes anything: decimal, octal after 0, hexadecimal after 0x, as far as there are digits; negative ones count
 * from 2^64 down.
 */
function parseXid8(text: string): Int8 {
  const [, sign = '', digits = '0'] = /^[ \t-\r]*([+-]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)/i.exec(text) ?? [];
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value > MAX_UINT64) return canonicalInt8(MAX_UINT64);
  return canonicalInt8(sign === '-' ? (MAX_UINT64 + 1n - value) & MAX_UINT64 : value);
}

function writeXid8(value: SqlValue, target: Buffer, offset: number): void {
  writeInt8(canonicalInt8(BigInt.asIntN(64, BigInt(value as Int8))), target, offset);
}

export const hexTextCodecs: readonly TypeCodec[] = [
  {
    oid: TypeOid.macaddr,
    name: 'macaddr',
    input: parseMac,
    output: (value) => value as string,
    send: bytesOfMac,
    receive: (bytes) => withColons(fixedSize(bytes, 6).toString('hex')),
    compare,
    hashKey,
  },
  {
    oid: TypeOid.macaddr8,
    name: 'macaddr8',
    input: parseMac8,
    output: (value) => value as string,
    send: bytesOfMac,
    receive: (bytes) => {
      if (bytes.length !== 6 && bytes.length !== 8) throw new SqlError(SqlState.invalidBinaryRepresentation, 'invalid macaddr8 length');
      return mac8Of(asBuffer(bytes).toString('hex'));
    },
    compare,
    hashKey,
  },
  {
    oid: TypeOid.pg_lsn,
    name: 'pg_lsn',
    input: parseLsn,
    output: (value) => `${withoutZeros((value as string).slice(0, 8))}/${withoutZeros((value as string).slice(8))}`,
    send: (value) => Buffer.from(value as string, 'hex'),
    receive: (bytes) => fixedSize(bytes, 8).toString('hex'),
    compare,
    hashKey,
  },
  {
    oid: TypeOid.tid,
    name: 'tid',
    input: parseTid,
    output: (value) => `(${Number.parseInt((value as string).slice(0, 8), 16)},${Number.parseInt((value as string).slice(8), 16)})`,
    send: (value) => Buffer.from(value as string, 'hex'),
    receive: (bytes) => fixedSize(bytes, 6).toString('hex'),
    compare,
    hashKey,
  },
  {
    oid: TypeOid.xid8,
    name: 'xid8',
    input: parseXid8,
    output: (value) => `${value as Int8}`,
    send: sendFixed(8, writeXid8),
    receive: (bytes) => canonicalInt8(BigInt.asUintN(64, BigInt(readInt8(fixedSize(bytes, 8), 0)))),
    binarySize: 8,
    writeBinary: writeXid8,
    compare: compareNumbers,
    hashKey: (value) => value as Int8,
  },
];
