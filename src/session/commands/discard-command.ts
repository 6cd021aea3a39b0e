import { SettingName } from '../../commons/setting-names.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import type { DiscardStatement } from '../../planner/parse/ast.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';

/** DISCARD: what poolers send between two users of a connection. */
export function* discardCommand(statement: DiscardStatement, core: SessionCore): Waiting<OpenedStatement> {
  switch (statement.target) {
    case 'plans':
      // Plans are shared; they are made anew when what they depend on changes.
      return new DoneCommand('DISCARD PLANS');
    case 'sequences':
      core.sequences.clear();
      return new DoneCommand('DISCARD SEQUENCES');
    case 'temp':
      yield* wait(core.sessionCatalog.close());
      return new DoneCommand('DISCARD TEMP');
    case 'all':
      yield* discardAll(core);
      return new DoneCommand('DISCARD ALL');
  }
}

function* discardAll(core: SessionCore): Waiting<void> {
  if (core.block.isBlock) {
    throw new SqlError(SqlState.activeSqlTransaction, 'DISCARD ALL cannot run inside a transaction block');
  }
  const transaction = core.block.enter();
  // Not the unnamed one: it may be the portal that runs this.
  core.portals.closeNamed();
  core.settings.reset(SettingName.sessionAuthorization, false);
  core.settings.reset(SettingName.role, false);
  core.settings.resetAll();
  core.prepared.clearNamed();
  core.notifications.unlisten(undefined, transaction);
  core.services.advisoryUnlockAll();
  core.sequences.clear();
  yield* wait(core.sessionCatalog.close());
}
