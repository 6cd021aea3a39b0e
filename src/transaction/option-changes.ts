import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { OptionsChange, TransactionOptions } from './transaction.js';

/**
 * What may still be changed of a transaction's options (PostgreSQL manual, SET TRANSACTION).
 * @param started it has had its first command
 * @param nested it is within a savepoint
 * @throws SqlError 25001
 */
export function requireChangeable(change: OptionsChange, current: TransactionOptions, started: boolean, nested: boolean): void {
  if (change.isolation !== undefined && isOtherLevel(change, current)) {
    if (started) throw tooLate('SET TRANSACTION ISOLATION LEVEL must be called before any query');
    if (nested) throw tooLate('SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction');
  }
  if (change.readOnly === false && current.readOnly) {
    if (nested) throw tooLate('cannot set transaction read-write mode inside a read-only transaction');
    if (started) throw tooLate('transaction read-write mode must be set before any query');
  }
  if (change.deferrable !== undefined) {
    if (nested) throw tooLate('SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction');
    if (started) throw tooLate('SET TRANSACTION [NOT] DEFERRABLE must be called before any query');
  }
}

/** By name: READ UNCOMMITTED is one of its own. */
const isOtherLevel = (a: OptionsChange, b: TransactionOptions): boolean =>
  a.isolation !== b.isolation || (a.uncommitted === true) !== (b.uncommitted === true);

const tooLate = (message: string): SqlError => new SqlError(SqlState.activeSqlTransaction, message);
