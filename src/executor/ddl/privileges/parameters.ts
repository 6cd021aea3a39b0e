import { isSameAcl } from '../../../catalog/acl.js';
import { columnPrivilegesOf } from '../../../catalog/column-privileges.js';
import { ALL_PRIVILEGES, defaultAcl } from '../../../catalog/privileges.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { RoleOid } from '../../../commons/system-names.js';
import type { GrantStatement } from '../../../planner/parse/ast.js';
import { lockTags } from '../../../transaction/lock-tags.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { changedAcl } from './acl-change.js';
import { askedBits, requestOf } from './request.js';

/** GRANT and REVOKE on settings. Nobody but superusers has any privilege on them at first, and no list is kept then. @throws SqlError 42602 */
export async function grantOnParameters(statement: GrantStatement, cx: UtilityContext): Promise<void> {
  const names = statement.names.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`).toLowerCase());
  // A name with a dot may be set before anybody knows it.
  for (const name of names)
    if (!name.includes('.') && !isKnown(name, cx)) throw new SqlError(SqlState.invalidName, `invalid parameter name "${name}"`);
  const request = requestOf(statement, cx);
  const asked = askedBits(statement, ALL_PRIVILEGES.parameter, 'parameter');
  for (const name of names) {
    await cx.transaction.lock(lockTags.shared('parameter', name), 'EXCLUSIVE');
    const catalog = catalogOf(cx);
    const before = catalog.parameterPrivileges().find((parameter) => parameter.name === name);
    const initial = defaultAcl('parameter', RoleOid.postgres);
    const acl = before?.acl ?? initial;
    const changed = changedAcl(
      request,
      asked,
      {
        kind: 'parameter',
        owner: RoleOid.postgres,
        acl,
        denied: `parameter ${name}`,
        shown: `"${name}"`,
        hasAny: (role) => columnPrivilegesOf(catalog, role, acl) !== 0,
      },
      cx,
    );
    if (!isSameAcl(changed, initial)) {
      const oid = before?.oid ?? cx.session.catalog.allocateOid();
      cx.session.catalog.put(cx.transaction, { kind: 'parameter privileges', oid, name, acl: changed });
    } else if (before !== undefined) cx.session.catalog.remove(cx.transaction, 'parameter privileges', before.oid);
  }
}

function isKnown(name: string, cx: UtilityContext): boolean {
  return catalogOf(cx)
    .builtin.settings()
    .some((setting) => setting.name.toLowerCase() === name);
}
