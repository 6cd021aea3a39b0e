import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** The rows of a table that a trigger's REFERENCING names. @throws SqlError 42P01 where the trigger is not firing any more */
function* transitionRows(name: SqlValue, cx: FunctionContext): Generator<Row, void, void> {
  const found = cx.session.statements.stack.transitions?.find((table) => table.name === name);
  if (found === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${String(name)}" does not exist`);
  const positions = found.columns.flatMap((column) => (column.dropped === true ? [] : [column.number - 1]));
  const isWhole = positions.length === found.columns.length;
  for (const row of found.rows) yield isWhole ? row : positions.map((position) => row[position] ?? null);
}

export const transitionTableFunctions: FunctionTable = {
  set: { transition_table: (args, cx) => transitionRows(args[0] ?? null, cx) },
};
