import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/** 22P02 as every input function words it. `type` is the SQL name: 'integer', 'uuid' … */
export function invalidInput(type: string, text: string): SqlError {
  return new SqlError(SqlState.invalidTextRepresentation, `invalid input syntax for type ${type}: "${text}"`);
}

/** 22003 of an input function that names the text it got. */
export function inputOutOfRange(type: string, text: string): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, `value "${text}" is out of range for type ${type}`);
}

/** 22003 of arithmetic and casts: 'integer out of range'. */
export function outOfRange(type: string): SqlError {
  return new SqlError(SqlState.numericValueOutOfRange, `${type} out of range`);
}

export function divisionByZero(): SqlError {
  return new SqlError(SqlState.divisionByZero, 'division by zero');
}

/** 22P03: binary data of the wrong length or form. */
export function invalidBinary(message: string): SqlError {
  return new SqlError(SqlState.invalidBinaryRepresentation, message);
}

/** 08P01: binary data that ends too soon. */
export function insufficientData(): SqlError {
  return new SqlError(SqlState.protocolViolation, 'insufficient data left in message');
}

/** What C's isspace takes in the C locale: tab, line feed, vertical tab, form feed, carriage return, space. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
