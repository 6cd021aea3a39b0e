import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { RoleDescriptor } from '../../catalog/descriptors.js';
import { role as plainRole } from '../../catalog/initial.js';
import { isSuperuser } from '../../catalog/privileges.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { isScramSecret, scramSecret } from '../../commons/scram-secret.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement, RoleSpec } from '../../planner/parse/ast.js';
import { parseTimestampTz } from '../../types/datetime/parse.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { findDatabase, lockDatabase, noDatabase, requireDatabaseOwner } from './databases/find.js';
import { addMembership, requireAdmin } from './memberships.js';
import { catalogOf, findRole, lockName, noRole } from './names.js';
import { notice } from './notices.js';
import { booleanOption, integerOption, uniqueOptions } from './options.js';
import { countUses, linesOf, usesOfRole } from './privileges/role-uses.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Flag = 'superuser' | 'inherit' | 'createRole' | 'createDb' | 'canLogin' | 'replication' | 'bypassRls';

/** PostgreSQL's grammar calls the options so. */
const FLAGS: Readonly<Record<string, Flag>> = {
  superuser: 'superuser',
  inherit: 'inherit',
  createrole: 'createRole',
  createdb: 'createDb',
  canlogin: 'canLogin',
  isreplication: 'replication',
  bypassrls: 'bypassRls',
};

export async function createRole(statement: UtilityStatement<'create role'>, cx: UtilityContext): Promise<UtilityResult> {
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  const { name } = statement;
  requireRoleRight(catalog, currentRole, 'permission denied to create role');
  if (name.startsWith('pg_'))
    throw new SqlError(SqlState.reservedName, `role name "${name}" is reserved`, {
      detail: 'Role names starting with "pg_" are reserved.',
    });
  await lockName('role', name, cx);
  if (catalogOf(cx).role(name) !== undefined) throw new SqlError(SqlState.duplicateObject, `role "${name}" already exists`);
  const oid = cx.session.catalog.allocateOid();
  const base: RoleDescriptor = { ...plainRole(name, oid), canLogin: statement.kind === 'user' };
  const options = uniqueOptions(statement.options);
  const created = await withOptions(base, options, cx);
  if (!isSuperuser(catalog, currentRole)) requireMayCreateSo(created);
  cx.session.catalog.put(cx.transaction, created);
  for (const role of roleList(options.get('addroleto'), cx)) {
    const granted = catalogOf(cx).roleByOid(role);
    if (granted !== undefined) requireAdmin(granted, currentRole, cx);
    await addMembership(oid, role, false, currentRole, cx);
  }
  for (const [list, admin] of [
    ['rolemembers', false],
    ['adminmembers', true],
  ] as const)
    for (const member of roleList(options.get(list), cx)) await addMembership(member, oid, admin, currentRole, cx);
  return { tag: 'CREATE ROLE' };
}

export async function alterRole(statement: UtilityStatement<'alter role'>, cx: UtilityContext): Promise<UtilityResult> {
  const role = await lockedRole(statement.role, cx);
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  const options = uniqueOptions(statement.options);
  if (!isSuperuser(catalog, currentRole)) requireMayAlterSo(role, options);
  const ownPassword = role.oid === currentRole && [...options.keys()].every((name) => name === 'password');
  if (!ownPassword) requireRoleRight(catalog, currentRole, 'permission denied');
  const altered = await withOptions(role, options, cx);
  cx.session.catalog.put(cx.transaction, altered);
  for (const member of roleList(options.get('rolemembers'), cx)) await addMembership(member, role.oid, false, currentRole, cx);
  return { tag: 'ALTER ROLE' };
}

/** ALTER ROLE … SET/RESET: what its sessions start with. */
export async function alterRoleSet(statement: UtilityStatement<'alter role set'>, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.role === undefined) {
    if (statement.database === undefined) throw notSupported('ALTER ROLE ALL SET');
    await setInDatabase(statement.database, statement.set, cx);
    return { tag: 'ALTER ROLE' };
  }
  // Before the role's, as DROP DATABASE does.
  if (statement.database !== undefined) await lockDatabase(statement.database, 'SHARE UPDATE EXCLUSIVE', cx);
  const role = await lockedRole(statement.role, cx);
  if (role.oid !== cx.session.currentRole) requireRoleRight(catalogOf(cx), cx.session.currentRole, 'permission denied');
  if (statement.database !== undefined) {
    const { oid } = findDatabase(statement.database, cx);
    const settingsIn = { ...role.settingsIn, [oid]: changedSettings(role.settingsIn?.[oid] ?? {}, statement.set, cx) };
    cx.session.catalog.put(cx.transaction, { ...role, settingsIn });
    return { tag: 'ALTER ROLE' };
  }
  cx.session.catalog.put(cx.transaction, { ...role, settings: changedSettings(role.settings, statement.set, cx) });
  return { tag: 'ALTER ROLE' };
}

