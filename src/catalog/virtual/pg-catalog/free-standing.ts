import type { Row } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { PublicationDescriptor, TableDescriptor } from '../../descriptors.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclValue, array, vector } from '../values.js';

/** Statistics over several columns and publications. */
export const FREE_STANDING_PROVIDERS: Providers = {
  'pg_catalog.pg_statistic_ext': statistics,
  'pg_catalog.pg_publication': publications,
  'pg_catalog.pg_largeobject_metadata': largeObjects,
  'pg_catalog.pg_publication_rel': publishedTables,
  'pg_catalog.pg_publication_namespace': publishedSchemas,
  'pg_catalog.pg_publication_tables': tablesOfPublications,
};

function* statistics(scan: VirtualScan): Iterable<Row> {
  for (const { oid, table, name, schema, owner, target, columns, kinds, exprTexts } of scan.catalog.freeStanding('extended statistics'))
    yield [
      oid,
      table,
      name,
      schema,
      owner,
      target ?? -1,
      vector(columns),
      array(kinds),
      exprTexts.length === 0 ? null : exprTexts.join(', '),
    ];
}

function* largeObjects(scan: VirtualScan): Iterable<Row> {
  const wanted = scan.number('oid');
  for (const { oid, owner, acl } of scan.catalog.freeStanding('large object'))
    if (wanted === undefined || wanted === oid) yield [oid, owner, aclValue(scan.catalog, acl)];
}

function* publications(scan: VirtualScan): Iterable<Row> {
  for (const { oid, name, owner, allTables, publishes, viaRoot } of scan.catalog.freeStanding('publication')) {
    const does = (event: (typeof publishes)[number]): boolean => publishes.includes(event);
    yield [oid, name, owner, allTables, does('insert'), does('update'), does('delete'), does('truncate'), viaRoot];
  }
}

function* publishedTables(scan: VirtualScan): Iterable<Row> {
  for (const { oid: publication, tables } of scan.catalog.freeStanding('publication'))
    for (const { oid, table, whereText, columns } of tables)
      yield [oid, publication, table, whereText ?? null, columns === undefined ? null : vector(columns)];
}

function* publishedSchemas(scan: VirtualScan): Iterable<Row> {
  for (const { oid: publication, schemas } of scan.catalog.freeStanding('publication'))
    for (const { oid, schema } of schemas) yield [oid, publication, schema];
}

function* tablesOfPublications(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  for (const publication of catalog.freeStanding('publication'))
    for (const table of tablesIn(catalog, publication)) {
      const listed = publication.tables.find((published) => published.table === table.oid);
      const names = table.columns
        .filter(({ dropped, generatedText }) => dropped !== true && generatedText === undefined)
        .filter(({ number }) => listed?.columns === undefined || listed.columns.includes(number))
        .map(({ name }) => name);
      yield [publication.name, catalog.schemaByOid(table.schema)?.name ?? '', table.name, array(names), listed?.whereText ?? null];
    }
}

/** Partitions stand for their partitioned table, unless it is published as a whole. */
function* tablesIn(catalog: CatalogSnapshot, { allTables, tables, schemas, viaRoot }: PublicationDescriptor): Iterable<TableDescriptor> {
  const isListed = (table: TableDescriptor): boolean =>
    allTables || tables.some((published) => published.table === table.oid) || schemas.some(({ schema }) => schema === table.schema);
  const parentOf = (table: TableDescriptor): TableDescriptor | undefined => {
    const parent = table.partitionBound === undefined ? undefined : catalog.relationByOid(table.parents?.[0] ?? 0);
    return parent?.kind === 'table' ? parent : undefined;
  };
  const isListedAbove = (table: TableDescriptor): boolean => {
    for (let parent = parentOf(table); parent !== undefined; parent = parentOf(parent)) if (isListed(parent)) return true;
    return false;
  };
  for (const relation of catalog.relations()) {
    if (relation.kind !== 'table' || relation.materialized !== undefined || relation.persistence !== 'permanent') continue;
    if (viaRoot) {
      if (isListed(relation) && !isListedAbove(relation)) yield relation;
    } else if (relation.partitionKey === undefined && (isListed(relation) || isListedAbove(relation))) yield relation;
  }
}

export function* freeStandingDependencies(catalog: CatalogSnapshot): Iterable<Row> {
  const { pgClass, pgNamespace, pgStatisticExt, pgCollation, pgPublication, pgPublicationRel, pgPublicationNamespace } = CatalogOid;
  for (const { oid, table, columns, schema } of catalog.freeStanding('extended statistics')) {
    for (const column of columns) yield [pgStatisticExt, oid, 0, pgClass, table, column, 'a'];
    yield [pgStatisticExt, oid, 0, pgNamespace, schema, 0, 'n'];
  }
  for (const { oid, schema } of catalog.freeStanding('collation')) yield [pgCollation, oid, 0, pgNamespace, schema, 0, 'n'];
  for (const publication of catalog.freeStanding('publication')) {
    for (const { oid, table } of publication.tables) {
      yield [pgPublicationRel, oid, 0, pgPublication, publication.oid, 0, 'a'];
      yield [pgPublicationRel, oid, 0, pgClass, table, 0, 'a'];
    }
    for (const { oid, schema } of publication.schemas) {
      yield [pgPublicationNamespace, oid, 0, pgPublication, publication.oid, 0, 'a'];
      yield [pgPublicationNamespace, oid, 0, pgNamespace, schema, 0, 'a'];
    }
  }
}
