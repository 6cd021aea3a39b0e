import type { RelationDescriptor, SchemaDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { Privilege } from '../../catalog/descriptors.js';
import { hasSchemaPrivilege, isMemberOf, isSuperuser, privilegesOf } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import type { QName, RoleSpec } from '../../planner/parse/ast.js';
import { ancestorsOf } from '../../planner/partitions/descendants.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { TableLockMode } from '../../transaction/transaction.js';
import type { UtilityContext } from './context.js';

/** The catalog as this statement has changed it so far. */
export function catalogOf(cx: UtilityContext) {
  return cx.session.catalog.snapshot(cx.transaction);
}

/** As PostgreSQL prints a possibly qualified name in its errors. */
export function nameText(name: QName): string {
  return name.schema === undefined ? name.name : `${name.schema}.${name.name}`;
}

/** @throws SqlError 3F000 */
export function findSchema(name: string, cx: UtilityContext): SchemaDescriptor {
  const catalog = catalogOf(cx);
  const schema = name === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name);
  if (schema === undefined) throw new SqlError(SqlState.invalidSchemaName, `schema "${name}" does not exist`);
  return schema;
}

/**
 * The schema a new object goes into: the named one, or the first of search_path; the temporary one for temporary objects.
 * @throws SqlError 3F000, 42501, 42P16
 */
export function creationSchema(name: QName, temporary: boolean, cx: UtilityContext): SchemaDescriptor {
  refuseOtherDatabase(name, cx);
  const isTempName = name.schema === SchemaName.temporary;
  if (temporary || isTempName) {
    if (name.schema !== undefined && !isTempName && name.schema !== catalogOf(cx).tempSchema?.name)
      throw new SqlError(SqlState.invalidTableDefinition, 'cannot create temporary relation in non-temporary schema');
    requireMayMakeTemporary(name, cx);
    return cx.session.catalog.ensureTempSchema(cx.transaction);
  }
  const schema = name.schema === undefined ? firstOfSearchPath(cx) : findSchema(name.schema, cx);
  if (schema.name === SchemaName.pgCatalog || schema.name === SchemaName.system || schema.name === SchemaName.informationSchema)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied to create "${schema.name}.${name.name}"`, {
      detail: 'System catalog modifications are currently disallowed.',
    });
  if (!hasSchemaPrivilege(catalogOf(cx), cx.session.currentRole, schema, Privilege.create))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for schema ${schema.name}`, { position: name._location?.start });
  return schema;
}

/** @throws SqlError 42501, when the session has nothing temporary yet */
function requireMayMakeTemporary(name: QName, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  if (catalog.tempSchema !== undefined) return;
  const database = catalog.database();
  if ((privilegesOf(catalog, cx.session.currentRole, 'database', database) & Privilege.temporary) !== 0) return;
  throw new SqlError(SqlState.insufficientPrivilege, `permission denied to create temporary tables in database "${database.name}"`, {
    position: name._location?.start,
  });
}

/** @throws SqlError 0A000 for a name that begins with another database */
export function refuseOtherDatabase(name: QName, cx: UtilityContext, position?: number): void {
  if (name.catalog === undefined || name.catalog === cx.session.database.name) return;
  const written = [name.catalog, name.schema, name.name].filter((part) => part !== undefined).join('.');
  throw new SqlError(SqlState.featureNotSupported, `cross-database references are not implemented: "${written}"`, { position });
}

function firstOfSearchPath(cx: UtilityContext): SchemaDescriptor {
  const catalog = catalogOf(cx);
  for (const name of cx.session.searchPath(false)) {
    const schema = catalog.schema(name);
    if (schema !== undefined && schema.name !== SchemaName.pgCatalog) return schema;
  }
  throw new SqlError(SqlState.invalidSchemaName, 'no schema has been selected to create in');
}

/** By its schema, or along the effective search path. */
export function lookUpRelation(name: QName, cx: UtilityContext): RelationDescriptor | undefined {
  refuseOtherDatabase(name, cx);
  const catalog = catalogOf(cx);
  if (name.schema !== undefined) {
    const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name.schema);
    return schema === undefined ? undefined : catalog.relation(schema.oid, name.name);
  }
  const path = catalog.tempSchema === undefined ? cx.planner.searchPath : [catalog.tempSchema.oid, ...cx.planner.searchPath];
  for (const schema of path) {
    const relation = catalog.relation(schema, name.name);
    if (relation !== undefined) return relation;
  }
  return undefined;
}

/** @throws SqlError 42P01, 3F000 */
export function findRelation(name: QName, cx: UtilityContext): RelationDescriptor {
  const relation = lookUpRelation(name, cx);
  if (relation !== undefined) return relation;
  if (name.schema !== undefined && name.schema !== SchemaName.temporary) findSchema(name.schema, cx);
  throw new SqlError(SqlState.undefinedTable, `relation "${nameText(name)}" does not exist`);
}

/** A table of the user's, locked (by default against all other use) until the transaction ends, and looked up again after the wait. */
export async function findTableForChange(
  name: QName,
  cx: UtilityContext,
  mode: TableLockMode = 'ACCESS EXCLUSIVE',
): Promise<TableDescriptor> {
  const found = findRelation(name, cx);
  requireTable(found);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx, mode);
  const now = catalogOf(cx).relationByOid(found.oid);
  if (now?.kind !== 'table') throw new SqlError(SqlState.undefinedTable, `relation "${nameText(name)}" does not exist`);
  return now;
}

