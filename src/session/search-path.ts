import type { CatalogSnapshot } from '../catalog/catalog.js';
import { Privilege, type SchemaDescriptor } from '../catalog/descriptors.js';
import { hasSchemaPrivilege } from '../catalog/privileges.js';
import { SettingName } from '../commons/setting-names.js';
import { SchemaName, SchemaOid } from '../commons/system-names.js';
import type { Identity } from './identity.js';
import { parseIdentifierList } from './settings/identifier-list.js';
import type { SessionSettings } from './settings/session-settings.js';

/** search_path as it is in force: PostgreSQL manual, chapter "The Schema Search Path". */
export interface SearchPath {
  /** What was asked for and exists. */
  readonly explicit: readonly SchemaDescriptor[];
  /** With pg_temp and pg_catalog in front, where they were not named. */
  readonly effective: readonly SchemaDescriptor[];
}

export function resolveSearchPath(settings: SessionSettings, catalog: CatalogSnapshot, identity: Identity): SearchPath {
  const explicit: SchemaDescriptor[] = [];
  let namesTemporary = false;
  for (const name of parseIdentifierList(settings.value(SettingName.searchPath)) ?? []) {
    const isTemporary = name === SchemaName.temporary;
    namesTemporary ||= isTemporary;
    const schema = isTemporary ? catalog.tempSchema : catalog.schema(name === '$user' ? identity.currentUser : name);
    if (schema === undefined || explicit.includes(schema)) continue;
    // A schema that the role may not use is as if it were not there.
    if (hasSchemaPrivilege(catalog, identity.currentRole, schema, Privilege.usage)) explicit.push(schema);
  }
  const effective = [...explicit];
  const pgCatalog = catalog.schemaByOid(SchemaOid.pgCatalog);
  if (pgCatalog !== undefined && !explicit.includes(pgCatalog)) effective.unshift(pgCatalog);
  const temporary = catalog.tempSchema;
  if (temporary !== undefined && !namesTemporary && !explicit.includes(temporary)) effective.unshift(temporary);
  return { explicit, effective };
}
