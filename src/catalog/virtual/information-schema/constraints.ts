import type { Row } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import { actionText, columnName, constraintDefinition, schemaName } from '../../definitions/index.js';
import type { Constraint, ForeignKeyConstraint, TableDescriptor } from '../../descriptors.js';
import { Access, CHANGING_PRIVILEGE, COLUMN_PRIVILEGE } from '../access.js';
import { hasColumns, relationKind, relationsFor, tablesFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { yesNo } from '../values.js';
import { constrainedTables, notNullName, visibleRelations } from './relations.js';

export const CONSTRAINT_PROVIDERS: Providers = {
  'information_schema.table_constraints': tableConstraints,
  'information_schema.key_column_usage': keyColumns,
  'information_schema.constraint_column_usage': constraintColumns,
  'information_schema.constraint_table_usage': constraintTables,
  'information_schema.referential_constraints': referentialConstraints,
  'information_schema.check_constraints': checkConstraints,
};

const isTableKind = (kind: string): boolean => kind === 'r' || kind === 'p';

function* tableConstraints(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const access = new Access(scan);
  for (const { relation, schema } of visibleRelations(scan, access, CHANGING_PRIVILEGE)) {
    if (!isTableKind(relationKind(relation))) continue;
    if (relation.kind === 'table')
      for (const constraint of relation.constraints)
        yield [
          database,
          schema,
          constraint.name,
          database,
          schema,
          relation.name,
          constraint.kind.toUpperCase(),
          yesNo(constraint.kind !== 'check' && constraint.deferrable === true),
          yesNo(constraint.kind !== 'check' && constraint.initiallyDeferred === true),
          'YES', // enforced
          constraint.kind === 'unique' ? yesNo(!nullsNotDistinct(catalog, constraint.index)) : null,
        ];
    for (const column of relation.columns)
      if (column.notNull && column.dropped !== true) {
        const name = notNullName(relation, column.number);
        yield [database, schema, name, database, schema, relation.name, 'CHECK', 'NO', 'NO', 'YES', null];
      }
  }
}

function nullsNotDistinct(catalog: CatalogSnapshot, index: number): boolean {
  const found = catalog.relationByOid(index);
  return found?.kind === 'index' && found.nullsNotDistinct === true;
}

/** Columns of keys and foreign keys, with their places. */
function* keyColumns(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const access = new Access(scan);
  for (const { relation, schema } of visibleRelations(scan, access, COLUMN_PRIVILEGE)) {
    if (relation.kind !== 'table') continue;
    for (const constraint of relation.constraints) {
      if (constraint.kind === 'check') continue;
      for (const [i, number] of constraint.columns.entries())
        yield [
          database,
          schema,
          constraint.name,
          database,
          schema,
          relation.name,
          columnName(relation, number),
          i + 1,
          constraint.kind === 'foreign key' ? positionInKey(catalog, constraint, i) : null,
        ];
    }
  }
}

/** Where the referenced column stands in the unique index that the foreign key leans on. */
function positionInKey(catalog: CatalogSnapshot, key: ForeignKeyConstraint, i: number): number | null {
  const index = catalog.relationByOid(key.referencedIndex);
  if (index?.kind !== 'index') return null;
  const position = index.columns.findIndex((column) => column.column === key.referencedColumns[i]);
  return position < 0 ? null : position + 1;
}

/** The columns that a constraint speaks of: of a foreign key, the referenced ones. For the owners of their tables. */
function* constraintColumns(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const access = new Access(scan);
  for (const { table, constraint } of constraintsWanted(scan)) {
    const foreign = constraint.kind === 'foreign key' ? constraint : undefined;
    const target = foreign === undefined ? table : catalog.relationByOid(foreign.referencedTable);
    if (target === undefined || !hasColumns(target) || !access.hasRole(target.owner)) continue;
    const schema = schemaName(catalog, target.schema);
    for (const number of foreign?.referencedColumns ?? constraint.columns)
      yield [database, schema, target.name, columnName(target, number), database, schemaName(catalog, table.schema), constraint.name];
  }
}

function* constraintTables(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const access = new Access(scan);
  for (const { table, constraint } of constraintsWanted(scan)) {
    if (constraint.kind === 'check') continue;
    const target = constraint.kind === 'foreign key' ? catalog.relationByOid(constraint.referencedTable) : table;
    if (target === undefined || !access.hasRole(target.owner)) continue;
    yield [database, schemaName(catalog, target.schema), target.name, database, schemaName(catalog, table.schema), constraint.name];
  }
}

/** Constraints of the tables asked for, and of those that reference them. */
function* constraintsWanted(scan: VirtualScan): Iterable<{ readonly table: TableDescriptor; readonly constraint: Constraint }> {
  const { catalog } = scan;
  const name = scan.text('table_name');
  const constraintName = scan.text('constraint_name');
  if (constraintName !== undefined) {
    for (const table of catalog.tablesWithConstraint(constraintName))
      for (const constraint of table.constraints) if (constraint.name === constraintName) yield { table, constraint };
    return;
  }
  const tables = new Set<TableDescriptor>();
  for (const table of tablesFor(catalog, { schemaName: scan.text('table_schema'), name })) {
    tables.add(table);
    if (name !== undefined) for (const other of catalog.referencingTables(table.oid)) tables.add(other);
  }
  // Without a name all tables of a schema are here, but those that reference them may be elsewhere.
  if (name === undefined && scan.text('table_schema') !== undefined) for (const table of tablesFor(catalog, {})) tables.add(table);
  for (const table of tables) for (const constraint of table.constraints) yield { table, constraint };
}

function* referentialConstraints(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  for (const { relation, schema } of constrainedTables(scan, new Access(scan)))
    for (const constraint of relation.constraints) {
      if (constraint.kind !== 'foreign key') continue;
      const target = catalog.relationByOid(constraint.referencedTable);
      const unique = target?.kind === 'table' ? keyOfIndex(target, constraint.referencedIndex) : undefined;
      yield [
        database,
        schema,
        constraint.name,
        unique === undefined ? null : database,
        unique === undefined || target === undefined ? null : schemaName(catalog, target.schema),
        unique?.name ?? null,
        constraint.match === 'full' ? 'FULL' : 'NONE',
        actionText(constraint.onUpdate),
        actionText(constraint.onDelete),
      ];
    }
}

function keyOfIndex(table: TableDescriptor, index: number): Constraint | undefined {
  return table.constraints.find((c) => (c.kind === 'primary key' || c.kind === 'unique') && c.index === index);
}

/** CHECK constraints and, as PostgreSQL 15 tells them, NOT NULLs; for their tables' owners. */
function* checkConstraints(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const database = scan.cx.databaseName;
  const access = new Access(scan);
  for (const relation of relationsFor(catalog, { schemaName: scan.text('constraint_schema') })) {
    if (!hasColumns(relation) || !isTableKind(relationKind(relation)) || !access.hasRole(relation.owner)) continue;
    const schema = schemaName(catalog, relation.schema);
    if (relation.kind === 'table')
      for (const constraint of relation.constraints)
        if (constraint.kind === 'check')
          yield [
            database,
            schema,
            constraint.name,
            constraintDefinition(catalog, relation, constraint, { texts: scan.cx.texts }).slice('CHECK '.length),
          ];
    for (const column of relation.columns)
      if (column.notNull && column.dropped !== true)
        yield [database, schema, notNullName(relation, column.number), `${column.name} IS NOT NULL`];
  }
}
