import type { Logger } from '../commons/logger.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/**
 * Anything thrown → what the client is told. A SqlError stays; running out of stack is the user's doing and answered as PostgreSQL does;
 * all else is a bug of ours: logged with its stack, answered as XX000 (law 7).
 */
export function toSqlError(thrown: unknown, logger: Logger): SqlError {
  if (thrown instanceof SqlError) return thrown;
  if (thrown instanceof RangeError && thrown.message === 'Maximum call stack size exceeded') {
    return new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
  }
  logger.error({ err: thrown }, 'unexpected error');
  return new SqlError(SqlState.internalError, thrown instanceof Error ? `internal error: ${thrown.message}` : 'internal error');
}
