import type { CatalogSnapshot } from '../../catalog.js';
import { schemaName } from '../../definitions/index.js';
import type { TableDescriptor } from '../../descriptors.js';
import { type Access, ANY_TABLE_PRIVILEGE, CHANGING_PRIVILEGE } from '../access.js';
import { type ColumnRelation, hasColumns, relationKind, relationsFor, tablesFor } from '../relation-lookup.js';
import type { VirtualScan } from '../scan.js';

/** A relation with the name of its schema. */
export interface Named<R> {
  readonly relation: R;
  readonly schema: string;
}

/** Tables and views that the current role owns or has one of the privileges on; by the columns table_schema and table_name where they are given. */
export function* visibleRelations(scan: VirtualScan, access: Access, privileges = ANY_TABLE_PRIVILEGE): Iterable<Named<ColumnRelation>> {
  const wanted = { schemaName: scan.text('table_schema'), name: scan.text('table_name') };
  // Composite types and materialized views are none of the standard's.
  for (const relation of relationsFor(scan.catalog, wanted))
    if (hasColumns(relation) && !isOutside(relation) && access.may(relation, privileges))
      yield { relation, schema: schemaName(scan.catalog, relation.schema) };
}

function isOutside(relation: ColumnRelation): boolean {
  return relation.kind === 'composite' || (relation.kind === 'table' && relation.materialized !== undefined);
}

/** Base tables whose constraints the current role may see: `table_schema` and `table_name` narrow them where the relation has them. */
export function* constrainedTables(scan: VirtualScan, access: Access): Iterable<Named<TableDescriptor>> {
  const wanted = {
    schemaName: scan.text('table_schema') ?? scan.text('constraint_schema'),
    name: scan.text('table_name'),
  };
  const constraint = scan.text('constraint_name');
  for (const relation of constraint === undefined ? tablesFor(scan.catalog, wanted) : scan.catalog.tablesWithConstraint(constraint))
    if (access.may(relation, CHANGING_PRIVILEGE)) yield { relation, schema: schemaName(scan.catalog, relation.schema) };
}

/** PostgreSQL's name for a NOT NULL as a constraint: it has none of its own. */
export function notNullName(relation: { readonly schema: number; readonly oid: number }, column: number): string {
  return `${relation.schema}_${relation.oid}_${column}_not_null`;
}

/** BASE TABLE, VIEW, LOCAL TEMPORARY. */
export function tableTypeOf(catalog: CatalogSnapshot, relation: ColumnRelation): string {
  if (relation.schema === catalog.tempSchema?.oid) return 'LOCAL TEMPORARY';
  return relationKind(relation) === 'v' ? 'VIEW' : 'BASE TABLE';
}
