import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import {
  arrayAppend,
  arrayCardinality,
  arrayConcat,
  arrayDimensions,
  arrayDims,
  arrayFill,
  arrayLength,
  arrayLower,
  arrayPosition,
  arrayPositions,
  arrayPrepend,
  arrayRemove,
  arrayReplace,
  arrayTrim,
  arrayUpper,
} from '../../../types/array/operations.js';
import { arrayToString, splitText, stringToArray } from '../../../types/array/strings.js';
import { codecFor } from '../../../types/type-codec.js';
import type { SqlArray, SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { elementTypeOf, equalityOf, outputOf } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';

function joined(
  types: CallTypes,
): (array: SqlArray | null, delimiter: string | null, nullText: string | null, cx: FunctionContext) => string | null {
  const elementType = elementTypeOf(argType(types, 0));
  const output = outputOf(elementType);
  const element = codecFor(elementType);
  return (array, delimiter, nullText, cx) => {
    if (array === null || delimiter === null) return null;
    if (element !== undefined) return arrayToString(array, delimiter, nullText, element, cx.format);
    return array.elements
      .filter((value) => value !== null || nullText !== null)
      .map((value) => (value === null ? (nullText ?? '') : output(value, cx.format)))
      .join(delimiter);
  };
}

/** Element functions that look for an element by equality. */
function searching(body: (compare: (a: SqlValue, b: SqlValue) => number) => ScalarFunction): (types: CallTypes) => ScalarFunction {
  return (types) => body(equalityOf(elementTypeOf(argType(types, 0))));
}

function splitToArray(text: string | null, delimiter: string | null, nullText: string | null): SqlArray | null {
  return text === null ? null : stringToArray(text, delimiter, nullText);
}

/** @throws SqlError 22004 */
function fill(value: SqlValue, sizes: SqlArray | null, lowerBounds: SqlArray | null | undefined): SqlArray {
  if (sizes === null || lowerBounds === null) {
    throw new SqlError(SqlState.nullValueNotAllowed, 'dimension array or low bound array cannot be null');
  }
  return arrayFill(value, sizes, lowerBounds);
}

/** Positions start from 1 or where the array's own bounds do. @throws SqlError 22004 */
function position(
  array: SqlArray | null,
  wanted: SqlValue,
  start: number | null | undefined,
  compare: (a: SqlValue, b: SqlValue) => number,
): number | null {
  if (array === null) return null;
  if (start === null) throw new SqlError(SqlState.nullValueNotAllowed, 'initial position must not be null');
  return arrayPosition(array, wanted, start, compare);
}

export const arrayFunctions: FunctionTable = {
  scalar: {
    array_append: arrayAppend,
    array_prepend: arrayPrepend,
    array_cat: arrayConcat,
    array_dims: arrayDims,
    array_ndims: arrayDimensions,
    array_length: arrayLength,
    array_lower: arrayLower,
    array_upper: arrayUpper,
    array_cardinality: arrayCardinality,
    trim_array: arrayTrim,
    array_fill: (value: SqlValue, sizes: SqlArray | null) => fill(value, sizes, undefined),
    array_fill_with_lower_bounds: fill,
    text_to_array: (text: string | null, delimiter: string | null) => splitToArray(text, delimiter, null),
    text_to_array_null: splitToArray,
  },
  typed: {
    array_to_text: (types) => {
      const join = joined(types);
      return (array: SqlArray, delimiter: string, cx: FunctionContext) => join(array, delimiter, null, cx);
    },
    array_to_text_null: joined,
    array_position: searching((compare) => (array: SqlArray | null, wanted: SqlValue) => position(array, wanted, undefined, compare)),
    array_position_start: searching(
      (compare) => (array: SqlArray | null, wanted: SqlValue, start: number | null) => position(array, wanted, start, compare),
    ),
    array_positions: searching(
      (compare) => (array: SqlArray | null, wanted: SqlValue) => (array === null ? null : arrayPositions(array, wanted, compare)),
    ),
    array_remove: searching(
      (compare) => (array: SqlArray | null, unwanted: SqlValue) => (array === null ? null : arrayRemove(array, unwanted, compare)),
    ),
    array_replace: searching(
      (compare) => (array: SqlArray | null, from: SqlValue, to: SqlValue) =>
        array === null ? null : arrayReplace(array, from, to, compare),
    ),
    pg_num_nulls: (types) => counting(types, (value) => value === null),
    pg_num_nonnulls: (types) => counting(types, (value) => value !== null),
  },
  set: {
    text_to_table: (args) => tableOf(args[0] ?? null, args[1] ?? null, null),
    text_to_table_null: (args) => tableOf(args[0] ?? null, args[1] ?? null, args[2] ?? null),
  },
};

function textOrNull(value: SqlValue): string | null {
  return typeof value === 'string' ? value : null;
}

function tableOf(text: SqlValue, delimiter: SqlValue, nullText: SqlValue): Iterable<SqlValue> {
  return typeof text === 'string' ? splitText(text, textOrNull(delimiter), textOrNull(nullText)) : [];
}

/** num_nulls(…): of the arguments, or of an array's elements with VARIADIC. */
function counting(types: CallTypes, counts: (value: SqlValue) => boolean): ScalarFunction {
  if (types.variadicArray === true) {
    return (array: SqlArray | null) => (array === null ? null : array.elements.filter(counts).length);
  }
  const count = types.args.length;
  return (...args: SqlValue[]) => {
    let found = 0;
    for (let i = 0; i < count; i++) if (counts(args[i] ?? null)) found++;
    return found;
  };
}
