import { setTimeout } from 'node:timers/promises';
import type { DatabaseDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext } from '../context.js';

/** PostgreSQL's CountOtherDBBackends: whoever is just leaving gets so long. */
const LOOKS = 50;
const PAUSE_MS = 100;

/** Waits a while for others to leave a database that the caller has locked against newcomers. @throws SqlError 55006 */
export async function requireUnused(database: DatabaseDescriptor, message: string, cx: UtilityContext): Promise<void> {
  for (let look = 1; ; look++) {
    const sessions = cx.session.otherSessions(database.oid).length;
    const prepared = preparedIn(database, cx);
    if (sessions === 0 && prepared === 0) return;
    if (look === LOOKS) throw new SqlError(SqlState.objectInUse, message, { detail: busyDetail(sessions, prepared) });
    await setTimeout(PAUSE_MS);
    cx.interrupt.check();
  }
}

/** DROP DATABASE WITH (FORCE): disconnects who is connected. @throws SqlError 42501, 55006 where there are prepared transactions */
export function disconnectOthers(database: DatabaseDescriptor, cx: UtilityContext): void {
  const prepared = preparedIn(database, cx);
  if (prepared > 0)
    throw new SqlError(SqlState.objectInUse, `database "${database.name}" is being used by prepared transactions`, {
      detail: busyDetail(0, prepared),
    });
  for (const pid of cx.session.otherSessions(database.oid)) cx.session.signalBackend(pid, 'terminate');
}

function preparedIn(database: DatabaseDescriptor, cx: UtilityContext): number {
  let count = 0;
  for (const prepared of cx.session.transactions.prepared.list()) if (prepared.database === database.oid) count++;
  return count;
}

function busyDetail(sessions: number, prepared: number): string {
  if (sessions > 0 && prepared > 0)
    return `There are ${sessions} other session(s) and ${prepared} prepared transaction(s) using the database.`;
  const counted = (count: number, what: string): string =>
    count === 1 ? `There is 1 ${what} using the database.` : `There are ${count} ${what}s using the database.`;
  return sessions > 0 ? counted(sessions, 'other session') : counted(prepared, 'prepared transaction');
}
