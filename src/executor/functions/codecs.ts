import { assert } from '../../commons/assert.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { formatArray } from '../../types/array/format.js';
import { compareArrays } from '../../types/array/order.js';
import type { FormatContext } from '../../types/format-context.js';
import { elementOidOf, TypeOid } from '../../types/oids.js';
import { trimTrailingBlanks } from '../../types/text.js';
import { codecFor, formatType, type TypeCodec } from '../../types/type-codec.js';
import { SqlArray, type SqlValue } from '../../types/value.js';

/** The smallest oid of a row type: those have no codec of their own, their values say what they are made of. */
const FIRST_ROW_TYPE = 9100;

export type ToText = (value: SqlValue, cx: FormatContext) => string;
export type Compare = (a: SqlValue, b: SqlValue) => number;

function recordCodec(): TypeCodec {
  const codec = codecFor(TypeOid.record);
  assert(codec !== undefined, 'type record has a codec');
  return codec;
}

/** Output of a row type's value or of an array of such. */
function rowToText(value: SqlValue, cx: FormatContext): string {
  const record = recordCodec();
  return value instanceof SqlArray ? formatArray(value, record, cx) : record.output(value, cx);
}

function compareRows(a: SqlValue, b: SqlValue): number {
  const { compare } = recordCodec();
  assert(compare !== undefined, 'records have an order');
  return a instanceof SqlArray && b instanceof SqlArray ? compareArrays(a, b, compare) : compare(a, b);
}

/** The type's output function. @throws SqlError 0A000 for a type that can't be printed yet */
export function outputOf(type: number): ToText {
  const codec = codecFor(type);
  if (codec !== undefined) return (value, cx) => codec.output(value, cx);
  if (type >= FIRST_ROW_TYPE) return rowToText;
  throw notSupported(`type ${formatType(type)} as an argument of this function`);
}

/** What a cast to text gives: as the output, but for bool and char(n). */
export function castToText(type: number): ToText {
  if (type === TypeOid.bool) return (value) => (value === true ? 'true' : 'false');
  if (type === TypeOid.bpchar) return (value) => trimTrailingBlanks(typeof value === 'string' ? value : '');
  return outputOf(type);
}

/** btree's order of the type. @throws SqlError 42883 */
export function compareOf(type: number): Compare {
  const codec = codecFor(type);
  if (codec === undefined && type >= FIRST_ROW_TYPE) return compareRows;
  if (codec?.compare === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `could not identify a comparison function for type ${formatType(type)}`);
  }
  return codec.compare;
}

/** As compareOf, with the words for an equality that is missing. @throws SqlError 42883 */
export function equalityOf(type: number): Compare {
  const codec = codecFor(type);
  if (codec === undefined && type >= FIRST_ROW_TYPE) return compareRows;
  if (codec?.compare === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `could not identify an equality operator for type ${formatType(type)}`);
  }
  return codec.compare;
}

/** The element type of an array type; an array of rows has its rows' own. */
export function elementTypeOf(type: number): number {
  return elementOidOf(type) ?? (type >= FIRST_ROW_TYPE ? TypeOid.record : 0);
}
