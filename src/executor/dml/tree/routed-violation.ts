import { SqlError } from '../../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../../commons/sqlstates.js';
import type { SqlValue } from '../../../types/value.js';
import type { Frame } from '../../frame.js';
import type { Waiting } from '../../waiting.js';
import type { RowWriter } from '../row-writer.js';
import { type FailingTarget, failingRow } from '../violations.js';
import { convert } from './router.js';

/** Violations that show the row. */
const SHOWING: ReadonlySet<SqlStateCode> = new Set<SqlStateCode>([
  SqlState.notNullViolation,
  SqlState.checkViolation,
  SqlState.withCheckOptionViolation,
]);

/**
 * Runs a change of a row of a partition: a violation shows the row as the statement gave it, in the columns of the table that it names, and as
 * far as they may be read there.
 */
export function* asSeenFrom<T>(root: FailingTarget, writer: RowWriter, values: SqlValue[], frame: Frame, change: Waiting<T>): Waiting<T> {
  const { table } = writer.target;
  try {
    return yield* change;
  } catch (error) {
    if (!(error instanceof SqlError) || !SHOWING.has(error.code) || !isOf(error, table.name)) throw error;
    const seen = convert(table, root.table, values);
    throw new SqlError(error.code, error.message, { ...error.fields, detail: failingRow(root, seen, frame.cx) });
  }
}

/** Of a row of that table, and not of one that a trigger has written; those of views name no table. */
function isOf({ fields }: SqlError, table: string): boolean {
  return fields.table === undefined || fields.table === table;
}