export async function alterDatabaseSet(statement: UtilityStatement<'alter database set'>, cx: UtilityContext): Promise<UtilityResult> {
  await setInDatabase(statement.database, statement.set, cx);
  return { tag: 'ALTER DATABASE' };
}

async function setInDatabase(name: string, set: UtilityStatement<'set'>, cx: UtilityContext): Promise<void> {
  const database = await lockDatabase(name, 'SHARE UPDATE EXCLUSIVE', cx);
  if (database === undefined) throw noDatabase(name);
  requireDatabaseOwner(database, cx);
  cx.session.catalog.put(cx.transaction, { ...database, settings: changedSettings(database.settings, set, cx) });
}

function changedSettings(
  settings: Readonly<Record<string, string>>,
  set: UtilityStatement<'set'>,
  cx: UtilityContext,
): Readonly<Record<string, string>> {
  const name = set.variable.toLowerCase();
  const rest = Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name));
  switch (set.action) {
    case 'reset all':
      return {};
    case 'reset':
    case 'default':
      return rest;
    case 'from current':
      return { ...settings, [name]: cx.session.getSetting(name, false) ?? '' };
    case 'value':
      return { ...settings, [name]: checkedValue(name, set, cx) };
    default:
      throw notSupported(`SET ${set.action} for a role or database`);
  }
}

function checkedValue(name: string, set: UtilityStatement<'set'>, cx: UtilityContext): string {
  const value = (set.values ?? []).map(({ text }) => text).join(', ');
  cx.session.checkSetting(name, value);
  return value;
}

export async function dropRole(statement: UtilityStatement<'drop role'>, cx: UtilityContext): Promise<UtilityResult> {
  requireRoleRight(catalogOf(cx), cx.session.currentRole, 'permission denied to drop role');
  for (const spec of statement.roles) {
    if (spec.type !== 'role') throw new SqlError(SqlState.invalidParameterValue, 'cannot use special role specifier in DROP ROLE');
    await lockName('role', spec.name, cx);
    const catalog = catalogOf(cx);
    const role = catalog.role(spec.name);
    if (role === undefined) {
      if (statement.ifExists !== true) throw noRole(spec.name);
      notice(cx, `role "${spec.name}" does not exist, skipping`);
      continue;
    }
    requireDroppable(role, catalog, cx);
    await requireUnused(role, cx);
    for (const member of catalog.roles())
      if (member.memberOf.some((m) => m.role === role.oid))
        cx.session.catalog.put(cx.transaction, { ...member, memberOf: member.memberOf.filter((m) => m.role !== role.oid) });
    cx.session.catalog.remove(cx.transaction, 'role', role.oid);
  }
  return { tag: 'DROP ROLE' };
}

