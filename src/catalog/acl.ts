import type { Oid } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { AclItem } from './descriptors.js';

/**
 * What GRANT and REVOKE make of an access control list, by PostgreSQL's rules: one item for each pair of grantee and grantor, in the order in
 * which they came; nobody gives grant options back to whom they are from, and what was granted on goes with the option that it hangs on.
 */

export type Acl = readonly AclItem[];

/** Whose list it is: the owner, who always has all grant options, and which roles have the privileges of which. */
export interface AclOwner {
  readonly owner: Oid;
  inherits(member: Oid, role: Oid): boolean;
}

/** Bits that a role may grant on, by the list or as owner. */
export function grantOptions(acl: Acl, role: Oid, of: AclOwner): number {
  if (of.inherits(role, of.owner)) return ALL_BITS;
  let bits = 0;
  for (const item of acl) if (item.grantee !== 0 && of.inherits(role, item.grantee)) bits |= item.grantable;
  return bits;
}
const ALL_BITS = -1;

/** The list with an item's bits added. @throws SqlError 0LP01 */
export function withGranted(acl: Acl, item: AclItem, of: AclOwner): Acl {
  if (item.privileges === 0 && item.grantable === 0) return acl;
  if (item.grantable !== 0) requireNoCircle(acl, item, of);
  const before = find(acl, item);
  if (before === undefined) return [...acl, item];
  const joined = { ...before, privileges: before.privileges | item.privileges, grantable: before.grantable | item.grantable };
  return acl.map((other) => (other === before ? joined : other));
}

/** The list with an item's bits taken away. @param cascade also what others have by them @throws SqlError 2BP01 */
export function withRevoked(acl: Acl, item: AclItem, of: AclOwner, cascade: boolean): Acl {
  const before = find(acl, item);
  if (before === undefined) return acl;
  const after = { ...before, privileges: before.privileges & ~item.privileges, grantable: before.grantable & ~item.grantable };
  const isEmpty = after.privileges === 0 && after.grantable === 0;
  const rest = isEmpty ? acl.filter((other) => other !== before) : acl.map((other) => (other === before ? after : other));
  const lost = before.grantable & ~after.grantable;
  return lost === 0 ? rest : withoutDependents(rest, item.grantee, lost, of, cascade);
}

/** Takes away what a role has granted by options that it has lost. */
function withoutDependents(acl: Acl, grantor: Oid, lost: number, of: AclOwner, cascade: boolean): Acl {
  if (grantor === of.owner) return acl;
  const bits = lost & ~grantOptions(acl, grantor, of);
  if (bits === 0) return acl;
  const dependent = acl.find((item) => item.grantor === grantor && (item.privileges & bits) !== 0);
  if (dependent === undefined) return acl;
  if (!cascade)
    throw new SqlError(SqlState.dependentObjectsStillExist, 'dependent privileges exist', { hint: 'Use CASCADE to revoke them too.' });
  const without = withRevoked(acl, { grantee: dependent.grantee, grantor, privileges: bits, grantable: bits }, of, true);
  return withoutDependents(without, grantor, bits, of, true);
}

/** Without what hangs on the grantee's own options, the grantor must still have the options that it gives. */
function requireNoCircle(acl: Acl, { grantee, grantor, grantable }: AclItem, of: AclOwner): void {
  if (grantor === of.owner) return;
  let rest = acl;
  for (let item = optionOf(rest, grantee); item !== undefined; item = optionOf(rest, grantee)) rest = withRevoked(rest, item, of, true);
  if ((grantable & ~grantOptions(rest, grantor, of)) !== 0)
    throw new SqlError(SqlState.invalidGrantOperation, 'grant options cannot be granted back to your own grantor');
}

function optionOf(acl: Acl, grantee: Oid): AclItem | undefined {
  const item = acl.find((candidate) => candidate.grantee === grantee && candidate.grantable !== 0);
  // All bits of it go, so that it is found once.
  return item === undefined ? undefined : { ...item, privileges: item.privileges | item.grantable };
}

function find(acl: Acl, { grantee, grantor }: AclItem): AclItem | undefined {
  return acl.find((item) => item.grantee === grantee && item.grantor === grantor);
}

/** What a new owner has: all that the old one had given and got. */
export function withOwner(acl: Acl, before: Oid, after: Oid): Acl {
  const now = (role: Oid) => (role === before ? after : role);
  const changed: AclItem[] = [];
  for (const item of acl) {
    const moved = { ...item, grantee: now(item.grantee), grantor: now(item.grantor) };
    const at = changed.findIndex((other) => other.grantee === moved.grantee && other.grantor === moved.grantor);
    const same = changed[at];
    if (same === undefined) changed.push(moved);
    else changed[at] = { ...same, privileges: same.privileges | moved.privileges, grantable: same.grantable | moved.grantable };
  }
  return changed;
}

/** Neither from nor to a role. */
export function withoutRole(acl: Acl, role: Oid): Acl {
  return acl.filter((item) => item.grantee !== role && item.grantor !== role);
}

export function concerns(acl: Acl | undefined, role: Oid): boolean {
  return acl?.some((item) => item.grantee === role || item.grantor === role) === true;
}

/** In PostgreSQL's canonical order. */
export function sorted(acl: Acl): Acl {
  return [...acl].sort((a, b) => a.grantee - b.grantee || a.grantor - b.grantor || rights(a) - rights(b));
}

/** PostgreSQL compares the bits of grant options above those of the privileges. */
function rights(item: AclItem): number {
  return item.grantable * 65_536 + item.privileges;
}

export function isSameAcl(one: Acl, other: Acl): boolean {
  if (one.length !== other.length) return false;
  const a = sorted(one);
  const b = sorted(other);
  return a.every((item, i) => {
    const same = b[i];
    return same !== undefined && item.grantee === same.grantee && item.grantor === same.grantor && rights(item) === rights(same);
  });
}
