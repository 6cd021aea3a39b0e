import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { GrantStatement, RoleSpec } from '../../../planner/parse/ast.js';
import { lockTags } from '../../../transaction/lock-tags.js';
import type { UtilityContext } from '../context.js';
import { findRole } from '../names.js';
import type { AskedBits, GrantRequest } from './acl-change.js';
import { privilegeBit } from './privilege-bits.js';

/** What a statement asks for. @throws SqlError 42704 */
/** Nobody drops a role while something is being granted to it. */
export async function lockGrantees(specs: readonly RoleSpec[], cx: UtilityContext): Promise<void> {
  for (const spec of specs) if (spec.type === 'role') await cx.transaction.lock(lockTags.shared('role', spec.name), 'SHARE');
}

export function requestOf(statement: GrantStatement, cx: UtilityContext): GrantRequest {
  return {
    isGrant: statement.type === 'grant',
    withOption: statement.grantOption === true,
    cascade: statement.cascade === true,
    grantees: statement.grantees.map((spec) => findRole(spec, cx)),
  };
}

/** On what has no columns. @param all what ALL PRIVILEGES stands for @throws SqlError 0LP01, 42601 */
export function askedBits(statement: GrantStatement, all: number, kind: string): AskedBits {
  if (statement.privileges === undefined) return { bits: all, isAll: true };
  let bits = 0;
  for (const { privilege, columns } of statement.privileges) {
    if (columns !== undefined) throw new SqlError(SqlState.invalidGrantOperation, 'column privileges are only valid for relations');
    bits |= privilegeBit(privilege.toLowerCase(), all, kind);
  }
  return { bits, isAll: false };
}
