import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { FormatContext } from '../../types/format-context.js';
import { elementOidOf, TypeOid } from '../../types/oids.js';
import { trimTrailingBlanks } from '../../types/text.js';
import { codecFor, formatType } from '../../types/type-codec.js';
import { elementOfMadeArray, isMadeType } from '../../types/user-types.js';
import type { SqlValue } from '../../types/value.js';

export type ToText = (value: SqlValue, cx: FormatContext) => string;
export type Compare = (a: SqlValue, b: SqlValue) => number;

/** The type's output function. @throws SqlError 0A000 for a type that can't be printed yet */
export function outputOf(type: number): ToText {
  const codec = codecFor(type);
  if (codec !== undefined) return (value, cx) => codec.output(value, cx);
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
  if (codec?.compare === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `could not identify a comparison function for type ${formatType(type)}`);
  }
  return codec.compare;
}

/** As compareOf, with the words for an equality that is missing. @throws SqlError 42883 */
export function equalityOf(type: number): Compare {
  const codec = codecFor(type);
  if (codec?.compare === undefined) {
    throw new SqlError(SqlState.undefinedFunction, `could not identify an equality operator for type ${formatType(type)}`);
  }
  return codec.compare;
}

/** The element type of an array type, also of a user's. */
export function elementTypeOf(type: number): number {
  return elementOidOf(type) ?? (isMadeType(type) ? elementOfMadeArray(type) : 0);
}
