import type { Row } from '../../../types/value.js';
import type { TableDescriptor } from '../../descriptors.js';
import { tablesFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { vector } from '../values.js';

export const INHERITS_PROVIDERS: Providers = {
  'pg_catalog.pg_inherits': inherits,
  'pg_catalog.pg_partitioned_table': partitionedTables,
};

/** Which table has which parents, and the same of the indexes of partitions. */
function* inherits(scan: VirtualScan): Iterable<Row> {
  const child = scan.number('inhrelid');
  const parent = scan.number('inhparent');
  for (const relation of candidates(scan, child, parent)) {
    if (relation.kind === 'index') {
      if (relation.parentIndex !== undefined) yield [relation.oid, relation.parentIndex, 1, false];
    } else for (const [i, oid] of (relation.parents ?? []).entries()) yield [relation.oid, oid, i + 1, relation.detachPending === true];
  }
}

function* candidates(scan: VirtualScan, child: number | undefined, parent: number | undefined) {
  const { catalog } = scan;
  if (child !== undefined) {
    const relation = catalog.relationByOid(child);
    if (relation?.kind === 'table' || relation?.kind === 'index') yield relation;
    return;
  }
  const above = parent === undefined ? undefined : catalog.relationByOid(parent);
  if (above?.kind === 'table') {
    yield* catalog.childrenOf(above.oid);
    return;
  }
  if (above?.kind === 'index') {
    for (const table of catalog.childrenOf(above.table)) yield* catalog.indexesOf(table.oid);
    return;
  }
  for (const relation of catalog.relations()) if (relation.kind === 'table' || relation.kind === 'index') yield relation;
}

const STRATEGIES = { list: 'l', range: 'r', hash: 'h' } as const;

function* partitionedTables(scan: VirtualScan): Iterable<Row> {
  for (const table of tablesFor(scan.catalog, { oid: scan.number('partrelid') }))
    if (table.partitionKey !== undefined) yield keyRow(scan, table);
}

function keyRow(scan: VirtualScan, table: TableDescriptor): Row {
  const { catalog } = scan;
  const columns = table.partitionKey?.columns ?? [];
  const standing = catalog.childrenOf(table.oid).find((child) => child.partitionBound?.kind === 'default');
  const expressions = columns.flatMap((column) => column.exprText ?? []);
  return [
    table.oid,
    STRATEGIES[table.partitionKey?.strategy ?? 'range'],
    columns.length,
    standing?.oid ?? 0,
    vector(columns.map((column) => column.column)),
    vector(columns.map((column) => column.opclass)),
    vector(columns.map((column) => column.collation ?? catalog.builtin.typeByOid(column.type)?.collation ?? 0)),
    expressions.length === 0 ? null : expressions.join(', '),
  ];
}
