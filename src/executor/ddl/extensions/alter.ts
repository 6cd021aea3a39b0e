import type { ExtensionDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { Privilege } from '../../../catalog/descriptors.js';
import { hasSchemaPrivilege } from '../../../catalog/privileges.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findSchema, lockName, ownedBy } from '../names.js';
import { notice } from '../notices.js';

/** Locked until the transaction ends. @throws SqlError 42704, 42501 */
export async function findExtension(name: string, cx: UtilityContext): Promise<ExtensionDescriptor> {
  await lockName('extension', name, cx);
  const extension = catalogOf(cx).extension(name);
  if (extension === undefined) throw new SqlError(SqlState.undefinedObject, `extension "${name}" does not exist`);
  if (!ownedBy(extension.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of extension ${name}`);
  return extension;
}

/** ALTER EXTENSION … UPDATE: all versions have the same objects, so only the version's name changes. */
export async function alterExtension(statement: UtilityStatement<'alter extension'>, cx: UtilityContext): Promise<UtilityResult> {
  const extension = await findExtension(statement.name, cx);
  const available = catalogOf(cx)
    .builtin.availableExtensions()
    .find((candidate) => candidate.name === extension.name);
  const version = statement.version ?? available?.defaultVersion ?? extension.version;
  if (version === extension.version) {
    notice(cx, `version "${version}" of extension "${extension.name}" is already installed`);
    return { tag: 'ALTER EXTENSION' };
  }
  const isKnown = version === available?.defaultVersion || available?.otherVersions.includes(version) === true;
  if (!isKnown || isOlder(version, extension.version))
    throw new SqlError(
      SqlState.invalidParameterValue,
      `extension "${extension.name}" has no update path from version "${extension.version}" to version "${version}"`,
    );
  cx.session.catalog.put(cx.transaction, { ...extension, version });
  return { tag: 'ALTER EXTENSION' };
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

export async function alterExtensionSchema(statement: UtilityStatement<'alter object schema'>, cx: UtilityContext): Promise<UtilityResult> {
  const extension = await findExtension(statement.name.name, cx);
  const schema = findSchema(statement.schema, cx);
  if (!hasSchemaPrivilege(catalogOf(cx), cx.session.currentRole, schema, Privilege.create))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for schema ${schema.name}`);
  const available = catalogOf(cx)
    .builtin.availableExtensions()
    .find((candidate) => candidate.name === extension.name);
  if (available?.relocatable !== true)
    throw new SqlError(SqlState.featureNotSupported, `extension "${extension.name}" does not support SET SCHEMA`);
  for (const view of memberViews(extension, cx))
    cx.session.catalog.put(cx.transaction, { ...view, schema: schema.oid, searchPath: [schema.name, ...view.searchPath] });
  cx.session.catalog.put(cx.transaction, { ...extension, schema: schema.oid });
  return { tag: 'ALTER EXTENSION' };
}

export function memberViews(extension: ExtensionDescriptor, cx: UtilityContext): readonly ViewDescriptor[] {
  return [...catalogOf(cx).relations()].flatMap((relation) =>
    relation.kind === 'view' && relation.extension === extension.oid ? [relation] : [],
  );
}
