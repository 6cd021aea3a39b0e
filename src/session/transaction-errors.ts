import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

export function failedBlock(): SqlError {
  return new SqlError(SqlState.inFailedSqlTransaction, 'current transaction is aborted, commands ignored until end of transaction block');
}

export function onlyInBlock(command: string): SqlError {
  return new SqlError(SqlState.noActiveSqlTransaction, `${command} can only be used in transaction blocks`);
}

export function notInBlock(command: string): SqlError {
  return new SqlError(SqlState.activeSqlTransaction, `${command} cannot run inside a transaction block`);
}

export function noSavepoint(name: string): SqlError {
  return new SqlError(SqlState.invalidSavepointSpecification, `savepoint "${name}" does not exist`);
}

/** What only the session can have: PREPARE TRANSACTION would lose it. */
export const cannotPrepare = (what: string): SqlError =>
  new SqlError(SqlState.featureNotSupported, `cannot PREPARE a transaction that has ${what}`);
