import type { DatabaseDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { lockTags } from '../../../transaction/lock-tags.js';
import type { TableLockMode } from '../../../transaction/transaction.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, ownedBy } from '../names.js';

/** @throws SqlError 3D000 */
export function findDatabase(name: string, cx: UtilityContext): DatabaseDescriptor {
  const database = catalogOf(cx).databaseNamed(name);
  if (database === undefined) throw noDatabase(name);
  return database;
}

export const noDatabase = (name: string): SqlError => new SqlError(SqlState.invalidCatalogName, `database "${name}" does not exist`);

/** As it is once its lock is held: it may have been renamed, altered or dropped until then. @returns undefined: there is none */
export async function lockDatabase(name: string, mode: TableLockMode, cx: UtilityContext): Promise<DatabaseDescriptor | undefined> {
  for (;;) {
    const found = catalogOf(cx).databaseNamed(name);
    if (found === undefined) return undefined;
    const { lockPosition } = cx.transaction;
    await cx.transaction.lock(lockTags.database(found.oid), mode);
    const database = catalogOf(cx).databaseNamed(name);
    if (database?.oid === found.oid) return database;
    cx.transaction.unlockTo(lockPosition);
  }
}

/** @throws SqlError 42501 */
export function requireDatabaseOwner(database: DatabaseDescriptor, cx: UtilityContext): void {
  if (!ownedBy(database.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of database ${database.name}`);
}

/** @throws SqlError 42501 */
export function requireMayCreate(what: string, cx: UtilityContext): void {
  const role = catalogOf(cx).roleByOid(cx.session.currentRole);
  if (role?.superuser !== true && role?.createDb !== true)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied to ${what}`);
}