export function requireTable(relation: RelationDescriptor): asserts relation is TableDescriptor {
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  if (relation.kind !== 'table') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a table`);
}

/** A table, and no materialized view. */
export function requirePlainTable(relation: RelationDescriptor): asserts relation is TableDescriptor {
  requireTable(relation);
  if (relation.materialized !== undefined) throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a table`);
}

export function systemRelation(name: string): SqlError {
  return new SqlError(SqlState.insufficientPrivilege, `permission denied: "${name}" is a system catalog`);
}

/**
 * A statement on a table holds that table's lock only, also for those below it. So who keeps such statements off a table locks its ancestors
 * too, from the top.
 */
export async function lockRelation(oid: Oid, cx: UtilityContext, mode: TableLockMode = 'ACCESS EXCLUSIVE'): Promise<void> {
  if (mode !== 'SHARE UPDATE EXCLUSIVE') {
    const table = catalogOf(cx).relationByOid(oid);
    if (table?.kind === 'table' && table.parents !== undefined)
      for (const ancestor of ancestorsOf(table, catalogOf(cx)).toReversed())
        await cx.transaction.lock(lockTags.relation(ancestor.oid), mode);
  }
  await cx.transaction.lock(lockTags.relation(oid), mode);
}

/** Two creators of one name: the second waits for the first's end and then sees the object. */
export async function lockName(kind: string, name: string, cx: UtilityContext): Promise<void> {
  const tag = kind === 'role' || kind === 'database' ? lockTags.shared(kind, name) : lockTags.object(kind, name);
  await cx.transaction.lock(tag, 'EXCLUSIVE');
}

const KIND_WORDS: Readonly<Record<RelationDescriptor['kind'], string>> = {
  table: 'table',
  view: 'view',
  index: 'index',
  sequence: 'sequence',
  virtual: 'table',
  composite: 'type',
};
export function kindWord(relation: RelationDescriptor): string {
  if (relation.kind === 'table' && relation.materialized !== undefined) return 'materialized view';
  return KIND_WORDS[relation.kind];
}

/** `table t`, or `table s.t` where search_path does not lead to it. */
export function describeRelation(relation: RelationDescriptor, cx: UtilityContext): string {
  const visible = lookUpRelation({ name: relation.name }, cx)?.oid === relation.oid;
  const schema = visible ? undefined : catalogOf(cx).schemaByOid(relation.schema)?.name;
  return `${kindWord(relation)} ${schema === undefined ? relation.name : `${schema}.${relation.name}`}`;
}

/** @throws SqlError 42501 */
export function requireOwner(relation: RelationDescriptor, cx: UtilityContext): void {
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  if (!ownedBy(relation.owner, cx))
    throw new SqlError(SqlState.insufficientPrivilege, `must be owner of ${kindWord(relation)} ${relation.name}`);
}

export function ownedBy(owner: Oid, cx: UtilityContext): boolean {
  const catalog = catalogOf(cx);
  const role = cx.session.currentRole;
  return isSuperuser(catalog, role) || isMemberOf(catalog, role, owner);
}

/** @throws SqlError 42P07 */
export function requireFreeName(schema: SchemaDescriptor, name: string, cx: UtilityContext): void {
  if (catalogOf(cx).relation(schema.oid, name) !== undefined)
    throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
}

/** PostgreSQL's ChooseRelationName: `t_a_key`, `t_a_key1`, … shortened to 63 bytes. */
export function chooseName(table: string, column: string | undefined, label: string, taken: (name: string) => boolean): string {
  for (let pass = 0; ; pass++) {
    const suffix = pass === 0 ? label : `${label}${pass}`;
    const name = makeObjectName(table, column, suffix);
    if (!taken(name)) return name;
  }
}

const MAX_NAME_BYTES = 63;
function makeObjectName(first: string, second: string | undefined, label: string): string {
  let a = Buffer.from(first);
  let b = second === undefined ? undefined : Buffer.from(second);
  const overhead = Buffer.byteLength(label) + 1 + (b === undefined ? 0 : 1);
  while (a.length + (b?.length ?? 0) > MAX_NAME_BYTES - overhead) {
    if (b === undefined || a.length > b.length) a = a.subarray(0, a.length - 1);
    else b = b.subarray(0, b.length - 1);
  }
  const parts = [a.toString(), ...(b === undefined ? [] : [b.toString()]), label];
  return parts.join('_');
}

/** @throws SqlError 42704 */
export function findRole(spec: RoleSpec, cx: UtilityContext): Oid {
  const catalog = catalogOf(cx);
  switch (spec.type) {
    case 'public':
      return 0;
    case 'current_user':
    case 'current_role':
      return cx.session.currentRole;
    case 'session_user': {
      const role = catalog.role(cx.session.sessionUser);
      if (role !== undefined) return role.oid;
      throw noRole(cx.session.sessionUser);
    }
    case 'role': {
      const role = catalog.role(spec.name);
      if (role === undefined) throw noRole(spec.name);
      return role.oid;
    }
  }
}

export function noRole(name: string): SqlError {
  return new SqlError(SqlState.undefinedObject, `role "${name}" does not exist`);
}
