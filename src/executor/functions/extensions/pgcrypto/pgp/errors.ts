import { SqlError } from '../../../../../commons/sql-error.js';
import { SqlState } from '../../../../../commons/sqlstates.js';

/** 39000 with pgcrypto's texts. */
export function pgpError(message: string): SqlError {
  return new SqlError(SqlState.externalRoutineInvocationException, message);
}

export const corrupt = (): SqlError => pgpError('Wrong key or corrupt data');
