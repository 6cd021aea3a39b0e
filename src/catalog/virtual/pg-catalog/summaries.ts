import type { Row } from '../../../types/value.js';
import { indexDefinition, ruleDefinition, schemaName, storedQueryOf, viewDefinition } from '../../definitions/index.js';
import { Privilege } from '../../descriptors.js';
import { Access, roleName } from '../access.js';
import { indexesFor, type RelationKindOf, relationKind, relationsFor, type Wanted } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { sequencesFor } from './sequence.js';

/** PostgreSQL's readable views over its catalogs. */
export const SUMMARY_PROVIDERS: Providers = {
  'pg_catalog.pg_tables': tables,
  'pg_catalog.pg_views': views,
  'pg_catalog.pg_rules': rules,
  'pg_catalog.pg_matviews': materializedViews,
  'pg_catalog.pg_indexes': indexes,
  'pg_catalog.pg_sequences': sequences,
};

function named(scan: VirtualScan, nameColumn: string): Wanted {
  return { schemaName: scan.text('schemaname'), name: scan.text(nameColumn) };
}

function* tables(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  for (const table of relationsFor(catalog, named(scan, 'tablename'))) {
    if (!/[rp]/.test(relationKind(table))) continue;
    const foreign = table.kind === 'table' && table.constraints.some((constraint) => constraint.kind === 'foreign key');
    yield [
      schemaName(catalog, table.schema),
      table.name,
      roleName(catalog, table.owner),
      null, // tablespace
      catalog.indexesOf(table.oid).length > 0,
      false, // hasrules
      foreign || (table.kind === 'table' && catalog.referencingTables(table.oid).length > 0),
      table.kind === 'table' && table.rowSecurity?.enabled === true,
    ];
  }
}

function* rules(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  for (const relation of relationsFor(catalog, named(scan, 'tablename'))) {
    if (relation.kind !== 'table' && relation.kind !== 'view') continue;
    for (const rule of relation.rules ?? []) {
      const definition = ruleDefinition(catalog, relation, rule, { texts: scan.cx.texts });
      yield [schemaName(catalog, relation.schema), relation.name, rule.name, definition];
    }
  }
}

function* views(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  for (const view of relationsFor(catalog, named(scan, 'viewname'))) {
    if (relationKind(view) !== 'v') continue;
    const definition = view.kind === 'view' ? viewDefinition(view, scan.cx.texts) : null;
    yield [schemaName(catalog, view.schema), view.name, roleName(catalog, view.owner), definition];
  }
}

function* materializedViews(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  for (const table of relationsFor(catalog, named(scan, 'matviewname'))) {
    const query = table.kind === 'table' ? storedQueryOf(table) : undefined;
    if (query === undefined || table.kind !== 'table') continue;
    yield [
      schemaName(catalog, table.schema),
      table.name,
      roleName(catalog, table.owner),
      null, // tablespace
      catalog.indexesOf(table.oid).length > 0,
      table.materialized?.populated === true,
      viewDefinition(query, scan.cx.texts),
    ];
  }
}

function* indexes(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  for (const index of indexesWanted(scan)) {
    const table = catalog.relationByOid(index.table);
    if (table === undefined) continue;
    yield [schemaName(catalog, table.schema), table.name, index.name, null, indexDefinition(catalog, index, { texts: scan.cx.texts })];
  }
}

function* indexesWanted(scan: VirtualScan): Iterable<RelationKindOf<'index'>> {
  const table = scan.text('tablename');
  if (table === undefined) {
    for (const relation of relationsFor(scan.catalog, named(scan, 'indexname'))) if (relation.kind === 'index') yield relation;
    return;
  }
  for (const relation of relationsFor(scan.catalog, named(scan, 'tablename'))) yield* indexesFor(scan.catalog, undefined, relation.oid);
}

function* sequences(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  for (const sequence of sequencesFor(scan, named(scan, 'sequencename')))
    yield [
      schemaName(catalog, sequence.schema),
      sequence.name,
      roleName(catalog, sequence.owner),
      sequence.type,
      sequence.start,
      sequence.min,
      sequence.max,
      sequence.increment,
      sequence.cycle,
      sequence.cache,
      access.may(sequence, Privilege.select | Privilege.usage) ? scan.cx.sequenceLastValue(sequence.oid) : null,
    ];
}
