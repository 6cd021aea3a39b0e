import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import type { SqlValue } from '../../../types/value.js';
import type { Frame } from '../../frame.js';
import type { Waiting } from '../../waiting.js';
import type { RowWriter } from '../row-writer.js';
import { failingRow } from '../violations.js';
import { convert } from './router.js';

const FAILING = 'Failing row contains ';

/** Runs a change of a row of a partition: a violation shows the row as the statement gave it, in the columns of the table that it names. */
export function* asSeenFrom<T>(root: TableDescriptor, writer: RowWriter, values: SqlValue[], frame: Frame, change: Waiting<T>): Waiting<T> {
  const { table } = writer.target;
  try {
    return yield* change;
  } catch (error) {
    if (!(error instanceof SqlError) || error.fields.detail?.startsWith(FAILING) !== true) throw error;
    const seen = convert(table, root, values);
    if (seen === values) throw error;
    throw new SqlError(error.code, error.message, { ...error.fields, detail: failingRow(root, seen, frame.cx) });
  }
}