function requireDroppable(role: RoleDescriptor, catalog: CatalogSnapshot, cx: UtilityContext): void {
  if (role.oid === cx.session.currentRole) throw new SqlError(SqlState.objectInUse, 'current user cannot be dropped');
  if (role.name === cx.session.sessionUser) throw new SqlError(SqlState.objectInUse, 'session user cannot be dropped');
  if (role.superuser && !isSuperuser(catalog, cx.session.currentRole))
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to drop superusers');
  if (role.oid < FIRST_USER_OID)
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop role ${role.name} because it is required by the database system`);
}

/** PostgreSQL tells of so many. */
const MAX_LINES = 100;

/** @throws SqlError 2BP01 with what depends on the role, in all databases */
async function requireUnused(role: RoleDescriptor, cx: UtilityContext): Promise<void> {
  const catalog = catalogOf(cx);
  const lines = linesOf(usesOfRole(role.oid, cx));
  const elsewhere: string[] = [];
  const here = catalog.database().oid;
  for (const database of catalog.databases()) {
    if (database.oid === here) continue;
    const count = countUses(await cx.session.catalogs.storedObjects(database), role.oid);
    if (count > 0) elsewhere.push(`${count} object${count === 1 ? '' : 's'} in database ${database.name}`);
  }
  if (lines.length === 0 && elsewhere.length === 0) return;
  const shown = [...lines.slice(0, MAX_LINES), ...elsewhere];
  const more = lines.length - MAX_LINES;
  if (more > 0) shown.push(`and ${more} other object${more === 1 ? '' : 's'} (see server log for list)`);
  throw new SqlError(SqlState.dependentObjectsStillExist, `role "${role.name}" cannot be dropped because some objects depend on it`, {
    detail: shown.join('\n'),
  });
}

async function withOptions(role: RoleDescriptor, options: ReadonlyMap<string, DefElement>, cx: UtilityContext): Promise<RoleDescriptor> {
  const changed: Mutable<RoleDescriptor> = { ...role };
  for (const [name, option] of options) {
    const flag = FLAGS[name];
    if (flag !== undefined) changed[flag] = booleanOption(option);
    else if (name === 'connectionlimit') changed.connectionLimit = connectionLimit(option);
    else if (name === 'password') await setPassword(changed, option);
    else if (name === 'validUntil' || name === 'validuntil') setValidUntil(changed, option, cx);
    else if (!MEMBERSHIP_OPTIONS.has(name)) throw notSupported(`role option "${name}"`);
  }
  return changed;
}

const MEMBERSHIP_OPTIONS: ReadonlySet<string> = new Set(['addroleto', 'rolemembers', 'adminmembers', 'sysid']);

function connectionLimit(option: DefElement): number {
  const limit = Number(integerOption(option));
  if (limit < -1) throw new SqlError(SqlState.invalidParameterValue, `invalid connection limit: ${limit}`);
  return limit;
}

async function setPassword(role: Mutable<RoleDescriptor>, option: DefElement): Promise<void> {
  if (option.value?.type !== 'string') {
    delete role.password;
    return;
  }
  const text = option.value.value;
  role.password = isScramSecret(text) ? text : await scramSecret(text);
}

function setValidUntil(role: Mutable<RoleDescriptor>, option: DefElement, cx: UtilityContext): void {
  if (option.value?.type !== 'string') {
    delete role.validUntil;
    return;
  }
  role.validUntil = Number(parseTimestampTz(option.value.value, cx.format));
}

function roleList(option: DefElement | undefined, cx: UtilityContext): Oid[] {
  if (option?.value?.type !== 'list') return [];
  return option.value.values.map((value) => {
    const name = value.type === 'name' ? value.name.name : value.type === 'string' ? value.value : '';
    return findRole({ type: 'role', name }, cx);
  });
}

async function lockedRole(spec: RoleSpec, cx: UtilityContext): Promise<RoleDescriptor> {
  const catalog = catalogOf(cx);
  const found = catalog.roleByOid(findRole(spec, cx));
  if (found === undefined) throw noRole('public');
  await lockName('role', found.name, cx);
  const role = catalogOf(cx).roleByOid(found.oid);
  if (role === undefined) throw noRole(found.name);
  return role;
}

function requireRoleRight(catalog: CatalogSnapshot, current: Oid, message: string): void {
  const role = catalog.roleByOid(current);
  if (role?.superuser !== true && role?.createRole !== true) throw new SqlError(SqlState.insufficientPrivilege, message);
}

/** What only superusers give to new roles. @throws SqlError 42501 */
function requireMayCreateSo(role: RoleDescriptor): void {
  const what = role.superuser ? 'superusers' : role.replication ? 'replication users' : role.bypassRls ? 'bypassrls users' : undefined;
  if (what !== undefined) throw new SqlError(SqlState.insufficientPrivilege, `must be superuser to create ${what}`);
}

/** What only superusers change, even to what it is. @throws SqlError 42501 */
function requireMayAlterSo(role: RoleDescriptor, options: ReadonlyMap<string, DefElement>): void {
  const denied = (message: string) => new SqlError(SqlState.insufficientPrivilege, `must be superuser to ${message}`);
  if (role.superuser || options.has('superuser')) throw denied('alter superuser roles or change superuser attribute');
  if (role.replication || options.has('isreplication')) throw denied('alter replication roles or change replication attribute');
  if (options.has('bypassrls')) throw denied('change bypassrls attribute');
}
