import type { Row } from '../../../types/value.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { RelationDescriptor } from '../../descriptors.js';
import type { CatalogObject } from '../../layer.js';
import { CatalogOid } from '../class-oids.js';
import type { Providers, VirtualScan } from '../scan.js';

/** COMMENT ON …, and what PostgreSQL says of its own objects. */
export const DESCRIPTION_PROVIDERS: Providers = {
  'pg_catalog.pg_description': descriptions,
  'pg_catalog.pg_shdescription': sharedDescriptions,
};

function* descriptions(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const object = scan.number('objoid');
  const catalogOid = scan.number('classoid');
  if (catalogOid === undefined || catalogOid === CatalogOid.pgClass) {
    if (object === undefined) for (const relation of catalog.relations()) yield* relationDescriptions(relation);
    else {
      const relation = catalog.relationByOid(object);
      if (relation !== undefined) yield* relationDescriptions(relation);
    }
  }
  // What is part of a table, a view or a domain: all that is asked of the one.
  const owner = object === undefined ? undefined : catalog.ownerOfPart(object);
  const owners = object === undefined ? [...ownersOfParts(catalog)] : owner === undefined ? [] : [owner];
  if (catalogOid === undefined || catalogOid === CatalogOid.pgConstraint) yield* constraintDescriptions(owners);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgTrigger || catalogOid === CatalogOid.pgRewrite)
    yield* triggerDescriptions(owners);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgPolicy) yield* policyDescriptions(owners);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgTsConfig || catalogOid === CatalogOid.pgTsDict)
    yield* textSearchDescriptions(catalog);
  yield* freeStandingDescriptions(catalog);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgType) yield* typeDescriptions(catalog, object);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgNamespace) yield* schemaDescriptions(catalog, object);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgProc) yield* routineDescriptions(catalog, object);
  if (catalogOid === undefined || catalogOid === CatalogOid.pgExtension || catalogOid === CatalogOid.pgLanguage)
    yield* extensionDescriptions(catalog);
  yield* scan.builtinRows.matching(scan, (builtin) => builtin.descriptions().map((own) => [own.object, own.catalog, 0, own.text]), [
    'objoid',
  ]);
}

function* relationDescriptions(relation: RelationDescriptor): Iterable<Row> {
  if (relation.comment !== undefined) yield [relation.oid, CatalogOid.pgClass, 0, relation.comment];
  if (relation.kind !== 'table' && relation.kind !== 'view' && relation.kind !== 'composite') return;
  for (const column of relation.columns)
    if (column.comment !== undefined && column.dropped !== true) yield [relation.oid, CatalogOid.pgClass, column.number, column.comment];
}

function* ownersOfParts(catalog: CatalogSnapshot): Iterable<CatalogObject> {
  for (const type of catalog.types()) if (type.form === 'domain') yield type;
  yield* catalog.relations();
}

function* triggerDescriptions(owners: Iterable<CatalogObject>): Iterable<Row> {
  for (const relation of owners) {
    if (relation.kind !== 'table' && relation.kind !== 'view') continue;
    for (const { oid, comment } of relation.triggers ?? []) if (comment !== undefined) yield [oid, CatalogOid.pgTrigger, 0, comment];
    for (const { oid, comment } of relation.rules ?? []) if (comment !== undefined) yield [oid, CatalogOid.pgRewrite, 0, comment];
  }
}

function* policyDescriptions(owners: Iterable<CatalogObject>): Iterable<Row> {
  for (const relation of owners) {
    if (relation.kind !== 'table') continue;
    for (const { oid, comment } of relation.policies ?? []) if (comment !== undefined) yield [oid, CatalogOid.pgPolicy, 0, comment];
  }
}

function* textSearchDescriptions(catalog: CatalogSnapshot): Iterable<Row> {
  for (const { oid, comment } of catalog.textSearchConfigurations())
    if (comment !== undefined) yield [oid, CatalogOid.pgTsConfig, 0, comment];
  for (const { oid, comment } of catalog.textSearchDictionaries()) if (comment !== undefined) yield [oid, CatalogOid.pgTsDict, 0, comment];
}

