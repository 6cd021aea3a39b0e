import type { Oid } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { callColumns, callParamTypes } from '../../executor/ddl/index.js';
import { drive } from '../../executor/waiting.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { Statement } from '../../planner/parse/ast.js';
import type { LiftedLiteral } from '../../planner/parse/literals.js';
import type { SqlValue } from '../../types/value.js';
import { callCommand } from '../commands/call-command.js';
import { setConstraintsCommand } from '../commands/constraint-commands.js';
import { copyCommand } from '../commands/copy-command.js';
import { closeCommand, declareCommand, fetchCommand } from '../commands/cursor-commands.js';
import { discardCommand } from '../commands/discard-command.js';
import { doCommand } from '../commands/do-command.js';
import { explainColumns, explainCommand } from '../commands/explain-command.js';
import { lockTableCommand } from '../commands/lock-commands.js';
import { listenCommand, notifyCommand, unlistenCommand } from '../commands/notify-commands.js';
import { deallocateCommand, executeCommand, prepareCommand } from '../commands/prepared-commands.js';
import { setCommand, showColumns, showCommand } from '../commands/setting-commands.js';
import { endsFailedBlock, transactionCommand } from '../commands/transaction-commands.js';
import { isUtilityStatement, selectInto, utilityCommand } from '../commands/utility-command.js';
import type { OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import type { CachedStatement } from '../statement/cached-statement.js';
import { currentPlan, openQuery } from './open-query.js';

/**
 * Begins any statement: a query through planner and executor, a session's own command by commands/, everything else by the executor's
 * utility statements. What it gives is pulled to its end and closed by the caller.
 *
 * @param inMultiple it is not the only statement of its message
 * @throws SqlError 25P02 in a failed block, and whatever the statement raises
 */
export function openStatement(
  core: SessionCore,
  cached: CachedStatement,
  params: readonly SqlValue[],
  literals: readonly LiftedLiteral[],
  inMultiple: boolean,
): MaybePromise<OpenedStatement> {
  if (cached.isQuery) return openQuery(core, cached, params, literals);
  const { statement, text } = cached.parsed;
  if (core.block.isFailed && !endsFailedBlock(statement)) core.block.requireNotFailed();
  if (statement.type === 'call') {
    const types = commandParamTypes(core, cached) ?? cached.paramTypes;
    return drive(callCommand(statement, core, { types, values: params }, core.block.isBlock || inMultiple));
  }
  if (statement.type === 'do') return drive(doCommand(statement, core, core.block.isBlock || inMultiple));
  return openCommand(core, cached, statement, text, params, inMultiple);
}

/** A command with $1 …: what the client left open, the query within or the procedure's parameters tell. Undefined where neither is there. */
export function commandParamTypes(core: SessionCore, cached: CachedStatement): readonly Oid[] | undefined {
  const { statement } = cached.parsed;
  if (cached.paramsFixed || cached.isQuery) return undefined;
  if (statement.type === 'call') return callParamTypes(statement, core.plannerContext(cached.paramTypes, false));
  return cached.within === undefined ? undefined : currentPlan(core, cached.within).query.paramTypes;
}

function openCommand(
  core: SessionCore,
  cached: CachedStatement,
  statement: Statement,
  text: string,
  params: readonly SqlValue[],
  inMultiple: boolean,
): MaybePromise<OpenedStatement> {
  switch (statement.type) {
    case 'transaction':
      return transactionCommand(statement, core, inMultiple);
    case 'set':
      return setCommand(statement, core, inMultiple);
    case 'show':
      return showCommand(statement, core);
    case 'prepare':
      return prepareCommand(statement, text, core);
    case 'execute':
      return drive(executeCommand(statement, core));
    case 'deallocate':
      return deallocateCommand(statement, core);
    case 'declare cursor':
      return drive(declareCommand(statement, cached, params, core, inMultiple));
    case 'fetch':
      return drive(fetchCommand(statement, core));
    case 'close':
      return closeCommand(statement, core);
    case 'discard':
      return drive(discardCommand(statement, core));
    case 'listen':
      return drive(listenCommand(statement, core));
    case 'unlisten':
      return unlistenCommand(statement, core);
    case 'notify':
      return notifyCommand(statement, core);
    case 'lock table':
      return drive(lockTableCommand(statement, core, inMultiple));
    case 'set constraints':
      return drive(setConstraintsCommand(statement, core, inMultiple));
    case 'explain':
      return drive(explainCommand(statement, cached, params, core));
    case 'copy':
      return drive(copyCommand(statement, text, core));
    default: {
      const utility = statement.type === 'select' ? selectInto(statement) : statement;
      if (utility !== undefined && isUtilityStatement(utility)) {
        const own = params.length === 0 ? undefined : { types: commandParamTypes(core, cached) ?? cached.paramTypes, values: params };
        return drive(utilityCommand(utility, core, inMultiple, own));
      }
      throw new Error(`no way to run a statement of type ${statement.type}`);
    }
  }
}

/** The columns that a command's rows will have, for Describe; undefined for no rows. */
export function commandColumns(statement: Statement, core: SessionCore): readonly ResultColumn[] | undefined {
  switch (statement.type) {
    case 'show':
      return showColumns(statement, core);
    case 'explain':
      return explainColumns(statement);
    case 'call':
      return callColumns(statement, core.plannerContext([], false));
    case 'fetch':
      return statement.move === true ? undefined : core.portals.find(statement.cursor)?.columns;
    case 'execute': {
      const prepared = core.prepared.has(statement.name) ? core.prepared.get(statement.name) : undefined;
      return prepared?.columns;
    }
    default:
      return undefined;
  }
}
