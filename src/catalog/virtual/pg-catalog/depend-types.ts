import { FIRST_USER_OID } from '../../../commons/ids.js';
import type { Row } from '../../../types/value.js';
import type { CompositeDescriptor, TableDescriptor, TypeDescriptor } from '../../descriptors.js';
import { numberedConstructors } from '../../range-constructors.js';
import { CatalogOid } from '../class-oids.js';
import type { VirtualScan } from '../scan.js';

/** pg_depend's rows of users' types and routines. */

const row = (classOid: number, oid: number, column: number, to: readonly [number, number], type: 'n' | 'a' | 'i'): Row => [
  classOid,
  oid,
  column,
  ...to,
  0,
  type,
];

export function* columnTypeDependencies(relation: TableDescriptor | CompositeDescriptor): Iterable<Row> {
  for (const { number, type, dropped } of relation.columns)
    if (type >= FIRST_USER_OID && dropped !== true) yield row(CatalogOid.pgClass, relation.oid, number, [CatalogOid.pgType, type], 'n');
}

/** Is asked for what depends, or what is depended on, of another kind? */
function isOther(scan: VirtualScan, classOid: number, referenced: readonly number[]): boolean {
  const wanted = scan.number('classid');
  const wantedReference = scan.number('refclassid');
  return (wanted !== undefined && wanted !== classOid) || (wantedReference !== undefined && !referenced.includes(wantedReference));
}

export function* typeDependencies(scan: VirtualScan): Iterable<Row> {
  const wanted = scan.number('classid');
  if (wanted === CatalogOid.pgConstraint || !isOther(scan, CatalogOid.pgType, [CatalogOid.pgType, CatalogOid.pgNamespace]))
    for (const type of scan.catalog.types()) yield* dependenciesOf(type);
}

function* dependenciesOf(type: TypeDescriptor): Iterable<Row> {
  const { pgType, pgNamespace, pgConstraint } = CatalogOid;
  yield row(pgType, type.oid, 0, [pgNamespace, type.schema], 'n');
  yield row(pgType, type.arrayType, 0, [pgType, type.oid], 'i');
  if (type.form === 'domain') {
    if (type.baseType >= FIRST_USER_OID) yield row(pgType, type.oid, 0, [pgType, type.baseType], 'n');
    for (const check of type.checks) yield row(pgConstraint, check.oid, 0, [pgType, type.oid], 'a');
  }
  if (type.form !== 'range') return;
  if (type.subtype >= FIRST_USER_OID) yield row(pgType, type.oid, 0, [pgType, type.subtype], 'n');
  yield row(pgType, type.multirangeType, 0, [pgType, type.oid], 'i');
  yield row(pgType, type.multirangeArrayType, 0, [pgType, type.multirangeType], 'i');
}

export function* routineDependencies(scan: VirtualScan): Iterable<Row> {
  yield* castDependencies(scan);
  const { pgProc, pgType, pgNamespace } = CatalogOid;
  if (isOther(scan, pgProc, [pgProc, pgType, pgNamespace])) return;
  for (const { range, proc } of numberedConstructors(scan.catalog)) {
    yield row(pgProc, proc.oid, 0, [pgNamespace, range.schema], 'n');
    yield row(pgProc, proc.oid, 0, [pgType, proc.returnType], 'i');
  }
  for (const routine of scan.catalog.routines()) {
    yield row(pgProc, routine.oid, 0, [pgNamespace, routine.schema], 'n');
    const types = new Set([routine.returnType, ...routine.parameters.map(({ type }) => type)]);
    for (const type of types) if (type >= FIRST_USER_OID) yield row(pgProc, routine.oid, 0, [pgType, type], 'n');
    for (const oid of routine.dependsOn) if (scan.catalog.routine(oid) !== undefined) yield row(pgProc, routine.oid, 0, [pgProc, oid], 'n');
  }
}

function* castDependencies(scan: VirtualScan): Iterable<Row> {
  const { pgCast, pgProc, pgType } = CatalogOid;
  if (isOther(scan, pgCast, [pgProc, pgType])) return;
  for (const { oid, source, target, routine } of scan.catalog.casts()) {
    for (const type of [source, target]) if (type >= FIRST_USER_OID) yield row(pgCast, oid, 0, [pgType, type], 'n');
    if (routine >= FIRST_USER_OID) yield row(pgCast, oid, 0, [pgProc, routine], 'n');
  }
}
