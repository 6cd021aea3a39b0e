import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { arrayAssignElement, arrayAssignSlice } from '../../../types/array/subscripts.js';
import { withFixedPart } from '../../../types/geometry/parts.js';
import { type JsonSubscript, jsonbAssign } from '../../../types/json/assign.js';
import { Jsonb, SqlArray, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

const EMPTY = new SqlArray([]);

function nullSubscript(container: string): SqlError {
  return new SqlError(SqlState.nullValueNotAllowed, `${container} subscript in assignment must not be null`);
}

/** (old, value, subscript …) */
function assignElement({ args: { length } }: CallTypes): ScalarFunction {
  return (...args: (SqlValue | ExecutionContext)[]) => {
    const [old, value] = args as SqlValue[];
    const subscripts: number[] = [];
    for (let i = 2; i < length; i++) {
      const subscript = args[i];
      if (typeof subscript !== 'number') throw nullSubscript('array');
      subscripts.push(subscript);
    }
    return arrayAssignElement(old instanceof SqlArray ? old : EMPTY, subscripts, value ?? null);
  };
}

function assignFixed({ args: { length } }: CallTypes): ScalarFunction {
  return (...args: (SqlValue | ExecutionContext)[]) => {
    const [old = null, value = null, index = null] = args as SqlValue[];
    if (length !== 3) throw new SqlError(SqlState.arraySubscriptError, 'wrong number of array subscripts');
    if (typeof index !== 'number') throw nullSubscript('array');
    return withFixedPart(old, index, value);
  };
}

/** (old, value, lower, upper …): '' for a bound that is left out. A NULL changes nothing. */
function assignSlice({ args: { length } }: CallTypes): ScalarFunction {
  return (...args: (SqlValue | ExecutionContext)[]) => {
    const [old, value] = args as SqlValue[];
    const lower: (number | undefined)[] = [];
    const upper: (number | undefined)[] = [];
    for (let i = 2; i < length; i++) {
      const bound = args[i];
      if (bound === null) throw nullSubscript('array');
      (i % 2 === 0 ? lower : upper).push(typeof bound === 'number' ? bound : undefined);
    }
    const array = old instanceof SqlArray ? old : EMPTY;
    return value instanceof SqlArray ? arrayAssignSlice(array, lower, upper, value) : array;
  };
}

function assignJsonb({ args: { length } }: CallTypes): ScalarFunction {
  return (...args: (SqlValue | ExecutionContext)[]) => {
    const [old, value] = args as SqlValue[];
    const path: JsonSubscript[] = [];
    for (let i = 2; i < length; i++) {
      const step = args[i];
      if (typeof step !== 'number' && typeof step !== 'string') throw nullSubscript('jsonb');
      path.push(step);
    }
    return jsonbAssign(old instanceof Jsonb ? old : null, path, value instanceof Jsonb ? value.node : null);
  };
}

/** (old, value, index). NULL is a row of NULLs; the fields' types are those that the session's type has. */
function assignField({ result }: CallTypes): ScalarFunction {
  return (old: SqlValue, value: SqlValue, index: number, cx: ExecutionContext) => {
    const row = old instanceof SqlRecord ? old : emptyRow(result, cx);
    // A row that was stored before its type got more fields lacks those.
    const types = row.types.length > index ? row.types : emptyRow(result, cx).types;
    const values = types.map((_, i) => (i === index ? value : (row.values[i] ?? null)));
    return new SqlRecord(values, types, row.names);
  };
}

function emptyRow(type: number, cx: ExecutionContext): SqlRecord {
  const columns = cx.format.userTypes?.find(type)?.columns ?? [];
  return new SqlRecord(
    columns.map(() => null),
    columns.map((column) => column.type),
    columns.map((column) => column.name),
  );
}

/** What the binder makes of assignments to parts of columns. */
export const partAssignment: FunctionTable = {
  typed: {
    assign_record_field: assignField,
    assign_array_element: assignElement,
    assign_array_slice: assignSlice,
    assign_fixed_element: assignFixed,
    assign_jsonb_element: assignJsonb,
  },
};
