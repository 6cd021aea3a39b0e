import type { ColumnDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { isMismatch } from '../../types/array/binary.js';
import type { FormatContext } from '../../types/format-context.js';
import { insufficientData, invalidBinary } from '../../types/input-errors.js';
import { TypeOid } from '../../types/oids.js';
import { splitRecordText } from '../../types/record-text.js';
import { applyTypmod, codecFor, formatType } from '../../types/type-codec.js';
import type { UserType } from '../../types/user-types.js';
import { SqlRecord, type SqlValue } from '../../types/value.js';

interface Rows {
  readonly columns: readonly ColumnDescriptor[];
}

/** Rows of a relation or of CREATE TYPE … AS (…). */
export function compositeType(relation: Rows, oid: Oid, name: string): UserType {
  const record = codecFor(TypeOid.record);
  const columns = relation.columns.filter((column) => column.dropped !== true);
  const types = columns.map((column) => column.type);
  const names = columns.map((column) => column.name);
  const readers = columns.map(({ type, typmod }) => {
    const codec = codecFor(type);
    const fitTo = typmod < 0 ? undefined : applyTypmod(type, typmod, false);
    return { codec, typmod, fitTo: (value: SqlValue) => (fitTo === undefined || value === null ? value : fitTo(value)) };
  });
  const input = (text: string, cx: FormatContext): SqlRecord => {
    const fields = splitRecordText(text, columns.length);
    const values = readers.map(({ codec, typmod, fitTo }, i): SqlValue => {
      const field = fields[i];
      const type = types[i] ?? 0;
      if (codec === undefined) throw new SqlError(SqlState.featureNotSupported, `input of type ${formatType(type)} is not supported yet`);
      // Domains may refuse NULL.
      if (field === undefined || field === null) return cx.userTypes?.find(type)?.check?.(null, cx) ?? null;
      return fitTo(codec.input(field, cx, typmod));
    });
    return new SqlRecord(values, types, names);
  };
  const receive = (bytes: Uint8Array, cx: FormatContext): SqlRecord => {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (source.length < 4) throw insufficientData();
    const count = source.readInt32BE(0);
    if (count !== columns.length) {
      throw new SqlError(SqlState.datatypeMismatch, `wrong number of columns: ${count}, expected ${columns.length}`);
    }
    let at = 4;
    const values = readers.map(({ codec, fitTo }, i): SqlValue => {
      if (at + 8 > source.length) throw insufficientData();
      const type = source.readUInt32BE(at);
      const size = source.readInt32BE(at + 4);
      at += 8;
      if (isMismatch(type, types[i] ?? 0)) {
        throw new SqlError(
          SqlState.datatypeMismatch,
          `binary data has type ${type} (${formatType(type)}) instead of expected ${types[i]} (${formatType(types[i] ?? 0)}) in record column ${i + 1}`,
        );
      }
      if (size < 0) return cx.userTypes?.find(types[i] ?? 0)?.check?.(null, cx) ?? null;
      if (at + size > source.length) throw insufficientData();
      at += size;
      if (codec?.receive === undefined) throw invalidBinary(`no binary input function available for type ${formatType(type)}`);
      return fitTo(codec.receive(source.subarray(at - size, at), cx, -1));
    });
    return new SqlRecord(values, types, names);
  };
  /** A row that was stored before the type got more fields lacks those. */
  const filled = (value: SqlValue): SqlValue => {
    if (!(value instanceof SqlRecord) || value.values.length >= types.length) return value;
    return new SqlRecord(
      types.map((_, i) => value.values[i] ?? null),
      types,
      names,
    );
  };
  return {
    form: 'composite',
    over: 0,
    columns,
    oid,
    name,
    input,
    output: (value, cx) => record?.output(filled(value), cx) ?? '',
    ...(record?.send && { send: record.send }),
    receive,
    ...(record?.compare && { compare: record.compare }),
    ...(record?.hashKey && { hashKey: record.hashKey }),
  };
}
