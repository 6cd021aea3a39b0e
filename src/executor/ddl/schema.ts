import { Privilege } from '../../catalog/descriptors.js';
import { isMemberOf, isSuperuser, privilegesOf } from '../../catalog/privileges.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, lockName, noRole } from './names.js';
import { notice } from './notices.js';

/** CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION role]. */
export async function createSchema(statement: UtilityStatement<'create schema'>, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.elements !== undefined && statement.elements.length > 0) throw notSupported('CREATE SCHEMA with schema elements');
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  const owner = statement.authorization === undefined ? currentRole : catalog.role(statement.authorization)?.oid;
  if (owner === undefined) throw noRole(statement.authorization ?? '');
  const name = statement.name ?? statement.authorization ?? '';
  if ((privilegesOf(catalog, currentRole, 'database', catalog.database()) & Privilege.create) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for database ${catalog.database().name}`);
  if (!isMemberOf(catalog, currentRole, owner))
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${statement.authorization}"`);
  if (name.startsWith('pg_') && !(isSuperuser(catalog, currentRole) && catalog.schema(name) !== undefined))
    throw new SqlError(SqlState.reservedName, `unacceptable schema name "${name}"`, {
      detail: 'The prefix "pg_" is reserved for system schemas.',
    });
  await lockName('schema', name, cx);
  if (catalogOf(cx).schema(name) !== undefined) {
    if (statement.ifNotExists !== true) throw new SqlError(SqlState.duplicateSchema, `schema "${name}" already exists`);
    notice(cx, `schema "${name}" already exists, skipping`);
    return { tag: 'CREATE SCHEMA' };
  }
  cx.session.catalog.put(cx.transaction, { kind: 'schema', oid: cx.session.catalog.allocateOid(), name, owner });
  return { tag: 'CREATE SCHEMA' };
}
