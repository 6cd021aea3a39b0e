import type { Oid } from '../../commons/ids.js';
import { SchemaOid } from '../../commons/system-names.js';
import { isExtensionType } from '../../types/extensions/oids.js';
import { formatType } from '../../types/format-type.js';
import { typmodOut } from '../../types/typmod.js';
import type { CatalogSnapshot } from '../catalog.js';
import { madeType } from '../made-types.js';
import { type IsVisible, quoteIdentifier, relationName, schemaName } from './identifiers.js';

/**
 * format_type over the whole catalog: built-in types, those of the system's schemas, and those that users have made.
 * @param typmod null when none was asked for, -1 for a column without one
 */
export function typeName(catalog: CatalogSnapshot, oid: Oid, typmod: number | null = null, isVisible?: IsVisible): string {
  if (isExtensionType(oid)) return extensionTypeName(catalog, oid, typmod, isVisible);
  const known = formatType(oid, typmod);
  if (!known.startsWith('???')) return known;
  const type = catalog.builtin.typeByOid(oid);
  if (type === undefined) return madeTypeName(catalog, oid, isVisible);
  if (type.isArray && type.element !== 0) return `${typeName(catalog, type.element, typmod, isVisible)}[]`;
  const name = quoteIdentifier(type.name);
  return type.namespace === SchemaOid.pgCatalog ? name : `${quoteIdentifier(schemaName(catalog, type.namespace))}.${name}`;
}

/** By what is installed: it may be in any schema. */
function extensionTypeName(catalog: CatalogSnapshot, oid: Oid, typmod: number | null, isVisible: IsVisible | undefined): string {
  const type = catalog.builtin.typeByOid(oid);
  if (type === undefined) return '???';
  if (type.isArray) return `${extensionTypeName(catalog, type.element, typmod, isVisible)}[]`;
  const name =
    type.namespace === SchemaOid.pgCatalog
      ? quoteIdentifier(type.name)
      : relationName(catalog, { name: type.name, schema: type.namespace }, isVisible);
  return name + typmodOut(oid, typmod ?? -1);
}

function madeTypeName(catalog: CatalogSnapshot, oid: Oid, isVisible: IsVisible | undefined): string {
  const type = madeType(catalog, oid);
  if (type === undefined) return '???';
  if (type.isArray) return `${madeTypeName(catalog, type.element, isVisible)}[]`;
  return relationName(catalog, { name: type.name, schema: type.namespace }, isVisible);
}
