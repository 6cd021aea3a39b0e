import { isSameAcl } from '../../../catalog/acl.js';
import { columnPrivilegesOf } from '../../../catalog/column-privileges.js';
import { ALL_PRIVILEGES, defaultAcl } from '../../../catalog/privileges.js';
import { RoleOid } from '../../../commons/system-names.js';
import type { GrantStatement } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, lockName } from '../names.js';
import { changedAcl } from './acl-change.js';
import { askedBits, requestOf } from './request.js';

/** GRANT and REVOKE on settings. Nobody but superusers has any privilege on them at first, and no list is kept then. @throws SqlError 42704 */
export async function grantOnParameters(statement: GrantStatement, cx: UtilityContext): Promise<void> {
  const names = statement.names.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`).toLowerCase());
  // A name with a dot may be set before anybody knows it.
  for (const name of names) cx.session.getSetting(name, name.includes('.'));
  const request = requestOf(statement, cx);
  const asked = askedBits(statement, ALL_PRIVILEGES.parameter, 'parameter');
  for (const name of names) {
    await lockName('parameter privileges', name, cx);
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
