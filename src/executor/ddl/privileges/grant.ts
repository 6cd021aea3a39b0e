import { effectiveAcl, privilegesOf } from '../../../catalog/privileges.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { GrantStatement, RoleSpec } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult } from '../context.js';
import { lockDatabase } from '../databases/find.js';
import { catalogOf, findRole, lockName } from '../names.js';
import { type AskedBits, changedAcl, type GrantRequest } from './acl-change.js';
import { GRANT_KINDS, type GrantKind } from './grant-kinds.js';
import type { GrantTarget } from './grant-target.js';
import { grantOnParameters } from './parameters.js';
import { grantOnRelations } from './relations.js';
import { askedBits, lockGrantees, requestOf } from './request.js';

/** GRANT and REVOKE on objects. @throws SqlError 42501, 0LP01, 2BP01, and what says that there is no such object */
export async function grant(statement: GrantStatement, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.grantedBy !== undefined) requireSelf(statement.grantedBy, cx);
  if (statement.type === 'grant') await lockGrantees(statement.grantees, cx);
  const { objectType } = statement;
  const tag = statement.type === 'grant' ? 'GRANT' : 'REVOKE';
  if (objectType === 'table' || objectType === 'sequence') await grantOnRelations(statement, objectType, cx);
  else if (objectType === 'parameter') await grantOnParameters(statement, cx);
  else {
    const kind = GRANT_KINDS[objectType];
    if (kind === undefined) throw notSupported(`${tag} on ${objectType}`);
    await grantOnObjects(statement, kind, cx);
  }
  return { tag };
}

/** PostgreSQL 15 knows no other. @throws SqlError 0A000 */
function requireSelf(grantedBy: RoleSpec, cx: UtilityContext): void {
  if (findRole(grantedBy, cx) !== cx.session.currentRole) throw new SqlError(SqlState.featureNotSupported, 'grantor must be current user');
}

async function grantOnObjects(statement: GrantStatement, kind: GrantKind, cx: UtilityContext): Promise<void> {
  const targets = kind.targets(statement, cx);
  const request = requestOf(statement, cx);
  const asked = askedBits(statement, kind.all, statement.objectType);
  // ALTER DATABASE writes the same descriptor.
  if (statement.objectType === 'database') for (const { name } of statement.names) await lockDatabase(name, 'SHARE UPDATE EXCLUSIVE', cx);
  for (const found of targets) {
    await lockName('privileges', found.lock, cx);
    changeTarget(found.again(), request, asked, cx);
  }
}

export function changeTarget(target: GrantTarget, request: GrantRequest, asked: AskedBits, cx: UtilityContext): void {
  const { kind, word, name, owner } = target;
  const acl = effectiveAcl(kind, target);
  const changed = changedAcl(
    request,
    asked,
    {
      kind,
      owner,
      acl,
      denied: `${word} ${name}`,
      shown: `"${name}"`,
      hasAny: (role) => privilegesOf(catalogOf(cx), role, kind, target) !== 0,
    },
    cx,
  );
  target.save(changed);
}
