import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { TransactionOptions as Options, Statement, TransactionStatement } from '../../planner/parse/ast.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { isolationLevel } from '../session-values.js';
import type { TransactionChange } from '../transaction-block.js';
import { noTwoPhase } from '../transaction-errors.js';

/** BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their relatives. */
export function transactionCommand(statement: TransactionStatement, core: SessionCore): MaybePromise<OpenedStatement> {
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
    case 'commit prepared':
    case 'rollback prepared':
      throw noTwoPhase();
  }
}

export function transactionChange(options: Options): TransactionChange {
  return {
    ...(options.isolationLevel === undefined ? {} : { isolation: isolationLevel(options.isolationLevel) }),
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
