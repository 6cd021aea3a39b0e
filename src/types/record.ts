import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { TypeCodec } from './codec.js';
import type { FormatContext } from './format-context.js';
import { formatType } from './format-type.js';
import { insufficientData, invalidBinary } from './input-errors.js';
import { asBuffer } from './integer-codecs.js';
import { TypeOid } from './oids.js';
import { SqlRecord, type SqlValue } from './value.js';

type CodecLookup = (oid: number) => TypeCodec | undefined;

const NEEDS_QUOTES = /[\s"\\(),]/;

/** '(1,"a b",)': null is nothing at all, '' is quoted. */
function formatRecord(record: SqlRecord, codecFor: CodecLookup, cx: FormatContext): string {
  const parts = record.values.map((value, i) => {
    if (value === null) return '';
    const text = mustHave(codecFor, record.types[i] ?? 0).output(value, cx);
    return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replace(/["\\]/g, '$&$&')}"` : text;
  });
  return `(${parts.join(',')})`;
}

function mustHave(codecFor: CodecLookup, oid: number): TypeCodec {
  const codec = codecFor(oid);
  if (codec === undefined) throw new SqlError(SqlState.featureNotSupported, `type ${formatType(oid)} in a row value is not supported yet`);
  return codec;
}

/** Column by column; null is equal to null and above everything. @throws SqlError 42804 when the columns' types or numbers differ */
export function compareRecords(a: SqlRecord, b: SqlRecord, codecFor: CodecLookup, needed = 'a comparison function'): number {
  const length = Math.min(a.values.length, b.values.length);
  for (let i = 0; i < length; i++) {
    const x = a.values[i] ?? null;
    const y = b.values[i] ?? null;
    const type = a.types[i] ?? 0;
    requireSameColumn(a, b, i);
    if (x === null || y === null) {
      if (x !== y) return x === null ? 1 : -1;
      continue;
    }
    const { compare } = mustHave(codecFor, type);
    if (compare === undefined) {
      throw new SqlError(SqlState.undefinedFunction, `could not identify ${needed} for type ${formatType(type)}`);
    }
    const order = compare(x, y);
    if (order !== 0) return order;
  }
  requireSameCount(a, b);
  return 0;
}

/** @throws SqlError 42804 */
export function requireSameColumn(a: SqlRecord, b: SqlRecord, index: number): void {
  const type = a.types[index] ?? 0;
  const other = b.types[index] ?? 0;
  if (type === other) return;
  const message = `cannot compare dissimilar column types ${formatType(type)} and ${formatType(other)} at record column ${index + 1}`;
  throw new SqlError(SqlState.datatypeMismatch, message);
}

/** @throws SqlError 42804 */
export function requireSameCount(a: SqlRecord, b: SqlRecord): void {
  if (a.values.length === b.values.length) return;
  throw new SqlError(SqlState.datatypeMismatch, 'cannot compare record types with different numbers of columns');
}

function sendRecord(record: SqlRecord, codecFor: CodecLookup, cx: FormatContext): Uint8Array {
  const head = Buffer.alloc(4);
  head.writeInt32BE(record.values.length);
  const parts: Uint8Array[] = [head];
  record.values.forEach((value, i) => {
    const type = record.types[i] ?? 0;
    const column = Buffer.alloc(8);
    column.writeUInt32BE(type, 0);
    const { send } = mustHave(codecFor, type);
    if (value !== null && send === undefined) {
      throw new SqlError(SqlState.undefinedFunction, `no binary output function available for type ${formatType(type)}`);
    }
    const bytes = value === null ? undefined : send?.(value, cx);
    column.writeInt32BE(bytes?.length ?? -1, 4);
    parts.push(column);
    if (bytes !== undefined) parts.push(bytes);
  });
  return Buffer.concat(parts);
}

function receiveRecord(bytes: Uint8Array, codecFor: CodecLookup, cx: FormatContext): SqlRecord {
  const source = asBuffer(bytes);
  if (source.length < 4) throw insufficientData();
  const count = source.readInt32BE(0);
  const values: SqlValue[] = [];
  const types: number[] = [];
  let at = 4;
  for (let i = 0; i < count; i++) {
    if (at + 8 > source.length) throw insufficientData();
    const type = source.readUInt32BE(at);
    const size = source.readInt32BE(at + 4);
    at += 8;
    types.push(type);
    if (size < 0) {
      values.push(null);
      continue;
    }
    if (at + size > source.length) throw insufficientData();
    const receive = mustHave(codecFor, type).receive;
    if (receive === undefined) throw invalidBinary(`no binary input function available for type ${formatType(type)}`);
    values.push(receive(source.subarray(at, at + size), cx, -1));
    at += size;
  }
  return new SqlRecord(values, types);
}

function hashKeyOf(record: SqlRecord, codecFor: CodecLookup): string {
  let key = '';
  record.values.forEach((value, i) => {
    if (value === null) {
      key += 'n,';
      return;
    }
    const part = mustHave(codecFor, record.types[i] ?? 0).hashKey?.(value);
    if (part === undefined) {
      throw new SqlError(SqlState.undefinedFunction, `could not identify a hash function for type ${formatType(record.types[i] ?? 0)}`);
    }
    const text = `${part}`;
    key += `${text.length}:${text},`;
  });
  return key;
}

/** The codec of record; it looks its columns' codecs up as it meets them. */
export function recordCodec(codecFor: CodecLookup): TypeCodec {
  return {
    oid: TypeOid.record,
    name: 'record',
    input: () => {
      throw new SqlError(SqlState.featureNotSupported, 'input of anonymous composite types is not implemented');
    },
    output: (value, cx) => formatRecord(value as SqlRecord, codecFor, cx),
    send: (value, cx) => sendRecord(value as SqlRecord, codecFor, cx),
    receive: (bytes, cx) => receiveRecord(bytes, codecFor, cx),
    compare: (a, b) => compareRecords(a as SqlRecord, b as SqlRecord, codecFor),
    hashKey: (value) => hashKeyOf(value as SqlRecord, codecFor),
  };
}
