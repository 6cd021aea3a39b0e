import { SchemaOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type {
  CompositeDescriptor,
  Constraint,
  IndexDescriptor,
  RelationDescriptor,
  SequenceDescriptor,
  TableDescriptor,
  ViewDescriptor,
} from '../../descriptors.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';
import { defaultOf, defaultOid } from './attrdef.js';
import { columnTypeDependencies, routineDependencies, typeDependencies } from './depend-types.js';
import { extensionDependencies } from './extension.js';
import { freeStandingDependencies } from './free-standing.js';

export const DEPEND_PROVIDERS: Providers = { 'pg_catalog.pg_depend': dependencies };

/**
 * What PostgreSQL records of dependencies between relations, columns, constraints, defaults, rules, row types and schemas. A view's rule
 * depends on whole relations, since descriptors don't tell which columns a view reads; nor do they for expressions in indexes.
 */
function* dependencies(scan: VirtualScan): Iterable<Row> {
  for (const relation of relationsConcerned(scan)) yield* dependenciesOf(scan.catalog, relation);
  yield* extensionDependencies(scan);
  yield* typeDependencies(scan);
  yield* routineDependencies(scan);
  yield* serverMembers(scan);
  yield* freeStandingDependencies(scan.catalog);
}

/** The one extension that every PostgreSQL has. */
const PLPGSQL = 13559;
const OWN_SCHEMAS: ReadonlySet<number> = new Set([SchemaOid.system, SchemaOid.kalamdb]);

/** The server's own schemas and what is in them are shown as members of an extension: pg_dump leaves those alone. */
function* serverMembers(scan: VirtualScan): Iterable<Row> {
  const referenced = scan.number('refclassid');
  if (referenced !== undefined && referenced !== CatalogOid.pgExtension) return;
  const { catalog } = scan;
  const member = (classOid: number, oid: number): Row => [classOid, oid, 0, CatalogOid.pgExtension, PLPGSQL, 0, 'e'];
  for (const schema of OWN_SCHEMAS) yield member(CatalogOid.pgNamespace, schema);
  for (const { oid, name } of catalog.builtin.languages()) if (name === 'plpgsql') yield member(CatalogOid.pgLanguage, oid);
  for (const proc of catalog.builtin.procs()) if (proc.name.startsWith('plpgsql_')) yield member(CatalogOid.pgProc, proc.oid);
  for (const relation of catalog.relations()) if (OWN_SCHEMAS.has(relation.schema)) yield member(CatalogOid.pgClass, relation.oid);
  for (const proc of catalog.builtin.procs()) if (OWN_SCHEMAS.has(proc.namespace)) yield member(CatalogOid.pgProc, proc.oid);
}

/** By the depending relation, by the one depended on, or all of the users' relations: the system's own never show (PostgreSQL pins them). */
function* relationsConcerned(scan: VirtualScan): Iterable<RelationDescriptor> {
  const { catalog } = scan;
  const object = scan.number('classid') === CatalogOid.pgClass ? scan.number('objid') : undefined;
  if (object !== undefined) {
    const relation = catalog.relationByOid(object);
    if (relation !== undefined) yield relation;
    return;
  }
  const referenced = scan.number('refclassid') === CatalogOid.pgClass ? scan.number('refobjid') : undefined;
  if (referenced === undefined) {
    yield* catalog.relations();
    return;
  }
  const relation = catalog.relationByOid(referenced);
  if (relation === undefined) return;
  // Anything may lean on an index or a sequence: constraints and defaults of other tables.
  if (relation.kind === 'index' || relation.kind === 'sequence') yield* catalog.relations();
  else yield* dependentRelations(catalog, relation);
}

/** The relation itself and all that may depend on it: its indexes and sequences, tables that reference it, views that read it. */
function* dependentRelations(catalog: CatalogSnapshot, relation: RelationDescriptor): Iterable<RelationDescriptor> {
  const oids = new Set<number>([relation.oid]);
  if (relation.kind === 'table') {
    for (const index of catalog.indexesOf(relation.oid)) oids.add(index.oid);
    for (const table of catalog.referencingTables(relation.oid)) oids.add(table.oid);
    for (const child of catalog.childrenOf(relation.oid)) oids.add(child.oid);
    for (const other of catalog.relations()) if (other.kind === 'sequence' && other.ownedBy?.table === relation.oid) oids.add(other.oid);
  }
  for (const view of catalog.dependentViews(relation.oid)) oids.add(view);
  for (const oid of oids) {
    const dependent = catalog.relationByOid(oid);
    if (dependent !== undefined) yield dependent;
  }
}

type Reference = readonly [catalog: number, object: number, column: number];
const onRelation = (oid: number, column = 0): Reference => [CatalogOid.pgClass, oid, column];

/** n normal, a automatic, i internal; of a partition's part of something: P on that, S on the partition. */
function depend(from: Reference, to: Reference, type: 'n' | 'a' | 'i' | 'P' | 'S'): Row {
  return [...from, ...to, type];
}

function* dependenciesOf(catalog: CatalogSnapshot, relation: RelationDescriptor): Iterable<Row> {
  switch (relation.kind) {
    case 'virtual':
      return;
    case 'table':
      yield* schemaDependency(relation);
      yield* rowTypeDependencies(relation);
      yield* defaultDependencies(catalog, relation);
      yield* columnTypeDependencies(relation);
      for (const parent of relation.parents ?? [])
        yield depend(onRelation(relation.oid), onRelation(parent), relation.partitionBound === undefined ? 'n' : 'a');
      if (relation.materialized !== undefined) yield* ruleDependencies(catalog, relation.oid, relation.materialized);
      for (const parent of relation.parents ?? [])
        yield depend(onRelation(relation.oid), onRelation(parent), relation.partitionBound === undefined ? 'n' : 'a');
      for (const constraint of relation.constraints) yield* constraintDependencies(relation, constraint);
      return;
    case 'view':
      yield* schemaDependency(relation);
      yield* rowTypeDependencies(relation);
      yield* ruleDependencies(catalog, relation.oid, relation);
      return;
    case 'composite':
      yield* schemaDependency(relation);
      yield* rowTypeDependencies(relation);
      yield* columnTypeDependencies(relation);
      return;
    case 'sequence':
      yield* schemaDependency(relation);
      yield* ownedSequenceDependencies(relation);
      return;
    case 'index':
      yield* indexDependencies(relation);
      return;
  }
}

function* schemaDependency(relation: RelationDescriptor): Iterable<Row> {
  // PostgreSQL pins public no more than any other schema, but pg_catalog.
  if (relation.schema !== SchemaOid.pgCatalog) yield depend(onRelation(relation.oid), [CatalogOid.pgNamespace, relation.schema, 0], 'n');
}

function* rowTypeDependencies(relation: TableDescriptor | ViewDescriptor | CompositeDescriptor): Iterable<Row> {
  yield depend([CatalogOid.pgType, relation.rowType, 0], onRelation(relation.oid), 'i');
  yield depend([CatalogOid.pgType, relation.rowArrayType, 0], [CatalogOid.pgType, relation.rowType, 0], 'i');
}

function* defaultDependencies(catalog: CatalogSnapshot, table: TableDescriptor): Iterable<Row> {
  for (const column of table.columns) {
    if (defaultOf(column) === undefined) continue;
    const from: Reference = [CatalogOid.pgAttrdef, defaultOid(table.oid, column.number), 0];
    yield depend(from, onRelation(table.oid, column.number), column.generatedText === undefined ? 'a' : 'i');
    const sequence = column.ownedSequence ?? sequenceOfDefault(catalog, table, column.defaultText);
    if (sequence !== undefined) yield depend(from, onRelation(sequence), 'n');
  }
}

/** The sequence of a default that is nextval('name'::regclass). */
function sequenceOfDefault(catalog: CatalogSnapshot, table: TableDescriptor, text: string | undefined): number | undefined {
  const name = text === undefined ? null : /^nextval\('(?:"?([^".']+)"?\.)?"?([^".']+)"?'/.exec(text);
  if (name?.[2] === undefined) return undefined;
  const schema = name[1] === undefined ? table.schema : catalog.schema(name[1])?.oid;
  const sequence = schema === undefined ? undefined : catalog.relation(schema, name[2]);
  return sequence?.kind === 'sequence' ? sequence.oid : undefined;
}

function* constraintDependencies(table: TableDescriptor, constraint: Constraint): Iterable<Row> {
  const from: Reference = [CatalogOid.pgConstraint, constraint.oid, 0];
  for (const column of constraint.columns) yield depend(from, onRelation(table.oid, column), 'a');
  if (constraint.kind === 'check') for (const column of constraint.columns) yield depend(from, onRelation(table.oid, column), 'n');
  if (constraint.kind === 'check' && constraint.columns.length === 0) yield depend(from, onRelation(table.oid), 'a');
  if (constraint.kind !== 'check' && constraint.parent !== undefined) {
    yield depend(from, [CatalogOid.pgConstraint, constraint.parent, 0], 'P');
    yield depend(from, onRelation(table.oid), 'S');
  }
  if (constraint.kind !== 'foreign key') return;
  for (const column of constraint.referencedColumns) yield depend(from, onRelation(constraint.referencedTable, column), 'n');
  yield depend(from, onRelation(constraint.referencedIndex), 'n');
}

function* ruleDependencies(
  catalog: CatalogSnapshot,
  view: number,
  query: { readonly dependsOn: readonly number[]; readonly uses?: readonly number[] },
): Iterable<Row> {
  const from: Reference = [CatalogOid.pgRewrite, view, 0];
  yield depend(from, onRelation(view), 'i');
  yield depend(from, onRelation(view), 'n');
  for (const relation of query.dependsOn) yield depend(from, onRelation(relation), 'n');
  for (const oid of query.uses ?? []) yield depend(from, [classOf(catalog, oid), oid, 0], 'n');
}

function classOf(catalog: CatalogSnapshot, oid: number): number {
  if (catalog.routine(oid) !== undefined) return CatalogOid.pgProc;
  return catalog.typeByOid(oid) !== undefined || catalog.relationOfRowType(oid) !== undefined ? CatalogOid.pgType : CatalogOid.pgConstraint;
}

function* ownedSequenceDependencies(sequence: SequenceDescriptor): Iterable<Row> {
  const owner = sequence.ownedBy;
  if (owner !== undefined)
    yield depend(onRelation(sequence.oid), onRelation(owner.table, owner.column), sequence.identity === true ? 'i' : 'a');
}

function* indexDependencies(index: IndexDescriptor): Iterable<Row> {
  if (index.parentIndex !== undefined) {
    yield depend(onRelation(index.oid), onRelation(index.parentIndex), 'P');
    yield depend(onRelation(index.oid), onRelation(index.table), 'S');
  }
  if (index.constraint !== undefined) {
    yield depend(onRelation(index.oid), [CatalogOid.pgConstraint, index.constraint, 0], 'i');
    return;
  }
  const columns = new Set([...index.columns.map((column) => column.column), ...(index.including ?? [])]);
  for (const column of columns) if (column !== 0) yield depend(onRelation(index.oid), onRelation(index.table, column), 'a');
  // Only expressions: the whole table.
  if (index.columns.every((column) => column.column === 0)) yield depend(onRelation(index.oid), onRelation(index.table), 'a');
}
