import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { RoleDescriptor } from '../../catalog/descriptors.js';
import { role as plainRole } from '../../catalog/initial.js';
import { isMemberOf, isSuperuser } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { isScramSecret, scramSecret } from '../../commons/scram-secret.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement, RoleSpec } from '../../planner/parse/ast.js';
import { parseTimestampTz } from '../../types/datetime/parse.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { findDatabase, lockDatabase, noDatabase, requireDatabaseOwner } from './databases/find.js';
import { catalogOf, describeRelation, findRole, lockName, noRole } from './names.js';
import { notice } from './notices.js';
import { booleanOption, integerOption, uniqueOptions } from './options.js';
import { typeText } from './types/type-text.js';

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
  requireSuperuserFor(catalog, currentRole, created, base);
  const memberOf = roleList(options.get('addroleto'), cx).map((role) => ({ role, admin: false, grantor: currentRole }));
  cx.session.catalog.put(cx.transaction, { ...created, memberOf });
  for (const [list, admin] of [
    ['rolemembers', false],
    ['adminmembers', true],
  ] as const)
    for (const member of roleList(options.get(list), cx)) addMembership(member, oid, admin, cx);
  return { tag: 'CREATE ROLE' };
}

export async function alterRole(statement: UtilityStatement<'alter role'>, cx: UtilityContext): Promise<UtilityResult> {
  const role = await lockedRole(statement.role, cx);
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  const options = uniqueOptions(statement.options);
  const ownPassword = role.oid === currentRole && [...options.keys()].every((name) => name === 'password');
  if (!ownPassword) requireRoleRight(catalog, currentRole, 'permission denied');
  if (role.superuser && !isSuperuser(catalog, currentRole))
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to alter superuser roles or change superuser attribute');
  const altered = await withOptions(role, options, cx);
  requireSuperuserFor(catalog, currentRole, altered, role);
  cx.session.catalog.put(cx.transaction, altered);
  for (const member of roleList(options.get('rolemembers'), cx)) addMembership(member, role.oid, false, cx);
  return { tag: 'ALTER ROLE' };
}

/** ALTER ROLE … SET/RESET: what its sessions start with. */
export async function alterRoleSet(statement: UtilityStatement<'alter role set'>, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.role === undefined) {
    if (statement.database === undefined) throw notSupported('ALTER ROLE ALL SET');
    await setInDatabase(statement.database, statement.set, cx);
    return { tag: 'ALTER ROLE' };
  }
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
      return { ...rest, [name]: cx.session.getSetting(name, false) ?? '' };
    case 'value':
      cx.session.getSetting(name, name.includes('.'));
      return { ...rest, [name]: (set.values ?? []).map((value) => value.text).join(', ') };
    default:
      throw notSupported(`SET ${set.action} for a role or database`);
  }
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
  const dependents = objectsOf(role.oid, catalog, cx);
  if (dependents.length > 0)
    throw new SqlError(SqlState.dependentObjectsStillExist, `role "${role.name}" cannot be dropped because some objects depend on it`, {
      detail: dependents.slice(0, 100).join('\n'),
    });
}

interface Owned {
  readonly oid: Oid;
  readonly owner: Oid;
  readonly acl?: readonly { readonly grantee: Oid; readonly grantor: Oid }[];
}

/** PostgreSQL's detail lines, oldest object first: what the role owns, and what it has privileges on. */
function objectsOf(role: Oid, catalog: CatalogSnapshot, cx: UtilityContext): string[] {
  const found: { readonly oid: Oid; readonly line: string }[] = [];
  const see = (what: string, object: Owned) => {
    if (object.owner === role) found.push({ oid: object.oid, line: `owner of ${what}` });
    else if (object.acl?.some((item) => item.grantee === role || item.grantor === role))
      found.push({ oid: object.oid, line: `privileges for ${what}` });
  };
  for (const database of catalog.databases()) see(`database ${database.name}`, database);
  for (const schema of catalog.schemas()) see(`schema ${schema.name}`, schema);
  for (const type of catalog.types()) see(typeText(type.oid, cx), type);
  for (const relation of catalog.relations())
    if (relation.kind === 'table' || relation.kind === 'view' || relation.kind === 'sequence' || relation.kind === 'composite')
      see(describeRelation(relation, cx), relation);
  return found.sort((a, b) => a.oid - b.oid).map(({ line }) => line);
}

