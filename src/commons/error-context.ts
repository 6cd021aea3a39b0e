import { SqlError } from './sql-error.js';

/** The error with one more line of context, outermost last: `SQL function "f" statement 1`, `PL/pgSQL function f(integer) line 3 at RETURN`. */
export function withContext(error: SqlError, line: string): SqlError {
  const { where } = error.fields;
  const result = new SqlError(error.code, error.message, { ...error.fields, where: where === undefined ? line : `${where}\n${line}` });
  if (error.stack !== undefined) result.stack = error.stack;
  return result;
}

/** What was thrown in a statement whose text the client has not sent: its place is told with the text. */
export function placed(error: unknown, text: string): unknown {
  if (!(error instanceof SqlError)) return error;
  const { position, ...fields } = error.fields;
  if (position === undefined || fields.internalQuery !== undefined) return error;
  const result = new SqlError(error.code, error.message, { ...fields, internalPosition: position, internalQuery: text });
  if (error.stack !== undefined) result.stack = error.stack;
  return result;
}
