import type { CatalogSnapshot } from '../catalog/catalog.js';
import { quoteIdentifier, schemaName } from '../catalog/definitions/index.js';
import type { Oid } from '../commons/ids.js';
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
