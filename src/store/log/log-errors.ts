import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

const FULL: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** @returns SqlError 53100 for a full disk, 58030 for anything else */
export function toLogError(cause: unknown): SqlError {
  if (cause instanceof SqlError) return cause;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  if (FULL.includes(code)) {
    return new SqlError(SqlState.diskFull, 'could not write to log file: No space left on device', { hint: 'Check free disk space.' });
  }
  return new SqlError(SqlState.ioError, `could not write to log file: ${cause instanceof Error ? cause.message : String(cause)}`);
}
