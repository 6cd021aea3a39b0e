import { quoteIdentifier } from '../../catalog/definitions/index.js';
import { Privilege } from '../../catalog/descriptors.js';
import { isMemberOf, isSuperuser, privilegesOf } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Statement } from '../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, lockName, noRole } from './names.js';
import { skipping } from './notices.js';
import { initialPrivileges } from './privileges/default-privileges.js';

/** CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION role]. */
export async function createSchema(
  statement: UtilityStatement<'create schema'>,
  cx: UtilityContext,
  run: RunElement,
): Promise<UtilityResult> {
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  const owner = statement.authorization === undefined ? currentRole : roleOf(statement.authorization, cx);
  if (owner === undefined) throw noRole(statement.authorization ?? '');
  const name = statement.name ?? catalog.roleByOid(owner)?.name ?? '';
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
    skipping(cx, `schema "${name}"`, SqlState.duplicateSchema);
    return { tag: 'CREATE SCHEMA' };
  }
  const oid = cx.session.catalog.allocateOid();
  cx.session.catalog.put(cx.transaction, { kind: 'schema', oid, name, owner, ...initialPrivileges('schema', owner, 0, cx) });
  if (statement.elements !== undefined) await createElements(name, oid, statement.elements, cx, run);
  return { tag: 'CREATE SCHEMA' };
}

/** The grammar has read CURRENT_USER and its like as their names. */
function roleOf(name: string, cx: UtilityContext): Oid | undefined {
  const catalog = catalogOf(cx);
  if (name === 'current_user' || name === 'current_role') return cx.session.currentRole;
  return catalog.role(name === 'session_user' ? cx.session.sessionUser : name)?.oid;
}

/** Executes a statement of its own in the same transaction. */
type RunElement = (statement: Statement, cx: UtilityContext) => Promise<void>;

/** PostgreSQL's order: what others may need comes first. */
const ORDER: readonly Statement['type'][] = ['create sequence', 'create table', 'create view', 'create index', 'create trigger', 'grant'];

/** The new schema comes first in the search path while its elements are made. @throws SqlError 42P15 */
async function createElements(name: string, oid: Oid, elements: readonly Statement[], cx: UtilityContext, run: RunElement): Promise<void> {
  const before = cx.session.getSetting('search_path', false) ?? '';
  cx.session.setSetting('search_path', [quoteIdentifier(name), ...(before.trim() === '' ? [] : [before])].join(', '), true);
  const { transaction, view, access, session, params, lifted, format, actingUser, workMemBytes, spills, interrupt, library, runQuery } = cx;
  const planner = { ...cx.planner, searchPath: [oid, ...cx.planner.searchPath] };
  const rest = {
    transaction,
    view,
    access,
    session,
    params,
    lifted,
    format,
    actingUser,
    workMemBytes,
    spills,
    interrupt,
    library,
    runQuery,
  };
  const ordered = [...elements].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
  for (const element of ordered) {
    const catalog = catalogOf(cx);
    await run(inSchema(element, name), { ...rest, catalog, planner: { ...planner, catalog } });
  }
  cx.session.setSetting('search_path', before, true);
}

function inSchema(statement: Statement, schema: string): Statement {
  if (statement.type !== 'create table' && statement.type !== 'create view' && statement.type !== 'create sequence') return statement;
  const given = statement.name.schema;
  if (given !== undefined && given !== schema)
    throw new SqlError(
      SqlState.invalidSchemaDefinition,
      `CREATE specifies a schema (${given}) different from the one being created (${schema})`,
    );
  return { ...statement, name: { ...statement.name, schema } };
}
