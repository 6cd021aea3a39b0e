import type { Row } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { IndexColumn, IndexDescriptor, TableDescriptor } from '../../descriptors.js';
import { indexesFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { systemIndex } from '../system-indexes.js';
import { typeFacts } from '../type-facts.js';
import { vector } from '../values.js';

export const INDEX_PROVIDERS: Providers = { 'pg_catalog.pg_index': indexes };

function* indexes(scan: VirtualScan): Iterable<Row> {
  for (const index of indexesFor(scan.catalog, scan.number('indexrelid'), scan.number('indrelid'))) yield indexRow(scan.catalog, index);
  const { catalog } = scan;
  const make = () => catalog.builtin.systemIndexes().map((index) => indexRow(catalog, systemIndex(catalog, index)));
  yield* scan.builtinRows.matching(scan, make, ['indexrelid', 'indrelid']);
}

const DESCENDING = 1;
const NULLS_FIRST = 2;

function indexRow(catalog: CatalogSnapshot, index: IndexDescriptor): Row {
  const owner = catalog.relationByOid(index.table);
  const table = owner?.kind === 'table' ? owner : undefined;
  const including = index.including ?? [];
  const expressions = index.columns.flatMap((column) => (column.exprText === undefined ? [] : [column.exprText]));
  return [
    index.oid,
    index.table,
    index.columns.length + including.length,
    index.columns.length,
    index.unique,
    index.nullsNotDistinct === true,
    index.primary,
    index.exclusion !== undefined, // indisexclusion
    !isDeferrable(catalog, index),
    table?.clusteredOn === index.oid, // indisclustered: PostgreSQL means CLUSTER by it
    index.invalid !== true, // indisvalid
    false, // indcheckxmin
    true, // indisready
    true, // indislive
    table?.replicaIdentityIndex === index.oid, // indisreplident
    vector([...index.columns.map((column) => column.column), ...including]),
    vector(index.columns.map((column) => collationOf(catalog, table, column))),
    vector(index.columns.map((column) => column.opclass)),
    vector(index.columns.map((column) => (column.descending ? DESCENDING : 0) | (column.nullsFirst ? NULLS_FIRST : 0))),
    // SQL text, which pg_get_expr gives back as it is.
    expressions.length === 0 ? null : expressions.join(', '),
    index.predicateText ?? null,
  ];
}

function collationOf(catalog: CatalogSnapshot, table: TableDescriptor | undefined, column: IndexColumn): number {
  const own = column.collation ?? column.exprCollation ?? table?.columns[column.column - 1]?.collation;
  return own ?? typeFacts(catalog, column.type)?.collation ?? 0;
}

function isDeferrable(catalog: CatalogSnapshot, index: IndexDescriptor): boolean {
  if (index.constraint === undefined) return false;
  const table = catalog.relationByOid(index.table);
  if (table?.kind !== 'table') return false;
  return table.constraints.some(
    (constraint) => 'deferrable' in constraint && constraint.deferrable === true && constraint.oid === index.constraint,
  );
}
