import type { AvailableExtension, ExtensionObjects } from '../../../catalog/builtin/index.js';
import { type ExtensionDescriptor, Privilege, type SchemaDescriptor } from '../../../catalog/descriptors.js';
import { typeOidNamed } from '../../../catalog/made-types.js';
import { isSuperuser, privilegesOf } from '../../../catalog/privileges.js';
import { assert } from '../../../commons/assert.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { RoleOid } from '../../../commons/system-names.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { createView } from '../create-view.js';
import { catalogOf, creationSchema, findSchema, lockName } from '../names.js';
import { skipping } from '../notices.js';

const TAG = 'CREATE EXTENSION';

/** CREATE EXTENSION: puts a descriptor, which makes its objects be found (LayeredCatalog.builtin). */
export async function createExtension(statement: UtilityStatement<'create extension'>, cx: UtilityContext): Promise<UtilityResult> {
  const { name } = statement;
  await lockName('extension', name, cx);
  if (catalogOf(cx).extension(name) !== undefined) {
    if (statement.ifNotExists !== true) throw new SqlError(SqlState.duplicateObject, `extension "${name}" already exists`);
    skipping(cx, `extension "${name}"`, SqlState.duplicateObject);
    return { tag: TAG };
  }
  const available = findAvailable(name, cx);
  requireMayCreate(available, cx);
  const version = statement.version ?? available.defaultVersion;
  requireVersion(available, version);
  const schema = schemaFor(available, statement.schema, cx);
  const objects = catalogOf(cx).builtin.extensionObjects(name, schema.oid);
  if (objects !== undefined) requireFreeNames(objects, schema, cx);
  const extension: ExtensionDescriptor = {
    kind: 'extension',
    oid: cx.session.catalog.allocateOid(),
    name,
    owner: cx.session.currentRole,
    ...(isSuperuser(catalogOf(cx), cx.session.currentRole) ? {} : { objectsOwner: RoleOid.postgres }),
    schema: schema.oid,
    version,
    comment: available.comment,
  };
  cx.session.catalog.put(cx.transaction, extension);
  for (const [view, query] of available.views ?? []) await createMemberView(extension, schema, view, query, cx);
  return { tag: TAG };
}

async function createMemberView(
  extension: ExtensionDescriptor,
  schema: SchemaDescriptor,
  name: string,
  query: string,
  cx: UtilityContext,
): Promise<void> {
  const [parsed] = cx.planner.parser.parse(`CREATE VIEW ${name} AS ${query}`);
  assert(parsed?.statement.type === 'create view', 'the views of extensions are views');
  const { searchPath } = cx.planner;
  const planner = { ...cx.planner, catalog: catalogOf(cx), searchPath: [schema.oid, ...searchPath] };
  await createView({ ...parsed.statement, name: { schema: schema.name, name } }, { ...cx, planner });
  const view = catalogOf(cx).relation(schema.oid, name);
  assert(view?.kind === 'view', 'the view was made');
  const everyone = { grantee: 0, grantor: view.owner, privileges: Privilege.select, grantable: 0 };
  const ownerHas = { grantee: view.owner, grantor: view.owner, privileges: ALL_OF_VIEW, grantable: 0 };
  cx.session.catalog.put(cx.transaction, {
    ...view,
    extension: extension.oid,
    acl: [ownerHas, everyone],
    searchPath: [schema.name, ...view.searchPath],
  });
}

const ALL_OF_VIEW =
  Privilege.insert | Privilege.select | Privilege.update | Privilege.delete | Privilege.truncate | Privilege.references | Privilege.trigger;

/** @throws SqlError 0A000 */
function findAvailable(name: string, cx: UtilityContext): AvailableExtension {
  const found = catalogOf(cx)
    .builtin.availableExtensions()
    .find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw new SqlError(SqlState.featureNotSupported, `extension "${name}" is not available`, {
    detail: `The server has no extension of this name: pg_available_extensions lists those that it has.`,
    hint: 'The extension must first be installed on the system where PostgreSQL is running.',
  });
}

/** @throws SqlError 42501 */
function requireMayCreate({ name, superuser, trusted }: AvailableExtension, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { currentRole } = cx.session;
  if (isSuperuser(catalog, currentRole) || !superuser) return;
  const mayCreate = (privilegesOf(catalog, currentRole, 'database', catalog.database()) & Privilege.create) !== 0;
  if (trusted && mayCreate) return;
  throw new SqlError(SqlState.insufficientPrivilege, `permission denied to create extension "${name}"`, {
    hint: trusted
      ? 'Must have CREATE privilege on current database to create this extension.'
      : 'Must be superuser to create this extension.',
  });
}

/** @throws SqlError 22023 */
export function requireVersion(available: AvailableExtension, version: string): void {
  if (version === available.defaultVersion || available.otherVersions.includes(version)) return;
  throw new SqlError(
    SqlState.invalidParameterValue,
    `extension "${available.name}" has no installation script nor update path for version "${version}"`,
  );
}

/** The schema named, or the first of search_path that there is. @throws SqlError 3F000, 0A000 */
function schemaFor(available: AvailableExtension, named: string | undefined, cx: UtilityContext): SchemaDescriptor {
  if (available.schema !== undefined && named !== undefined && named !== available.schema)
    throw new SqlError(SqlState.featureNotSupported, `extension "${available.name}" must be installed in schema "${available.schema}"`);
  const name = named ?? available.schema;
  return name === undefined ? creationSchema({ name: available.name }, false, cx) : findSchema(name, cx);
}

/** Users' objects of the same names stay what they are. @throws SqlError 42710, 42723 */
function requireFreeNames(objects: ExtensionObjects, schema: SchemaDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  for (const type of objects.types)
    if (!type.isArray && typeOidNamed(catalog, schema.oid, type.name) !== undefined)
      throw new SqlError(SqlState.duplicateObject, `type "${type.name}" already exists`);
  for (const proc of objects.procs)
    for (const routine of catalog.routinesNamed(schema.oid, proc.name)) {
      const inputs = routine.parameters.filter(({ mode }) => mode !== 'out' && mode !== 'table');
      if (inputs.length === proc.argTypes.length && inputs.every(({ type }, i) => type === proc.argTypes[i]))
        throw new SqlError(SqlState.duplicateFunction, `function "${proc.name}" already exists with same argument types`);
    }
}
