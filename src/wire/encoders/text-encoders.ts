import type { FormatContext } from '../../types/format-context.js';
import { TypeOid } from '../../types/oids.js';
import type { SqlValue } from '../../types/value.js';
import type { ValueBuffer, ValueEncoder } from '../port.js';
import { encodeDateText, encodeTimestampText } from './datetime-encoders.js';

const LETTER_T = 't'.charCodeAt(0);
const LETTER_F = 'f'.charCodeAt(0);

const bool: ValueEncoder = (value, buffer) => buffer.writeByte(value === true ? LETTER_T : LETTER_F);

const integer: ValueEncoder = (value, buffer) => {
  if (typeof value === 'number') buffer.writeInteger(value);
  else buffer.writeAscii(String(value));
};

const text: ValueEncoder = (value, buffer) => {
  if (typeof value === 'string') buffer.writeText(value);
};

const ascii: ValueEncoder = (value, buffer) => {
  if (typeof value === 'string') buffer.writeAscii(value);
};

/** Text format without a detour through a string (or a look-up of the codec) for each value; keyed by type. */
const FAST: Readonly<Record<number, ValueEncoder>> = {
  [TypeOid.bool]: bool,
  [TypeOid.int2]: integer,
  [TypeOid.int4]: integer,
  [TypeOid.int8]: integer,
  [TypeOid.oid]: integer,
  [TypeOid.text]: text,
  [TypeOid.varchar]: text,
  [TypeOid.bpchar]: text,
  [TypeOid.name]: text,
  [TypeOid.unknown]: text,
  [TypeOid.json]: text,
  [TypeOid.uuid]: ascii,
};

/**
 * A value in text format by its type's codec.
 * @param output the codec's `output`
 */
export function textEncoder(
  type: number,
  output: (value: Exclude<SqlValue, null>, cx: FormatContext) => string,
  cx: FormatContext,
): ValueEncoder {
  const fast = FAST[type];
  if (fast !== undefined) return fast;
  const general = (value: SqlValue, buffer: ValueBuffer): void => {
    if (value !== null) buffer.writeText(output(value, cx));
  };
  switch (type) {
    case TypeOid.timestamp:
      return encodeTimestampText(cx, general);
    case TypeOid.date:
      return encodeDateText(cx, general);
    default:
      return general;
  }
}
