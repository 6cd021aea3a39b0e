import type { MaybePromise } from '../../commons/maybe-promise.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TransactionOptions as Options, Statement, TransactionStatement } from '../../planner/parse/ast.js';
import type { Finisher, OptionsChange } from '../../transaction/transaction.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { isolationOf } from '../session-values.js';

/** BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their relatives. */
export function transactionCommand(statement: TransactionStatement, core: SessionCore, inMultiple: boolean): MaybePromise<OpenedStatement> {
  const { block } = core;
  const name = statement.name ?? '';
  const chain = statement.chain === true;
  switch (statement.kind) {
    case 'begin':
    case 'start':
      block.begin(transactionChange(statement));
      return new DoneCommand(statement.kind === 'begin' ? 'BEGIN' : 'START TRANSACTION');
    case 'commit': {
      const tag = block.commit(chain);
      return tag instanceof Promise ? tag.then((text) => new DoneCommand(text)) : new DoneCommand(tag);
    }
    case 'rollback':
      block.rollback(chain);
      return new DoneCommand('ROLLBACK');
    case 'savepoint':
      block.savepoint(name);
      return new DoneCommand('SAVEPOINT');
    case 'release':
      block.release(name);
      return new DoneCommand('RELEASE');
    case 'rollback to':
      block.rollbackTo(name);
      return new DoneCommand('ROLLBACK');
    case 'prepare':
      return prepareTransaction(name, core);
    case 'commit prepared':
      block.requireNone('COMMIT PREPARED', inMultiple);
      requireUnbound(core);
      return core.server.transactions.prepared.commit(name, finisher(core)).then(() => new DoneCommand('COMMIT PREPARED'));
    case 'rollback prepared':
      block.requireNone('ROLLBACK PREPARED', inMultiple);
      requireUnbound(core);
      return core.server.transactions.prepared.rollback(name, finisher(core)).then(() => new DoneCommand('ROLLBACK PREPARED'));
  }
}

function prepareTransaction(gid: string, core: SessionCore): MaybePromise<OpenedStatement> {
  const tag = core.block.prepare(gid, core.identity().currentRole);
  return tag instanceof Promise ? tag.then((text) => new DoneCommand(text)) : new DoneCommand(tag);
}

function finisher(core: SessionCore): Finisher {
  const { currentRole, isSuperuser } = core.identity();
  return { backendPid: core.pid, database: core.database.oid, mayFinish: (owner) => isSuperuser || owner === currentRole };
}

export function transactionChange(options: Options): OptionsChange {
  return {
    ...(options.isolationLevel === undefined ? {} : isolationOf(options.isolationLevel)),
    ...(options.readOnly === undefined ? {} : { readOnly: options.readOnly }),
    ...(options.deferrable === undefined ? {} : { deferrable: options.deferrable }),
  };
}

/** What a failed block still accepts. */
export function endsFailedBlock(statement: Statement): boolean {
  if (statement.type !== 'transaction') return false;
  switch (statement.kind) {
    case 'commit':
    case 'rollback':
    case 'rollback to':
    case 'prepare':
      return true;
    default:
      return false;
  }
}

/** Prepared transactions belong to a role, which those who act for one user each may share. */
function requireUnbound(core: SessionCore): void {
  if (core.login.endUser !== undefined) throw new SqlError(SqlState.insufficientPrivilege, 'the session acts for one user only');
}
