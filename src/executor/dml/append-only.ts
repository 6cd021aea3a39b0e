import type { TableDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

/** Rows of stream tables are never changed, only written and forgotten. @throws SqlError 0A000 */
export function refuseStream(table: TableDescriptor, command: string): void {
  if (table.tableType !== 'stream') return;
  throw new SqlError(SqlState.featureNotSupported, `cannot ${command} stream table "${table.name}"`, {
    detail: 'Stream tables are append-only; their rows expire.',
  });
}
