import type { DatabaseDescriptor } from '../../../catalog/descriptors.js';
import { isMemberOf } from '../../../catalog/privileges.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRole, lockName } from '../names.js';
import { notice } from '../notices.js';
import { booleanOption } from '../options.js';
import { withNewOwner } from '../privileges/new-owner.js';
import { lockDatabase, noDatabase, requireDatabaseOwner, requireMayCreate } from './find.js';
import { requireUnused } from './in-use.js';
import { connectionLimit, knownOptions, requireDefaultTablespace } from './options.js';

const OPTIONS: ReadonlySet<string> = new Set(['is_template', 'allow_connections', 'connection_limit', 'tablespace']);

/** ALTER DATABASE … WITH options, SET TABLESPACE, REFRESH COLLATION VERSION. */
export async function alterDatabase(statement: UtilityStatement<'alter database'>, cx: UtilityContext): Promise<UtilityResult> {
  const options = knownOptions(statement.options, OPTIONS);
  const tablespace = options.get('tablespace');
  if (tablespace !== undefined && options.size > 1)
    throw new SqlError(SqlState.featureNotSupported, 'option "tablespace" cannot be specified with other options', {
      position: tablespace._location?.start,
    });
  const limit = options.get('connection_limit');
  const connections = limit === undefined ? undefined : connectionLimit(limit);
  const database = await existing(statement.name, cx);
  requireDatabaseOwner(database, cx);
  if (statement.refreshes === true) notice(cx, 'version has not changed');
  else if (tablespace !== undefined) requireDefaultTablespace(tablespace);
  else cx.session.catalog.put(cx.transaction, changed(database, options, connections, cx));
  return { tag: 'ALTER DATABASE' };
}

function changed(
  database: DatabaseDescriptor,
  options: ReadonlyMap<string, DefElement>,
  connections: number | undefined,
  cx: UtilityContext,
): DatabaseDescriptor {
  const { isTemplate, connectionLimit: limit, ...rest } = database;
  const template = options.get('is_template');
  const allows = options.get('allow_connections');
  const allowsConnections = allows === undefined ? database.allowsConnections !== false : booleanOption(allows);
  if (!allowsConnections && database.oid === cx.session.database.oid)
    throw new SqlError(SqlState.invalidParameterValue, 'cannot disallow connections for current database');
  const isNowTemplate = template === undefined ? isTemplate === true : booleanOption(template);
  const limitNow = connections ?? limit ?? -1;
  return {
    ...rest,
    allowsConnections,
    ...(isNowTemplate ? { isTemplate: true } : {}),
    ...(limitNow === -1 ? {} : { connectionLimit: limitNow }),
  };
}

/** ALTER DATABASE … RENAME TO: nobody may be connected to it. */
export async function renameDatabase(statement: UtilityStatement<'rename'>, cx: UtilityContext): Promise<string> {
  const { to } = statement;
  const database = await existing(statement.relation.name, cx, 'ACCESS EXCLUSIVE');
  requireDatabaseOwner(database, cx);
  requireMayCreate('rename database', cx);
  await lockName('database', to, cx);
  if (catalogOf(cx).databaseNamed(to) !== undefined) throw new SqlError(SqlState.duplicateDatabase, `database "${to}" already exists`);
  if (database.oid === cx.session.database.oid) throw new SqlError(SqlState.featureNotSupported, 'current database cannot be renamed');
  await requireUnused(database, `database "${database.name}" is being accessed by other users`, cx);
  cx.session.catalog.put(cx.transaction, { ...database, name: to });
  return 'ALTER DATABASE';
}

export async function alterDatabaseOwner(statement: UtilityStatement<'alter owner'>, cx: UtilityContext): Promise<UtilityResult> {
  const owner = findRole(statement.to, cx);
  const database = await existing(statement.name.name, cx);
  if (database.owner !== owner) {
    requireDatabaseOwner(database, cx);
    const catalog = catalogOf(cx);
    if (!isMemberOf(catalog, cx.session.currentRole, owner))
      throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${catalog.roleByOid(owner)?.name ?? owner}"`);
    requireMayCreate('change owner of database', cx);
    cx.session.catalog.put(cx.transaction, withNewOwner(database, owner));
  }
  return { tag: 'ALTER DATABASE' };
}

/** @throws SqlError 3D000 */
async function existing(
  name: string,
  cx: UtilityContext,
  mode: Parameters<typeof lockDatabase>[1] = 'SHARE UPDATE EXCLUSIVE',
): Promise<DatabaseDescriptor> {
  const database = await lockDatabase(name, mode, cx);
  if (database === undefined) throw noDatabase(name);
  return database;
}
