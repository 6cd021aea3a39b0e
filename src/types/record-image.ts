import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import type { FormatContext } from './format-context.js';
import { TypeOid } from './oids.js';
import { requireSameColumn, requireSameCount } from './record.js';
import { Interval, SqlRecord, type SqlValue } from './value.js';

/**
 * The order of the operators *< *= …: of what lies in PostgreSQL's memory, not of what it means (PostgreSQL manual, "Composite Type
 * Comparison"). Numbers of up to eight bytes compare without their sign, everything else byte by byte.
 */
export function compareImages(a: SqlRecord, b: SqlRecord, codecFor: (oid: number) => TypeCodec | undefined, cx: FormatContext): number {
  const length = Math.min(a.values.length, b.values.length);
  for (let i = 0; i < length; i++) {
    requireSameColumn(a, b, i);
    const x = a.values[i] ?? null;
    const y = b.values[i] ?? null;
    if (x === null && y === null) continue;
    if (x === null || y === null) return x === null ? 1 : -1;
    const type = a.types[i] ?? 0;
    const order =
      x instanceof SqlRecord && y instanceof SqlRecord ? compareImages(x, y, codecFor, cx) : compareParts(type, x, y, codecFor, cx);
    if (order !== 0) return order;
  }
  requireSameCount(a, b);
  return 0;
}

type Part = Exclude<SqlValue, null>;

function compareParts(type: number, x: Part, y: Part, codecFor: (oid: number) => TypeCodec | undefined, cx: FormatContext): number {
  const a = inRegister(type, x);
  const b = inRegister(type, y);
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(imageOf(type, x, codecFor, cx), imageOf(type, y, codecFor, cx));
}

/** Values that PostgreSQL passes by value. */
function inRegister(type: number, value: Part): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint') return BigInt.asUintN(64, value);
  if (typeof value !== 'number') return undefined;
  const bytes = Buffer.alloc(8);
  if (type === TypeOid.float8) {
    bytes.writeDoubleBE(value);
    return bytes.readBigUInt64BE();
  }
  if (type === TypeOid.float4) {
    bytes.writeFloatBE(value);
    return BigInt(bytes.readUInt32BE());
  }
  return Number.isInteger(value) ? BigInt.asUintN(64, BigInt(value)) : undefined;
}

function imageOf(type: number, value: Part, codecFor: (oid: number) => TypeCodec | undefined, cx: FormatContext): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  const codec = codecFor(type);
  if (codec?.send === undefined) {
    if (codec === undefined) throw new SqlError(SqlState.undefinedFunction, 'a value without a binary form has no image');
    return Buffer.from(codec.output(value, cx));
  }
  const sent = Buffer.from(codec.send(value, cx));
  switch (type) {
    case TypeOid.point:
    case TypeOid.lseg:
    case TypeOid.box:
    case TypeOid.line:
    case TypeOid.circle:
      return sent.swap64();
    default:
      if (value instanceof Interval) sent.subarray(0, 8).swap64();
      return sent;
  }
}
