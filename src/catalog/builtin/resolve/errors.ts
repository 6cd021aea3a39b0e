import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { FunctionCall, FunctionResolution } from './function.js';
import type { ScalarArrayResolution } from './operator.js';
import type { PolymorphicFailure } from './polymorphic.js';

/** A type's name in a message, as format_type gives it; the caller knows which schemas are visible. */
export type TypeFormatter = (oid: number) => string;

type FunctionRefusal = Exclude<FunctionResolution, { kind: 'function' | 'cast' }>;
type OperatorRefusal = Exclude<ScalarArrayResolution, { kind: 'operator' }>;

/** `foo(integer, b => unknown)`. @param name as the user wrote it, with its schema if given */
export function formatSignature(
  name: string,
  argTypes: readonly number[],
  argNames: readonly string[] | undefined,
  formatType: TypeFormatter,
): string {
  const firstNamed = argTypes.length - (argNames?.length ?? 0);
  const args = argTypes.map((type, i) => {
    const argName = argNames?.[i - firstNamed];
    return argName === undefined ? formatType(type) : `${argName} => ${formatType(type)}`;
  });
  return `${name}(${args.join(', ')})`;
}

/** `integer + boolean`, `- boolean`. @param left undefined for a prefix operator */
export function formatOperator(name: string, left: number | undefined, right: number, formatType: TypeFormatter): string {
  return left === undefined ? `${name} ${formatType(right)}` : `${formatType(left)} ${name} ${formatType(right)}`;
}

/** Why a call found no function. @param position of the name in the statement */
export function functionError(
  refusal: FunctionRefusal,
  name: string,
  call: FunctionCall,
  formatType: TypeFormatter,
  position?: number,
  noun: 'function' | 'procedure' = 'function',
): SqlError {
  switch (refusal.kind) {
    case 'undefined':
      return new SqlError(
        SqlState.undefinedFunction,
        `${noun} ${formatSignature(name, call.argTypes, call.argNames, formatType)} does not exist`,
        { hint: `No ${noun} matches the given name and argument types. You might need to add explicit type casts.`, position },
      );
    case 'ambiguous':
      return new SqlError(
        SqlState.ambiguousFunction,
        `${noun} ${formatSignature(name, call.argTypes, call.argNames, formatType)} is not unique`,
        { hint: `Could not choose a best candidate ${noun}. You might need to add explicit type casts.`, position },
      );
    case 'variadic':
      return new SqlError(SqlState.datatypeMismatch, 'VARIADIC argument must be an array', { position });
    case 'polymorphic':
      return polymorphicError(refusal.failure, formatType);
  }
}

/** Why an expression found no operator. */
export function operatorError(
  refusal: OperatorRefusal,
  name: string,
  left: number | undefined,
  right: number,
  formatType: TypeFormatter,
  position?: number,
): SqlError {
  switch (refusal.kind) {
    case 'undefined': {
      const casts =
        left === undefined ? 'type. You might need to add an explicit type cast.' : 'types. You might need to add explicit type casts.';
      return new SqlError(SqlState.undefinedFunction, `operator does not exist: ${formatOperator(name, left, right, formatType)}`, {
        hint: `No operator matches the given name and argument ${casts}`,
        position,
      });
    }
    case 'ambiguous':
      return new SqlError(SqlState.ambiguousFunction, `operator is not unique: ${formatOperator(name, left, right, formatType)}`, {
        hint: 'Could not choose a best candidate operator. You might need to add explicit type casts.',
        position,
      });
    case 'shell': {
      const shown = formatOperator(name, left === undefined ? undefined : refusal.operator.left, refusal.operator.right, formatType);
      return new SqlError(SqlState.undefinedFunction, `operator is only a shell: ${shown}`, { position });
    }
    case 'not an array':
      return new SqlError(SqlState.wrongObjectType, 'op ANY/ALL (array) requires array on right side', { position });
    case 'not boolean':
      return new SqlError(SqlState.wrongObjectType, 'op ANY/ALL (array) requires operator to yield boolean', { position });
    case 'returns set':
      return new SqlError(SqlState.wrongObjectType, 'op ANY/ALL (array) requires operator not to return a set', { position });
    case 'polymorphic':
      return polymorphicError(refusal.failure, formatType);
  }
}

/** PostgreSQL gives these no position. */
export function polymorphicError(failure: PolymorphicFailure, formatType: TypeFormatter): SqlError {
  const unknown = formatType(TypeOid.unknown);
  switch (failure.kind) {
    case 'undetermined':
      return new SqlError(SqlState.datatypeMismatch, `could not determine polymorphic type because input has type ${unknown}`);
    case 'range':
      return new SqlError(
        SqlState.datatypeMismatch,
        `could not determine polymorphic type ${formatType(failure.polymorphic)} because input has type ${unknown}`,
      );
    case 'array':
      return new SqlError(SqlState.undefinedObject, `could not find array type for data type ${formatType(failure.element)}`);
    case 'inconsistent':
      return new SqlError(SqlState.datatypeMismatch, 'arguments of polymorphic parameters are not all alike');
  }
}
