import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { Descriptor, FreeStandingDescriptor, RelationDescriptor, TypeDescriptor } from '../../catalog/descriptors.js';
import { inheritsFrom, isSuperuser } from '../../catalog/privileges.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { SpaceName } from '../../commons/space-name.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { RoleSpec } from '../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { dropAll } from './drop.js';
import { dropExtensions } from './extensions/drop.js';
import { catalogOf, findRole, lockRelation } from './names.js';
import { relationWithNewOwner, withNewOwner } from './privileges/new-owner.js';
import { withoutPrivilegesOf } from './privileges/without-role.js';
import { dropWithUses } from './routines/drop.js';
import { usesOfRoutines } from './routines/uses.js';
import { dropTypesOf } from './types/drop.js';

/** All that has privileges, or stands for some. */
function* objects(cx: UtilityContext): Iterable<Descriptor> {
  const catalog = catalogOf(cx);
  yield* [...catalog.databases()];
  yield* [...catalog.schemas()];
  for (const relation of [...catalog.relations()]) if (relation.kind !== 'virtual') yield relation;
  yield* [...catalog.types()];
  yield* [...catalog.routines()];
  yield* [...catalog.operators()];
  yield* [...catalog.operatorClasses()];
  yield* [...catalog.textSearchConfigurations()];
  yield* [...catalog.textSearchDictionaries()];
  yield* freeStanding(catalog);
  yield* [...catalog.extensions()];
  yield* [...catalog.allObjectPrivileges()];
  yield* catalog.defaultPrivileges();
  yield* catalog.parameterPrivileges();
}

function freeStanding(catalog: CatalogSnapshot): readonly FreeStandingDescriptor[] {
  return [
    ...catalog.freeStanding('large object'),
    ...catalog.freeStanding('extended statistics'),
    ...catalog.freeStanding('collation'),
    ...catalog.freeStanding('publication'),
  ];
}

/** @throws SqlError 42501, 2BP01 */
function rolesOf(specs: readonly RoleSpec[], what: string, cx: UtilityContext): ReadonlySet<Oid> {
  const roles = new Set<Oid>();
  for (const spec of specs) {
    const role = findRole(spec, cx);
    requireRights(role, `permission denied to ${what} objects`, cx);
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

function requireRights(role: Oid, message: string, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  if (!isSuperuser(catalog, currentRole) && !inheritsFrom(catalog, currentRole, role))
    throw new SqlError(SqlState.insufficientPrivilege, message);
}

/** REASSIGN OWNED: what the roles own belongs to another from now on, databases too. Default privileges stay theirs. */
export function reassignOwned(statement: UtilityStatement<'reassign owned'>, cx: UtilityContext): UtilityResult {
  for (const spec of statement.roles) requireRights(findRole(spec, cx), 'permission denied to reassign objects', cx);
  const owner = findRole(statement.to, cx);
  const roles = rolesOf(statement.roles, 'reassign', cx);
  requireRights(owner, 'permission denied to reassign objects', cx);
  for (const object of objects(cx)) {
    if (!('owner' in object) || !roles.has(object.owner)) continue;
    const isRelation = object.kind === 'table' || object.kind === 'view' || object.kind === 'sequence';
    cx.session.catalog.put(cx.transaction, isRelation ? relationWithNewOwner(object, owner) : withNewOwner(object, owner));
  }
  return { tag: 'REASSIGN OWNED' };
}

/** DROP OWNED: what the roles own goes, and what they were granted is taken from them. Databases stay. */
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
  await dropSmallOnes(owns, cascade, cx);
  for (const schema of [...catalogOf(cx).schemas()].filter(owns)) {
    const inside = [...catalogOf(cx).relations()].filter(isStored);
    dropAll(
      inside.filter((relation) => relation.schema === schema.oid && relation.kind !== 'index'),
      [schema],
      cascade,
      cx,
    );
  }
  for (const object of objects(cx)) takePrivileges(object, roles, cx);
  return { tag: 'DROP OWNED' };
}

async function dropSmallOnes(owns: (object: { readonly owner: Oid }) => boolean, cascade: boolean, cx: UtilityContext): Promise<void> {
  const catalog = catalogOf(cx);
  const extensions = [...catalog.extensions()].filter(owns).map(({ name }) => ({ name }));
  if (extensions.length > 0) {
    const behavior = cascade ? { cascade: true as const } : {};
    await dropExtensions({ type: 'drop', objectType: 'extension', names: extensions, ...behavior }, cx);
  }
  const others = [
    ...catalog.operators(),
    ...catalog.operatorClasses(),
    ...catalog.textSearchConfigurations(),
    ...catalog.textSearchDictionaries(),
    ...freeStanding(catalog),
  ];
  for (const object of others.filter(owns)) {
    if (object.kind === 'large object') cx.transaction.dropSpace(cx.session.transactions.store.space(SpaceName.shared(object.storage)));
    cx.session.catalog.remove(cx.transaction, object.kind, object.oid);
  }
}

function takePrivileges(object: Descriptor, roles: ReadonlySet<Oid>, cx: UtilityContext): void {
  let left: Descriptor | undefined = object;
  for (const role of roles) left = left === undefined ? undefined : withoutPrivilegesOf(left, role);
  if (left === undefined) cx.session.catalog.remove(cx.transaction, object.kind, object.oid);
  else if (left !== object) cx.session.catalog.put(cx.transaction, left);
}

function isStored(relation: RelationDescriptor): relation is Exclude<RelationDescriptor, { kind: 'virtual' }> {
  return relation.kind !== 'virtual';
}
