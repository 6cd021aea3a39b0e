import type { DatabaseDescriptor } from '../../../catalog/descriptors.js';
import { isMemberOf } from '../../../catalog/privileges.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { DatabaseName, DatabaseOid } from '../../../commons/system-names.js';
import type { DefElement } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRole, lockName, ownedBy } from '../names.js';
import { booleanOption, integerOption, textOption } from '../options.js';
import { copyDatabase } from './copy.js';
import { lockDatabase, requireMayCreate } from './find.js';
import { requireUnused } from './in-use.js';
import { localeOf } from './locale.js';
import { connectionLimit, knownOptions, requireDefaultTablespace } from './options.js';

const OPTIONS: ReadonlySet<string> = new Set([
  'owner',
  'template',
  'encoding',
  'locale',
  'lc_collate',
  'lc_ctype',
  'icu_locale',
  'locale_provider',
  'collation_version',
  'strategy',
  'tablespace',
  'location',
  'is_template',
  'allow_connections',
  'connection_limit',
  'oid',
]);

type Options = ReadonlyMap<string, DefElement>;

/** CREATE DATABASE: a copy of another one, which nobody else may be connected to meanwhile. */
export async function createDatabase(statement: UtilityStatement<'create database'>, cx: UtilityContext): Promise<UtilityResult> {
  const { name } = statement;
  const options = knownOptions(statement.options, OPTIONS);
  if (options.has('location')) warnOfLocation(options.get('location'), cx);
  const wantedOid = wantedOidOf(options);
  const limit = options.get('connection_limit');
  const connections = limit?.value === undefined ? undefined : connectionLimit(limit);
  const owner = ownerOf(options, cx);
  const template = await templateOf(options, cx);
  requireStrategy(options);
  const locale = localeOf(options, template, template.oid === DatabaseOid.template0);
  requireDefaultTablespace(options.get('tablespace'));
  await lockName('database', name, cx);
  if (catalogOf(cx).databaseNamed(name) !== undefined) throw new SqlError(SqlState.duplicateDatabase, `database "${name}" already exists`);
  await requireUnused(template, `source database "${template.name}" is being accessed by other users`, cx);
  const allows = options.get('allow_connections');
  const isTemplate = options.get('is_template');
  const created: DatabaseDescriptor = {
    kind: 'database',
    oid: oidOf(wantedOid, cx),
    name,
    owner,
    settings: {},
    storage: cx.session.catalog.allocateStorage(),
    allowsConnections: allows?.value === undefined || booleanOption(allows),
    ...(isTemplate?.value !== undefined && booleanOption(isTemplate) ? { isTemplate: true } : {}),
    ...(connections === undefined || connections === -1 ? {} : { connectionLimit: connections }),
    ...(locale === undefined ? {} : { locale }),
  };
  await copyDatabase(template, created, cx);
  cx.session.catalog.put(cx.transaction, created);
  return { tag: 'CREATE DATABASE' };
}

function warnOfLocation(option: DefElement | undefined, cx: UtilityContext): void {
  cx.session.notice({
    severity: 'WARNING',
    code: SqlState.featureNotSupported,
    message: 'LOCATION is not supported anymore',
    hint: 'Consider using tablespaces instead.',
    ...(option?._location === undefined ? {} : { position: option._location.start }),
  });
}

/** @throws SqlError 22023 */
function wantedOidOf(options: Options): Oid | undefined {
  const option = options.get('oid');
  if (option === undefined) return undefined;
  const oid = Number(integerOption(option));
  if (oid < FIRST_USER_OID)
    throw new SqlError(SqlState.invalidParameterValue, `OIDs less than ${FIRST_USER_OID} are reserved for system objects`);
  return oid;
}

/** @throws SqlError 22023 */
function oidOf(wanted: Oid | undefined, cx: UtilityContext): Oid {
  const taken = new Map(Array.from(catalogOf(cx).databases(), (database) => [database.oid, database.name]));
  if (wanted !== undefined) {
    const other = taken.get(wanted);
    if (other === undefined) return wanted;
    throw new SqlError(SqlState.invalidParameterValue, `database OID ${wanted} is already in use by database "${other}"`);
  }
  let oid = cx.session.catalog.allocateOid();
  while (taken.has(oid)) oid = cx.session.catalog.allocateOid();
  return oid;
}

/** @throws SqlError 42501, 42704 */
function ownerOf(options: Options, cx: UtilityContext): Oid {
  const option = options.get('owner');
  const { currentRole } = cx.session;
  const owner = option?.value === undefined ? currentRole : findRole({ type: 'role', name: textOption(option) }, cx);
  requireMayCreate('create database', cx);
  const catalog = catalogOf(cx);
  if (!isMemberOf(catalog, currentRole, owner))
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${catalog.roleByOid(owner)?.name ?? owner}"`);
  return owner;
}

/** @throws SqlError 3D000, 42501 */
async function templateOf(options: Options, cx: UtilityContext): Promise<DatabaseDescriptor> {
  const option = options.get('template');
  const name = option?.value === undefined ? DatabaseName.template1 : textOption(option);
  const template = await lockDatabase(name, 'SHARE', cx);
  if (template === undefined) throw new SqlError(SqlState.invalidCatalogName, `template database "${name}" does not exist`);
  if (template.isTemplate !== true && !ownedBy(template.owner, cx))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied to copy database "${name}"`);
  return template;
}

/** However it is copied, it is the same here. @throws SqlError 22023 */
function requireStrategy(options: Options): void {
  const option = options.get('strategy');
  if (option?.value === undefined) return;
  const strategy = textOption(option);
  if (['wal_log', 'file_copy'].includes(strategy.toLowerCase())) return;
  throw new SqlError(SqlState.invalidParameterValue, `invalid create database strategy "${strategy}"`, {
    hint: 'Valid strategies are "wal_log" and "file_copy".',
  });
}
