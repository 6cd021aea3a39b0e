import { type Oid, storageId } from '../../commons/ids.js';
import { RoleOid } from '../../commons/system-names.js';
import { TypeOid } from '../../types/oids.js';
import type { BuiltinIndex, BuiltinToastTable } from '../builtin/index.js';
import type { CatalogSnapshot } from '../catalog.js';
import type { ColumnDescriptor, IndexDescriptor, VirtualDescriptor } from '../descriptors.js';

/**
 * PostgreSQL's indexes of its own tables, and their toast tables. Clients find them in the catalogs as they do there; nothing lies in them
 * here, so they are no relations of the catalog that statements could name.
 */

const TOAST_SCHEMA = 99;

export function systemIndexByOid(catalog: CatalogSnapshot, oid: Oid): IndexDescriptor | undefined {
  const found = catalog.builtin.systemIndexes().find((index) => index.oid === oid);
  return found === undefined ? undefined : systemIndex(catalog, found);
}

export function systemIndex(catalog: CatalogSnapshot, index: BuiltinIndex): IndexDescriptor {
  const { builtin } = catalog;
  return {
    kind: 'index',
    oid: index.oid,
    name: index.name,
    owner: RoleOid.postgres,
    schema: index.namespace,
    persistence: 'permanent',
    table: index.table,
    storage: storageId(index.oid),
    clustered: false,
    unique: index.isUnique,
    primary: index.isPrimary,
    method: 'btree',
    columns: index.columns.map((column, i) => ({
      column,
      type: builtin.opclassByOid(index.opclasses[i] ?? 0)?.inputType ?? 0,
      opclass: index.opclasses[i] ?? 0,
      collation: index.collations[i] ?? 0,
      descending: false,
      nullsFirst: false,
    })),
    ...(index.constraint === undefined ? {} : { constraint: index.constraint }),
  };
}

/** A toast table, in the form of the system's own tables. */
export function toastTable({ oid, name }: BuiltinToastTable): VirtualDescriptor {
  return {
    kind: 'virtual',
    oid,
    rowType: 0,
    name,
    owner: RoleOid.postgres,
    schema: TOAST_SCHEMA,
    persistence: 'permanent',
    relkind: 't',
    columns: TOAST_COLUMNS,
    provider: name,
  };
}

const toastColumn = (number: number, name: string, type: Oid): ColumnDescriptor => ({ number, name, type, typmod: -1, notNull: false });
const TOAST_COLUMNS: readonly ColumnDescriptor[] = [
  toastColumn(1, 'chunk_id', TypeOid.oid),
  toastColumn(2, 'chunk_seq', TypeOid.int4),
  toastColumn(3, 'chunk_data', TypeOid.bytea),
];

/** Columns of what a system index is over. */
export function columnsOfSystemTable(catalog: CatalogSnapshot, oid: Oid): readonly ColumnDescriptor[] {
  const table = catalog.relationByOid(oid);
  return table?.kind === 'virtual' ? table.columns : TOAST_COLUMNS;
}
