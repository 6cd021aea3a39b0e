import { isSameAcl, sorted, withGranted } from '../../../catalog/acl.js';
import type { AclItem, DefaultPrivilegesDescriptor, DefaultPrivilegesObject } from '../../../catalog/descriptors.js';
import { ALL_PRIVILEGES, defaultAcl, isMemberOf, ownerIn } from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRole, findSchema, lockName } from '../names.js';
import { appliedAcl } from './acl-change.js';
import { askedBits, lockGrantees, requestOf } from './request.js';

/** By the word behind ON; the plural in messages is the statement's own. */
const OBJECTS: Readonly<Record<string, DefaultPrivilegesObject>> = {
  table: 'table',
  sequence: 'sequence',
  function: 'routine',
  routine: 'routine',
  type: 'type',
  schema: 'schema',
};

/** ALTER DEFAULT PRIVILEGES. @throws SqlError 42501, 0LP01, 3F000 */
export async function alterDefaultPrivileges(
  statement: UtilityStatement<'alter default privileges'>,
  cx: UtilityContext,
): Promise<UtilityResult> {
  const { grant } = statement;
  const objects = OBJECTS[grant.objectType];
  if (objects === undefined) throw notSupported(`ALTER DEFAULT PRIVILEGES on ${grant.objectType}`);
  await lockGrantees([...grant.grantees, ...(statement.roles ?? [])], cx);
  const request = requestOf(grant, cx);
  if (grant.privileges?.some(({ columns }) => columns !== undefined) === true)
    throw new SqlError(SqlState.invalidGrantOperation, 'default privileges cannot be set for columns');
  const { bits } = askedBits(grant, ALL_PRIVILEGES[objects], grant.objectType === 'table' ? 'relation' : grant.objectType);
  const roles = statement.roles?.map((spec) => findRole(spec, cx)) ?? [cx.session.currentRole];
  for (const role of roles) {
    requireMember(role, cx);
    for (const schema of schemasOf(statement, objects, cx)) {
      await lockName('default privileges', `${role} ${schema} ${objects}`, cx);
      const { owner, acl } = current(role, schema, objects, cx);
      save(role, schema, objects, appliedAcl(request, bits, acl, owner, owner, cx), cx);
    }
  }
  return { tag: 'ALTER DEFAULT PRIVILEGES' };
}

/** @throws SqlError 42501 */
function requireMember(role: Oid, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  if (!isMemberOf(catalog, cx.session.currentRole, role))
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${catalog.roleByOid(role)?.name ?? ''}"`);
}

/** 0 for all. @throws SqlError 3F000, 0LP01 */
function schemasOf(
  { schemas }: UtilityStatement<'alter default privileges'>,
  objects: DefaultPrivilegesObject,
  cx: UtilityContext,
): readonly Oid[] {
  if (schemas === undefined) return [0];
  if (objects === 'schema')
    throw new SqlError(SqlState.invalidGrantOperation, 'cannot use IN SCHEMA clause when using GRANT/REVOKE ON SCHEMAS');
  return schemas.map((name) => findSchema(name, cx).oid);
}

function find(role: Oid, schema: Oid, objects: DefaultPrivilegesObject, cx: UtilityContext): DefaultPrivilegesDescriptor | undefined {
  return catalogOf(cx)
    .defaultPrivileges()
    .find((entry) => entry.role === role && entry.schema === schema && entry.objects === objects);
}

/** What holds without an entry: in all schemas the built-in default, in a single one nothing more. */
export function defaultBelow({ role, schema, objects }: Omit<DefaultPrivilegesDescriptor, 'kind' | 'oid' | 'acl'>): readonly AclItem[] {
  return schema === 0 ? defaultAcl(objects, role) : [];
}

function current(role: Oid, schema: Oid, objects: DefaultPrivilegesObject, cx: UtilityContext) {
  return { owner: role, acl: find(role, schema, objects, cx)?.acl ?? defaultBelow({ role, schema, objects }) };
}

function save(role: Oid, schema: Oid, objects: DefaultPrivilegesObject, acl: readonly AclItem[], cx: UtilityContext): void {
  const before = find(role, schema, objects, cx);
  if (isSameAcl(acl, defaultBelow({ role, schema, objects }))) {
    if (before !== undefined) cx.session.catalog.remove(cx.transaction, 'default privileges', before.oid);
    return;
  }
  const oid = before?.oid ?? cx.session.catalog.allocateOid();
  cx.session.catalog.put(cx.transaction, { kind: 'default privileges', oid, role, schema, objects, acl: sorted(acl) });
}

/**
 * What a new object of a role's starts with; nothing where that is the built-in default.
 * @param schema where it is made; 0 for a schema
 */
export function initialPrivileges(
  objects: DefaultPrivilegesObject,
  owner: Oid,
  schema: Oid,
  cx: UtilityContext,
): { readonly acl?: readonly AclItem[] } {
  const entries = catalogOf(cx).defaultPrivileges();
  if (entries.length === 0) return {};
  const own = entries.filter((entry) => entry.role === owner && entry.objects === objects);
  const everywhere = own.find((entry) => entry.schema === 0);
  const here = schema === 0 ? undefined : own.find((entry) => entry.schema === schema);
  if (everywhere === undefined && here === undefined) return {};
  const initial = defaultAcl(objects, owner);
  let acl = everywhere?.acl ?? initial;
  for (const item of here?.acl ?? []) acl = withGranted(acl, item, ownerIn(catalogOf(cx), owner));
  return isSameAcl(acl, initial) ? {} : { acl: sorted(acl) };
}
