import type { Descriptor, RelationDescriptor, TypeDescriptor } from '../../catalog/descriptors.js';
import { isMemberOf } from '../../catalog/privileges.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { RoleSpec } from '../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { dropAll } from './drop.js';
import { catalogOf, findRole, lockRelation } from './names.js';
import { dropWithUses } from './routines/drop.js';
import { usesOfRoutines } from './routines/uses.js';
import { dropTypesOf } from './types/drop.js';

type Owned = Extract<Descriptor, { readonly owner: Oid }>;

/** All that has an owner and privileges, but for the database. */
function* objects(cx: UtilityContext): Iterable<Owned> {
  const catalog = catalogOf(cx);
  yield* [...catalog.schemas()];
  for (const relation of [...catalog.relations()]) if (relation.kind !== 'virtual') yield relation;
  yield* [...catalog.types()];
  yield* [...catalog.routines()];
  yield* [...catalog.operators()];
}

/** @throws SqlError 42501, 2BP01 */
function rolesOf(specs: readonly RoleSpec[], what: string, cx: UtilityContext): ReadonlySet<Oid> {
  const roles = new Set<Oid>();
  for (const spec of specs) {
    const role = findRole(spec, cx);
    requireMember(role, `permission denied to ${what} objects`, cx);
    const name = catalogOf(cx).roleByOid(role)?.name ?? '';
    if (role < FIRST_USER_OID)
      throw new SqlError(
        SqlState.dependentObjectsStillExist,
        `cannot ${what === 'reassign' ? 'reassign ownership of' : what} objects owned by role ${name} because they are required by the database system`,
      );
    roles.add(role);
  }
  return roles;
}

function requireMember(role: Oid, message: string, cx: UtilityContext): void {
  if (!isMemberOf(catalogOf(cx), cx.session.currentRole, role)) throw new SqlError(SqlState.insufficientPrivilege, message);
}

/** REASSIGN OWNED: what the roles own belongs to another from now on. */
export function reassignOwned(statement: UtilityStatement<'reassign owned'>, cx: UtilityContext): UtilityResult {
  for (const spec of statement.roles) requireMember(findRole(spec, cx), 'permission denied to reassign objects', cx);
  const owner = findRole(statement.to, cx);
  const roles = rolesOf(statement.roles, 'reassign', cx);
  requireMember(owner, 'permission denied to reassign objects', cx);
  for (const object of objects(cx)) if (roles.has(object.owner)) cx.session.catalog.put(cx.transaction, { ...object, owner });
  return { tag: 'REASSIGN OWNED' };
}

/** DROP OWNED: what the roles own goes, and what they were granted is taken from them. */
export async function dropOwned(statement: UtilityStatement<'drop owned'>, cx: UtilityContext): Promise<UtilityResult> {
  const roles = rolesOf(statement.roles, 'drop', cx);
  const cascade = statement.cascade === true;
  const owns = (object: { readonly owner: Oid }) => roles.has(object.owner);
  const relations = [...catalogOf(cx).relations()].filter(isStored).filter((relation) => relation.kind !== 'index' && owns(relation));
  for (const relation of relations) await lockRelation(relation.oid, cx);
  dropAll(relations, [], cascade, cx);
  const routines = [...catalogOf(cx).routines()].filter(owns);
  if (routines.length > 0) {
    await dropWithUses('desired object(s)', usesOfRoutines(routines, cx), cascade, cx);
    for (const routine of routines) cx.session.catalog.remove(cx.transaction, 'routine', routine.oid);
  }
  const types: TypeDescriptor[] = [...catalogOf(cx).types()].filter(owns);
  if (types.length > 0) await dropTypesOf(types, cascade, cx);
  for (const schema of [...catalogOf(cx).schemas()].filter(owns)) {
    const inside = [...catalogOf(cx).relations()].filter(isStored);
    dropAll(
      inside.filter((relation) => relation.schema === schema.oid && relation.kind !== 'index'),
      [schema],
      cascade,
      cx,
    );
  }
  for (const object of objects(cx)) {
    if (object.acl?.some(({ grantee }) => roles.has(grantee)) !== true) continue;
    cx.session.catalog.put(cx.transaction, { ...object, acl: object.acl.filter(({ grantee }) => !roles.has(grantee)) });
  }
  return { tag: 'DROP OWNED' };
}

function isStored(relation: RelationDescriptor): relation is Exclude<RelationDescriptor, { kind: 'virtual' }> {
  return relation.kind !== 'virtual';
}
