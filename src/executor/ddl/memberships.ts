import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { RoleDescriptor } from '../../catalog/descriptors.js';
import { isAdminOf, isSuperuser } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { RoleOid } from '../../commons/system-names.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, findRole, lockName, noRole } from './names.js';
import { notice, warning } from './notices.js';

/** GRANT and REVOKE of roles. @throws SqlError 42501, 0LP01, 42704 */
export async function grantRole(statement: UtilityStatement<'grant role' | 'revoke role'>, cx: UtilityContext): Promise<UtilityResult> {
  const isGrant = statement.type === 'grant role';
  const grantor = statement.grantedBy === undefined ? cx.session.currentRole : findRole(statement.grantedBy, cx);
  const members = statement.grantees.map((grantee) => {
    if (grantee.type === 'public') throw noRole('public');
    return findRole(grantee, cx);
  });
  for (const name of statement.roles) {
    await cx.transaction.lock(lockTags.shared('role', name), 'SHARE');
    const role = catalogOf(cx).role(name);
    if (role === undefined) throw noRole(name);
    requireAdmin(role, grantor, cx);
    for (const member of members) {
      if (isGrant) await addMembership(member, role.oid, statement.adminOption === true, grantor, cx);
      else await removeMembership(member, role, statement.adminOption === true, cx);
    }
  }
  return { tag: isGrant ? 'GRANT ROLE' : 'REVOKE ROLE' };
}

/** What it takes to give a role to others, or to take it from them. @throws SqlError 42501, 0LP01 */
export function requireAdmin(role: RoleDescriptor, grantor: Oid, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  const denied = (message: string) => new SqlError(SqlState.insufficientPrivilege, message);
  const isSuper = isSuperuser(catalog, currentRole);
  if (role.superuser) {
    if (!isSuper) throw denied('must be superuser to alter superusers');
  } else if (catalog.roleByOid(currentRole)?.createRole !== true && !isSuper && !isAdminOf(catalog, grantor, role.oid)) {
    throw denied(`must have admin option on role "${role.name}"`);
  }
  if (role.oid === RoleOid.databaseOwner)
    throw new SqlError(SqlState.invalidGrantOperation, `role "${role.name}" cannot have explicit members`);
  if (grantor !== currentRole && !isSuper) throw denied('must be superuser to set grantor');
}

export async function addMembership(member: Oid, role: Oid, admin: boolean, grantor: Oid, cx: UtilityContext): Promise<void> {
  const granted = catalogOf(cx).roleByOid(role);
  const descriptor = await lockedMember(member, cx);
  if (granted === undefined) throw noRole(String(role));
  if (member === RoleOid.databaseOwner)
    throw new SqlError(SqlState.invalidGrantOperation, `role "${descriptor.name}" cannot be a member of any role`);
  if (reaches(catalogOf(cx), role, member))
    throw new SqlError(SqlState.invalidGrantOperation, `role "${granted.name}" is a member of role "${descriptor.name}"`);
  const before = descriptor.memberOf.find((membership) => membership.role === role);
  if (before !== undefined && (before.admin || !admin)) {
    notice(cx, `role "${descriptor.name}" is already a member of role "${granted.name}"`);
    return;
  }
  const memberOf = [...descriptor.memberOf.filter((membership) => membership.role !== role), { role, admin, grantor }];
  cx.session.catalog.put(cx.transaction, { ...descriptor, memberOf });
}

async function removeMembership(member: Oid, role: RoleDescriptor, adminOnly: boolean, cx: UtilityContext): Promise<void> {
  const descriptor = await lockedMember(member, cx);
  const before = descriptor.memberOf.find((membership) => membership.role === role.oid);
  if (before === undefined) {
    warning(cx, `role "${descriptor.name}" is not a member of role "${role.name}"`);
    return;
  }
  const rest = descriptor.memberOf.filter((membership) => membership !== before);
  cx.session.catalog.put(cx.transaction, { ...descriptor, memberOf: adminOnly ? [...rest, { ...before, admin: false }] : rest });
}

/** Its memberships stand in it, and it is written as a whole. */
async function lockedMember(oid: Oid, cx: UtilityContext): Promise<RoleDescriptor> {
  const found = catalogOf(cx).roleByOid(oid);
  if (found === undefined) throw noRole(String(oid));
  await lockName('role', found.name, cx);
  const now = catalogOf(cx).roleByOid(oid);
  if (now === undefined) throw noRole(found.name);
  return now;
}

/** A member by memberships alone: being a superuser makes no loop. */
function reaches(catalog: CatalogSnapshot, member: Oid, role: Oid): boolean {
  const seen = new Set<Oid>([member]);
  for (const oid of seen) {
    if (oid === role) return true;
    for (const membership of catalog.roleByOid(oid)?.memberOf ?? []) seen.add(membership.role);
  }
  return false;
}
