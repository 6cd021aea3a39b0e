import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../../types/format-context.js';
import { formatType } from '../../types/format-type.js';
import { TypeOid } from '../../types/oids.js';
import { codecFor } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import { decodeText } from '../../wire/message-reader.js';

/** Bytes of a parameter → its value. @throws SqlError 22P02, 22P03, 08P01 … */
export type ParamDecoder = (bytes: Uint8Array, cx: FormatContext) => SqlValue;

const MINUS = 45;
const ZERO = 48;
const NINE = 57;
/** So many digits are surely within int4. */
const SURE_INT4_DIGITS = 9;
/** So many are surely a safe integer. */
const SURE_INT8_DIGITS = 15;

export function textDecoder(type: Oid): ParamDecoder {
  switch (type) {
    case TypeOid.int4:
      return integerDecoder(TypeOid.int4, SURE_INT4_DIGITS);
    case TypeOid.int8:
      return integerDecoder(TypeOid.int8, SURE_INT8_DIGITS);
    case TypeOid.text:
    case TypeOid.varchar:
    case TypeOid.unknown:
      return (bytes) => decodeText(asBuffer(bytes));
    default:
      return generalText(type);
  }
}

function generalText(type: Oid): ParamDecoder {
  const codec = codecFor(type);
  if (codec === undefined) throw notSupported(`a parameter of type ${formatType(type)}`);
  return (bytes, cx) => codec.input(decodeText(asBuffer(bytes)), cx, -1);
}

/** Plain digits are read in place; anything else goes the general way. */
function integerDecoder(type: Oid, sureDigits: number): ParamDecoder {
  const general = generalText(type);
  return (bytes, cx) => {
    const length = bytes.length;
    const negative = bytes[0] === MINUS;
    const first = negative ? 1 : 0;
    if (length - first > sureDigits || length === first) return general(bytes, cx);
    let value = 0;
    for (let i = first; i < length; i++) {
      const digit = bytes[i] ?? 0;
      if (digit < ZERO || digit > NINE) return general(bytes, cx);
      value = value * 10 + (digit - ZERO);
    }
    // Without the zero's sign: -0 is 0.
    return negative && value !== 0 ? -value : value;
  };
}

export function binaryDecoder(type: Oid): ParamDecoder {
  const codec = codecFor(type);
  if (codec?.receive === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `no binary input function available for type ${formatType(type)}`);
  }
  const { receive } = codec;
  return (bytes, cx) => receive(bytes, cx, -1);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
