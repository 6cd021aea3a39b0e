import type { Logger } from '../commons/logger.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/** What the engine says of a string, array, map or buffer that would be larger than it can make one: some function's arguments asked for it. */
const TOO_LARGE =
  /^(Invalid (string|array|typed array|count|array buffer) (length|value)|Array buffer allocation failed|(Map|Set) maximum size exceeded|Cannot create a string longer than|The value of "size" is out of range)/;

/**
 * Anything thrown → what the client is told. A SqlError stays; running out of stack is the user's doing and answered as PostgreSQL does;
 * so is a value beyond the engine's limits; all else is a bug of ours: logged with its stack, answered as XX000 (law 7).
 */
export function toSqlError(thrown: unknown, logger: Logger): SqlError {
  if (thrown instanceof SqlError) return thrown;
  if (thrown instanceof RangeError && thrown.message === 'Maximum call stack size exceeded') {
    return new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded');
  }
  if (thrown instanceof Error && TOO_LARGE.test(thrown.message)) {
    return new SqlError(SqlState.programLimitExceeded, 'requested length too large');
  }
  logger.error({ err: thrown }, 'unexpected error');
  return new SqlError(SqlState.internalError, thrown instanceof Error ? `internal error: ${thrown.message}` : 'internal error');
}
