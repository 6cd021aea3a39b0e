import { withContext } from '../../../commons/error-context.js';
import { SqlError } from '../../../commons/sql-error.js';
import type { SqlText } from '../../../planner/parse/plpgsql/ast.js';

const LINES: Readonly<Record<SqlText['mode'], string>> = {
  expression: 'SQL expression',
  statement: 'SQL statement',
  assignment: 'PL/pgSQL assignment',
};

export function contextLine(mode: SqlText['mode'], text: string): string {
  return `${LINES[mode]} "${text}"`;
}

/**
 * An error of a piece of SQL that was parsed as another text: its place is told in the piece's own. Where it has no place in the piece, a line of
 * context tells which it was.
 * @param shift to be added to places in what was parsed
 */
export function explainSqlError(thrown: unknown, mode: SqlText['mode'], text: string, parsed: string, shift: number): unknown {
  if (!(thrown instanceof SqlError)) return thrown;
  const { where, internalQuery, internalPosition, position, ...fields } = thrown.fields;
  if (where === undefined && internalPosition === undefined && position !== undefined) {
    return replaced(thrown, { ...fields, internalQuery: text, internalPosition: Math.max(0, position + shift) });
  }
  if (where === undefined && internalPosition !== undefined && internalQuery === parsed) {
    return replaced(thrown, { ...fields, internalQuery: text, internalPosition: Math.max(0, internalPosition + shift) });
  }
  return withContext(thrown, contextLine(mode, text));
}

function replaced(error: SqlError, fields: SqlError['fields']): SqlError {
  const result = new SqlError(error.code, error.message, fields);
  if (error.stack !== undefined) result.stack = error.stack;
  return result;
}
