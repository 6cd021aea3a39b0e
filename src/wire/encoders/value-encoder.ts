import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../../types/codec.js';
import type { FormatContext } from '../../types/format-context.js';
import { formatType } from '../../types/format-type.js';
import { TypeOid } from '../../types/oids.js';
import { codecFor } from '../../types/type-codec.js';
import { SqlArray, SqlRecord, type SqlValue } from '../../types/value.js';
import type { ValueEncoder } from '../port.js';
import { FAST_BINARY } from './binary-encoders.js';
import { textEncoder } from './text-encoders.js';

/**
 * How values of a type are written into a DataRow.
 * @param cx read at each value: it may change between rows (a portal that outlives a SET)
 * @param format 0 text, 1 binary
 */
export function encoderFor(type: number, format: number, cx: FormatContext): ValueEncoder {
  return format === 1 ? binaryEncoder(type, cx) : textEncoder(type, textOutput(type), cx);
}

type Output = (value: Exclude<SqlValue, null>, cx: FormatContext) => string;

/** How values of a type are written as text: for COPY. */
export function textOutput(type: number): Output {
  const codec = codecFor(type);
  return codec === undefined ? outputByShape : (value, cx) => codec.output(value, cx);
}

/** Types that users made (row types, and later domains and enums) have no codec of their own: their values say what they are. */
const outputByShape: Output = (value, cx) => {
  const codec = codecByShape(value);
  return codec === undefined ? String(value) : codec.output(value, cx);
};

function codecByShape(value: SqlValue): TypeCodec | undefined {
  if (value instanceof SqlRecord) return codecFor(TypeOid.record);
  if (value instanceof SqlArray) return codecFor(RECORD_ARRAY);
  return undefined;
}

/** record[] */
const RECORD_ARRAY = 2287;

function binaryEncoder(type: number, cx: FormatContext): ValueEncoder {
  const fast = FAST_BINARY[type];
  if (fast !== undefined) return fast;
  const output = binaryOutput(type);
  return (value, buffer) => buffer.writeBytes(output(value, cx));
}

/** How values of a type are written in binary: for COPY. */
export function binaryOutput(type: number): (value: SqlValue, cx: FormatContext) => Uint8Array {
  const codec = codecFor(type);
  return (value, cx) => {
    const send = (codec ?? codecByShape(value))?.send;
    if (send === undefined) {
      throw new SqlError(SqlState.undefinedFunction, `no binary output function available for type ${formatType(type)}`);
    }
    return send(value, cx);
  };
}
