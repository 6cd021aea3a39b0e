import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, lockName } from '../names.js';
import { notice } from '../notices.js';
import { dropStorages } from './copy.js';
import { lockDatabase, noDatabase, requireDatabaseOwner } from './find.js';
import { disconnectOthers, requireUnused } from './in-use.js';

/** DROP DATABASE: it is gone with the commit; its rows are removed in the background. */
export async function dropDatabase(statement: UtilityStatement<'drop database'>, cx: UtilityContext): Promise<UtilityResult> {
  const { name } = statement;
  const { session, transaction } = cx;
  const tag = 'DROP DATABASE';
  const database = await lockDatabase(name, 'ACCESS EXCLUSIVE', cx);
  if (database === undefined) {
    if (statement.ifExists !== true) throw noDatabase(name);
    notice(cx, `database "${name}" does not exist, skipping`);
    return { tag };
  }
  requireDatabaseOwner(database, cx);
  if (database.isTemplate === true) throw new SqlError(SqlState.wrongObjectType, 'cannot drop a template database');
  if (database.oid === session.database.oid) throw new SqlError(SqlState.objectInUse, 'cannot drop the currently open database');
  if (statement.force === true) disconnectOthers(database, cx);
  await requireUnused(database, `database "${name}" is being accessed by other users`, cx);
  // Who has just left may have been acknowledged before that was durable.
  await session.transactions.store.sync();
  const objects = await session.catalogs.storedObjects(database);
  dropStorages(objects, cx);
  session.catalogs.dropObjects(transaction, database, objects);
  await forgetSettings(database.oid, cx);
  session.catalog.remove(transaction, 'database', database.oid);
  transaction.onCommit(() => session.transactions.locks.forget(database.oid));
  return { tag };
}

/** What roles start with in it. */
async function forgetSettings(database: Oid, cx: UtilityContext): Promise<void> {
  for (const { oid, name, settingsIn } of [...catalogOf(cx).roles()]) {
    if (settingsIn?.[database] === undefined) continue;
    await lockName('role', name, cx);
    const role = catalogOf(cx).roleByOid(oid);
    const { [database]: _, ...others } = role?.settingsIn ?? {};
    if (role !== undefined) cx.session.catalog.put(cx.transaction, { ...role, settingsIn: others });
  }
}
