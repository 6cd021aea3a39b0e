import type { Oid } from '../../commons/ids.js';
import { SchemaOid } from '../../commons/system-names.js';
import { formatType } from '../../types/format-type.js';
import type { CatalogSnapshot } from '../catalog.js';
import { type IsVisible, quoteIdentifier, relationName, schemaName } from './identifiers.js';

/**
 * format_type over the whole catalog: built-in types, those of the system's schemas, and the row types of tables and views.
 * @param typmod null when none was asked for, -1 for a column without one
 */
export function typeName(catalog: CatalogSnapshot, oid: Oid, typmod: number | null = null, isVisible?: IsVisible): string {
  const known = formatType(oid, typmod);
  if (!known.startsWith('???')) return known;
  const type = catalog.builtin.typeByOid(oid);
  if (type === undefined) return rowTypeName(catalog, oid, isVisible);
  if (type.isArray && type.element !== 0) return `${typeName(catalog, type.element, typmod, isVisible)}[]`;
  const name = quoteIdentifier(type.name);
  return type.namespace === SchemaOid.pgCatalog ? name : `${quoteIdentifier(schemaName(catalog, type.namespace))}.${name}`;
}

function rowTypeName(catalog: CatalogSnapshot, oid: Oid, isVisible: IsVisible | undefined): string {
  const relation = catalog.relationOfRowType(oid);
  if (relation === undefined || !('rowType' in relation)) return '???';
  return relationName(catalog, relation, isVisible) + (relation.rowType === oid ? '' : '[]');
}