export async function grantRole(statement: UtilityStatement<'grant role' | 'revoke role'>, cx: UtilityContext): Promise<UtilityResult> {
  const grant = statement.type === 'grant role';
  for (const name of statement.roles) {
    const catalog = catalogOf(cx);
    const role = catalog.role(name);
    if (role === undefined) throw noRole(name);
    requireAdmin(role, catalog, cx);
    for (const grantee of statement.grantees) {
      if (grantee.type === 'public') throw new SqlError(SqlState.invalidGrantOperation, 'role specification "public" is not allowed here');
      const member = findRole(grantee, cx);
      if (grant) addMembership(member, role.oid, statement.adminOption === true, cx);
      else removeMembership(member, role.oid, statement.adminOption === true, cx);
    }
  }
  return { tag: grant ? 'GRANT ROLE' : 'REVOKE ROLE' };
}

function addMembership(member: Oid, role: Oid, admin: boolean, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const descriptor = catalog.roleByOid(member);
  const granted = catalog.roleByOid(role);
  if (descriptor === undefined || granted === undefined) throw noRole(String(member));
  if (isMemberOfWithoutSuperuser(catalog, role, member))
    throw new SqlError(SqlState.invalidGrantOperation, `role "${descriptor.name}" is a member of role "${granted.name}"`);
  const before = descriptor.memberOf.find((m) => m.role === role);
  if (before !== undefined && (before.admin || !admin)) {
    notice(cx, `role "${descriptor.name}" is already a member of role "${granted.name}"`);
    return;
  }
  const memberOf = [...descriptor.memberOf.filter((m) => m.role !== role), { role, admin, grantor: cx.session.currentRole }];
  cx.session.catalog.put(cx.transaction, { ...descriptor, memberOf });
}

function removeMembership(member: Oid, role: Oid, adminOnly: boolean, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const descriptor = catalog.roleByOid(member);
  const before = descriptor?.memberOf.find((m) => m.role === role);
  if (descriptor === undefined) return;
  if (before === undefined) {
    cx.session.notice({
      severity: 'WARNING',
      code: SqlState.warning,
      message: `role "${descriptor.name}" is not a member of role "${catalog.roleByOid(role)?.name ?? role}"`,
    });
    return;
  }
  const rest = descriptor.memberOf.filter((m) => m.role !== role);
  cx.session.catalog.put(cx.transaction, { ...descriptor, memberOf: adminOnly ? [...rest, { ...before, admin: false }] : rest });
}

function isMemberOfWithoutSuperuser(catalog: CatalogSnapshot, member: Oid, role: Oid): boolean {
  if (member === role) return true;
  return (catalog.roleByOid(member)?.memberOf ?? []).some((m) => isMemberOfWithoutSuperuser(catalog, m.role, role));
}

function requireAdmin(role: RoleDescriptor, catalog: CatalogSnapshot, cx: UtilityContext): void {
  const current = catalog.roleByOid(cx.session.currentRole);
  if (current === undefined) throw noRole(cx.session.currentUser);
  if (role.superuser) {
    if (!current.superuser) throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to alter superusers');
    return;
  }
  const admin = current.superuser || current.createRole || current.memberOf.some((m) => m.role === role.oid && m.admin);
  if (!admin) throw new SqlError(SqlState.insufficientPrivilege, `must have admin option on role "${role.name}"`);
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

function requireSuperuserFor(catalog: CatalogSnapshot, current: Oid, after: RoleDescriptor, before: RoleDescriptor): void {
  if (isSuperuser(catalog, current)) return;
  if (after.superuser !== before.superuser) throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to create superusers');
  if (after.replication !== before.replication)
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to create replication users');
  if (after.bypassRls !== before.bypassRls)
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to change bypassrls attribute');
}
