import type { CatalogSnapshot } from '../catalog/catalog.js';
import { quoteIdentifier, schemaName } from '../catalog/definitions/index.js';
import { configurationByOid, configurationNamed } from '../catalog/text-search.js';
import type { Oid } from '../commons/ids.js';
import { SettingName } from '../commons/setting-names.js';
import { invalidValue } from '../commons/settings/parse-value.js';
import { parseQualifiedName } from './qualified-name.js';

interface Surroundings {
  readonly catalog: CatalogSnapshot;
  readonly path: readonly Oid[];
}
const BUILTIN_SCHEMA = 'pg_catalog';
type Named = (catalog: CatalogSnapshot, schema: Oid, name: string) => Oid | undefined;

/** A configuration or dictionary: the bare name where the search path leads to it. */
export function textSearchName(
  found: { readonly oid: Oid; readonly name: string } | undefined,
  own: { readonly schema: Oid } | undefined,
  named: Named,
  { catalog, path }: Surroundings,
): string | undefined {
  if (found === undefined) return undefined;
  for (const schema of path) {
    const first = named(catalog, schema, found.name);
    if (first !== undefined) {
      if (first === found.oid) return quoteIdentifier(found.name);
      break;
    }
  }
  const schema = own === undefined ? BUILTIN_SCHEMA : schemaName(catalog, own.schema);
  return `${quoteIdentifier(schema)}.${quoteIdentifier(found.name)}`;
}

export function textSearchOid(text: string, named: Named, { catalog, path }: Surroundings): Oid | undefined {
  const [name = '', schemaPart] = parseQualifiedName(text).toReversed();
  const schemas = schemaPart === undefined ? path : [catalog.schema(schemaPart)?.oid ?? 0];
  for (const schema of schemas) {
    const found = named(catalog, schema, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** default_text_search_config, with its schema. @throws SqlError 22023, 42602 */
export function textSearchSetting(value: string, around: Surroundings): string {
  const { catalog } = around;
  const oid = textSearchOid(value, configurationNamed, around);
  const found = oid === undefined ? undefined : configurationByOid(catalog, oid);
  const name = textSearchName(found, catalog.textSearchConfiguration(oid ?? 0), configurationNamed, { catalog, path: [] });
  if (name === undefined) throw invalidValue(SettingName.defaultTextSearchConfig, value);
  return name;
}