function* freeStandingDescriptions(catalog: CatalogSnapshot): Iterable<Row> {
  const { pgStatisticExt, pgCollation, pgPublication, pgLargeobject } = CatalogOid;
  for (const { oid, comment } of catalog.freeStanding('large object')) if (comment !== undefined) yield [oid, pgLargeobject, 0, comment];
  for (const { oid, comment } of catalog.freeStanding('extended statistics'))
    if (comment !== undefined) yield [oid, pgStatisticExt, 0, comment];
  for (const { oid, comment } of catalog.freeStanding('collation')) if (comment !== undefined) yield [oid, pgCollation, 0, comment];
  for (const { oid, comment } of catalog.freeStanding('publication')) if (comment !== undefined) yield [oid, pgPublication, 0, comment];
}

/** The one with the number that is asked for, or all. */
function either<T>(wanted: number | undefined, one: (oid: number) => T | undefined, all: () => Iterable<T>): Iterable<T> {
  if (wanted === undefined) return all();
  const found = one(wanted);
  return found === undefined ? [] : [found];
}

function* typeDescriptions(catalog: CatalogSnapshot, wanted: number | undefined): Iterable<Row> {
  const types = either(
    wanted,
    (oid) => catalog.typeByOid(oid),
    () => catalog.types(),
  );
  for (const type of types) if (type.comment !== undefined) yield [type.oid, CatalogOid.pgType, 0, type.comment];
  const relations = either<RelationDescriptor>(
    wanted,
    (oid) => catalog.relationOfRowType(oid),
    () => catalog.relations(),
  );
  for (const relation of relations)
    if (relation.kind === 'composite' && relation.comment !== undefined) yield [relation.rowType, CatalogOid.pgType, 0, relation.comment];
}

function* constraintDescriptions(owners: Iterable<CatalogObject>): Iterable<Row> {
  for (const owner of owners) {
    const constraints = owner.kind === 'table' ? owner.constraints : owner.kind === 'type' && owner.form === 'domain' ? owner.checks : [];
    for (const { oid, comment } of constraints) if (comment !== undefined) yield [oid, CatalogOid.pgConstraint, 0, comment];
  }
}

function* schemaDescriptions(catalog: CatalogSnapshot, wanted: number | undefined): Iterable<Row> {
  const schemas = either(
    wanted,
    (oid) => catalog.schemaByOid(oid),
    () => catalog.schemas(),
  );
  for (const schema of schemas) if (schema.comment !== undefined) yield [schema.oid, CatalogOid.pgNamespace, 0, schema.comment];
}

function* routineDescriptions(catalog: CatalogSnapshot, wanted: number | undefined): Iterable<Row> {
  const routines = either(
    wanted,
    (oid) => catalog.routine(oid),
    () => catalog.routines(),
  );
  for (const { oid, comment } of routines) if (comment !== undefined) yield [oid, CatalogOid.pgProc, 0, comment];
  const operators = either(
    wanted,
    (oid) => catalog.operator(oid),
    () => catalog.operators(),
  );
  for (const { oid, comment } of operators) if (comment !== undefined) yield [oid, CatalogOid.pgOperator, 0, comment];
  for (const { oid, comment } of catalog.casts()) if (comment !== undefined) yield [oid, CatalogOid.pgCast, 0, comment];
}

function* extensionDescriptions(catalog: CatalogSnapshot): Iterable<Row> {
  for (const { oid, name, comment } of catalog.extensions()) {
    if (comment === undefined) continue;
    yield [oid, CatalogOid.pgExtension, 0, comment];
    // Its language has the same.
    const language = catalog.builtin.languages().find((candidate) => candidate.name === name);
    if (language !== undefined) yield [language.oid, CatalogOid.pgLanguage, 0, comment];
  }
}

function* sharedDescriptions(scan: VirtualScan): Iterable<Row> {
  for (const role of scan.catalog.roles()) if (role.comment !== undefined) yield [role.oid, CatalogOid.pgAuthid, role.comment];
  for (const database of scan.catalog.databases())
    if (database.comment !== undefined) yield [database.oid, CatalogOid.pgDatabase, database.comment];
}
