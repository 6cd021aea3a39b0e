import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { evaluateExpression } from '../../executor/expression/compile-expression.js';
import { checkPrivileges } from '../../executor/privileges.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import { listenOptions } from '../../notify/listen-options.js';
import type { ListenContext } from '../../notify/notifications.js';
import type { ListenStatement, NotifyStatement, UnlistenStatement } from '../../planner/parse/ast.js';
import type { ReadView, Transaction } from '../../transaction/transaction.js';
import { maySeeAllUsers, requireMayActFor } from '../identity.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import { QueryOfListener } from '../repeated-query.js';
import type { SessionCore } from '../session-core.js';
import { StatementContext } from '../statement-context.js';

/** PostgreSQL's limits: a channel is a name, a payload less than 8000 bytes. */
const MAX_CHANNEL_BYTES = 63;
const MAX_PAYLOAD_BYTES = 7999;

/** LISTEN: a live query where the name is a relation's, else a channel. */
export function* listenCommand(statement: ListenStatement, core: SessionCore): Waiting<OpenedStatement> {
  const transaction = core.block.enter();
  const view = transaction.view();
  try {
    yield* wait(
      core.notifications.listen(statement.channel, listenOptions(statement.options, core.format), listenContext(core, transaction, view)),
    );
  } finally {
    if (core.block.transaction === transaction) view.release();
  }
  return new DoneCommand('LISTEN');
}

/** What a session has at hand when it asks for a live query. */
export function listenContext(core: SessionCore, transaction: Transaction, view: ReadView): ListenContext {
  const identity = core.identity();
  const cx = core.execution(transaction, view, [], []);
  return {
    transaction,
    catalog: core.catalog(),
    planner: core.plannerContext([], true),
    actingUser: core.actingUser(),
    checkPrivileges: (required) => checkPrivileges(required, cx),
    listener: identity,
    checkMayActFor() {
      if (identity.isBound) throw new SqlError(SqlState.insufficientPrivilege, 'the session acts for one user only');
      requireMayActFor(core.catalog(), identity.sessionRole);
    },
    evaluate: (expr, user) =>
      evaluateExpression(expr, core.server.compile.library, new StatementContext(core, transaction, view, [], [], undefined, user)),
    isAdministrator: maySeeAllUsers(core.catalog(), identity.currentRole),
    repeated: (statement, options) => new QueryOfListener({ core, view }, statement, options),
    parse: (text) => core.server.parser.parse(text).map((parsed) => parsed.statement),
    interrupt: core.interrupt,
  };
}

export function unlistenCommand(statement: UnlistenStatement, core: SessionCore): OpenedStatement {
  core.notifications.unlisten(statement.channel, core.block.enter());
  return new DoneCommand('UNLISTEN');
}

export function notifyCommand(statement: NotifyStatement, core: SessionCore): OpenedStatement {
  const payload = statement.payload ?? '';
  if (Buffer.byteLength(statement.channel) > MAX_CHANNEL_BYTES) {
    throw new SqlError(SqlState.invalidParameterValue, 'channel name too long');
  }
  if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) throw new SqlError(SqlState.invalidParameterValue, 'payload string too long');
  core.block.enter().notify(statement.channel, payload);
  return new DoneCommand('NOTIFY');
}
