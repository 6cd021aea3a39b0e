import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { OutputColumn } from '../../planner/bind/logical.js';
import type { FormatContext } from '../../types/format-context.js';
import { formatType } from '../../types/format-type.js';
import { applyTypmod, codecFor } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import { isTextInBinary } from '../param-encoding.js';
import type { CopyOptions } from './copy-options.js';

/** Reads one column's fields. */
export interface FieldReader {
  readonly name: string;
  readonly type: Oid;
  /** Where its value goes: column number - 1. */
  readonly position: number;
  /** For CSV: an unquoted null text, unless FORCE_NOT_NULL; a quoted one with FORCE_NULL. */
  isNull(text: string, quoted: boolean): boolean;
  /** @throws SqlError as the type's input */
  read(text: string, cx: FormatContext): SqlValue;
  /** The same for the binary format. @throws SqlError 22P03, and as the type's */
  receive(bytes: Uint8Array, cx: FormatContext): SqlValue;
}

export function fieldReader(column: Pick<OutputColumn, 'name' | 'type' | 'typmod'>, number: number, options: CopyOptions): FieldReader {
  const { name, type, typmod } = column;
  const codec = codecFor(type);
  if (codec === undefined) throw notSupported(`COPY of type ${formatType(type)}`);
  const receiver = codec.receive ?? noReceiver(type, options);
  const encoding = isTextInBinary(type) ? options.encoding : undefined;
  const fitted = applyTypmod(type, typmod, false);
  const forceNotNull = options.forceNotNull.includes(name);
  const forceNull = options.forceNull.includes(name);
  return {
    name,
    type,
    position: number - 1,
    isNull: (text, quoted) => text === options.nullText && (quoted ? forceNull : !forceNotNull),
    read(text, cx) {
      const value = codec.input(text, cx, typmod);
      return fitted === undefined ? value : fitted(value);
    },
    receive(bytes, cx) {
      const value = receiver(encoding === undefined ? bytes : Buffer.from(encoding.decode(bytes)), cx, typmod);
      return fitted === undefined ? value : fitted(value);
    },
  };
}

function noReceiver(type: Oid, options: CopyOptions): () => never {
  const error = new SqlError(SqlState.undefinedFunction, `no binary input function available for type ${formatType(type)}`);
  if (options.format === 'binary') throw error;
  return () => {
    throw error;
  };
}
