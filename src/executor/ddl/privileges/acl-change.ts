import { type Acl, withGranted, withRevoked } from '../../../catalog/acl.js';
import { type AclKind, ALL_PRIVILEGES, inheritedRoles, isSuperuser, ownerIn } from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { warning } from '../notices.js';

/** What a GRANT or REVOKE asks for, whatever it is on. */
export interface GrantRequest {
  readonly isGrant: boolean;
  /** WITH GRANT OPTION, GRANT OPTION FOR. */
  readonly withOption: boolean;
  readonly cascade: boolean;
  /** 0 is PUBLIC. */
  readonly grantees: readonly Oid[];
}

/** Bits of Privilege that are asked for on one object. */
export interface AskedBits {
  readonly bits: number;
  /** ALL PRIVILEGES: no warning where not all of them could be granted. */
  readonly isAll: boolean;
}

/** One object's list, and how messages call it. */
export interface AclSubject {
  readonly kind: AclKind;
  readonly owner: Oid;
  readonly acl: Acl;
  /** By which it is judged who may grant; of a column, its relation's is counted too. Absent: `acl`. */
  readonly judgedBy?: Acl;
  /** `table t`, `column "a" of relation "t"`: what permission is denied for. */
  readonly denied: string;
  /** `"t"`, `column "a" of relation "t"`: what warnings are about. */
  readonly shown: string;
  /** Whether a role has any privilege on it at all: only then is it less than an error to have no right to grant. */
  hasAny(role: Oid): boolean;
}

/** The list as the statement leaves it. @throws SqlError 42501, 0LP01, 2BP01 */
export function changedAcl(request: GrantRequest, asked: AskedBits, subject: AclSubject, cx: UtilityContext): Acl {
  const { grantor, options } = bestGrantor(asked.bits, subject, cx);
  const bits = grantable(request, asked, subject, grantor, options, cx);
  return appliedAcl(request, bits, subject.acl, grantor, subject.owner, cx);
}

/** The list with bits granted to, or revoked from, each grantee in a grantor's name. @throws SqlError 0LP01, 2BP01 */
export function appliedAcl(request: GrantRequest, bits: number, acl: Acl, grantor: Oid, owner: Oid, cx: UtilityContext): Acl {
  const of = ownerIn(catalogOf(cx), owner);
  let changed = acl;
  for (const grantee of request.grantees) {
    if (request.isGrant && request.withOption && grantee === 0)
      throw new SqlError(SqlState.invalidGrantOperation, 'grant options can only be granted to roles');
    changed = request.isGrant
      ? withGranted(changed, { grantee, grantor, privileges: bits, grantable: request.withOption ? bits : 0 }, of)
      : withRevoked(changed, { grantee, grantor, privileges: request.withOption ? 0 : bits, grantable: bits }, of, request.cascade);
  }
  return changed;
}

/** In whose name: the owner's where the role may act for it, else that of the role it has most of these grant options by. */
function bestGrantor(bits: number, { acl, judgedBy = acl, owner }: AclSubject, cx: UtilityContext): { grantor: Oid; options: number } {
  const { currentRole } = cx.session;
  const catalog = catalogOf(cx);
  if (currentRole === owner || isSuperuser(catalog, currentRole)) return { grantor: owner, options: bits };
  const roles = inheritedRoles(catalog, currentRole);
  if (roles.includes(owner)) return { grantor: owner, options: bits };
  let best = { grantor: currentRole, options: 0 };
  for (const role of roles) {
    let options = 0;
    for (const item of judgedBy) if (item.grantee === role) options |= item.grantable & bits;
    if (options === bits) return { grantor: role, options };
    if (countBits(options) > countBits(best.options)) best = { grantor: role, options };
  }
  return best;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Those of the bits that may be granted or revoked. @throws SqlError 42501 */
function grantable(
  { isGrant }: GrantRequest,
  { bits, isAll }: AskedBits,
  subject: AclSubject,
  grantor: Oid,
  options: number,
  cx: UtilityContext,
): number {
  const { shown } = subject;
  if (options === 0 && (ALL_PRIVILEGES[subject.kind] & bits) !== 0 && !subject.hasAny(grantor))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for ${subject.denied}`);
  const allowed = bits & options;
  const code = isGrant ? SqlState.warningPrivilegeNotGranted : SqlState.warningPrivilegeNotRevoked;
  const done = isGrant ? 'were granted' : 'could be revoked';
  if (allowed === 0) warning(cx, `no privileges ${done} for ${shown}`, code);
  else if (!isAll && allowed !== bits) warning(cx, `not all privileges ${done} for ${shown}`, code);
  return allowed;
}
