import type { Oid } from '../../commons/ids.js';
import type { CatalogSnapshot } from '../catalog.js';
import type {
  CompositeDescriptor,
  IndexDescriptor,
  RelationDescriptor,
  TableDescriptor,
  ViewDescriptor,
  VirtualDescriptor,
} from '../descriptors.js';

/** What is asked of relations; each part may be absent. */
export interface Wanted {
  readonly oid?: Oid | undefined;
  readonly name?: string | undefined;
  readonly schema?: Oid | undefined;
  readonly schemaName?: string | undefined;
}

/** The relations that are asked for: by oid or by name without going through all of them. */
export function* relationsFor(catalog: CatalogSnapshot, wanted: Wanted): Iterable<RelationDescriptor> {
  if (wanted.oid !== undefined) {
    const relation = catalog.relationByOid(wanted.oid);
    if (relation !== undefined) yield relation;
    return;
  }
  const schema = wanted.schemaName === undefined ? wanted.schema : catalog.schema(wanted.schemaName)?.oid;
  if (wanted.schemaName !== undefined && schema === undefined) return;
  if (wanted.name !== undefined) {
    for (const oid of schema === undefined ? schemaOids(catalog) : [schema]) {
      const relation = catalog.relation(oid, wanted.name);
      if (relation !== undefined) yield relation;
    }
    return;
  }
  for (const relation of catalog.relations()) if (schema === undefined || relation.schema === schema) yield relation;
}

function* schemaOids(catalog: CatalogSnapshot): Iterable<Oid> {
  for (const schema of catalog.schemas()) yield schema.oid;
}

/** What has columns of its own: tables, views, virtual relations and composite types. */
export type ColumnRelation = TableDescriptor | ViewDescriptor | VirtualDescriptor | CompositeDescriptor;

export function hasColumns(relation: RelationDescriptor): relation is ColumnRelation {
  return relation.kind === 'table' || relation.kind === 'view' || relation.kind === 'virtual' || relation.kind === 'composite';
}

/** pg_class.relkind. */
export function relationKind(relation: RelationDescriptor, catalog?: CatalogSnapshot): string {
  switch (relation.kind) {
    case 'table':
      if (relation.materialized !== undefined) return 'm';
      return relation.partitionKey === undefined ? 'r' : 'p';
    case 'view':
      return 'v';
    case 'virtual':
      return relation.relkind;
    case 'index': {
      const table = catalog?.relationByOid(relation.table);
      return table?.kind === 'table' && table.partitionKey !== undefined ? 'I' : 'i';
    }
    case 'sequence':
      return 'S';
    case 'composite':
      return 'c';
  }
}

/** Tables with their indexes; by the index's oid, the table's, or all. */
export function* indexesFor(catalog: CatalogSnapshot, index: Oid | undefined, table: Oid | undefined): Iterable<IndexDescriptor> {
  if (index !== undefined) {
    const found = catalog.relationByOid(index);
    if (found?.kind === 'index') yield found;
    return;
  }
  if (table !== undefined) {
    yield* catalog.indexesOf(table);
    return;
  }
  for (const relation of catalog.relations()) if (relation.kind === 'index') yield relation;
}

export function* tablesFor(catalog: CatalogSnapshot, wanted: Wanted): Iterable<TableDescriptor> {
  for (const relation of relationsFor(catalog, wanted)) if (relation.kind === 'table') yield relation;
}

export type RelationKindOf<K extends RelationDescriptor['kind']> = Extract<RelationDescriptor, { readonly kind: K }>;
