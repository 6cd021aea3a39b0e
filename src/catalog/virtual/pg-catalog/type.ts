import type { Oid } from '../../../commons/ids.js';
import { RoleOid } from '../../../commons/system-names.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { BuiltinCatalog, BuiltinType } from '../../builtin/index.js';
import type { CatalogSnapshot } from '../../catalog.js';
import { madeType, rangeRecord, typeOidNamed, typeOwner } from '../../made-types.js';
import { CatalogOid } from '../class-oids.js';
import { hasColumns, relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclValue, withChangedAcls } from '../values.js';

export const TYPE_PROVIDERS: Providers = {
  'pg_catalog.pg_type': types,
  'pg_catalog.pg_enum': enumLabels,
  'pg_catalog.pg_range': ranges,
};

function* types(scan: VirtualScan): Iterable<Row> {
  const rows = scan.builtinRows.matching(scan, builtinTypes, ['oid', 'typname', 'typrelid']);
  yield* withChangedAcls(scan.catalog, CatalogOid.pgType, rows, TYPE_ACL);
  const { catalog } = scan;
  for (const oid of madeTypes(scan)) {
    const type = madeType(catalog, oid);
    if (type !== undefined && catalog.builtin.typeByOid(oid) === undefined)
      yield typeRow({ ...type, schema: type.namespace, owner: typeOwner(catalog, oid) ?? RoleOid.postgres, acl: aclOf(catalog, oid) });
  }
}

/** Arrays and rows of tables have none of their own. */
function aclOf(catalog: CatalogSnapshot, oid: Oid): SqlValue {
  const type = catalog.typeByOid(oid) ?? catalog.relationOfRowType(oid);
  const isOwn = (type?.kind === 'type' && type.oid === oid) || (type?.kind === 'composite' && type.rowType === oid);
  return isOwn ? aclValue(catalog, type.acl) : null;
}

/** The oids of users' types that may be asked for. */
function* madeTypes(scan: VirtualScan): Iterable<Oid> {
  const { catalog } = scan;
  const oid = scan.number('oid');
  if (oid !== undefined) {
    yield oid;
    return;
  }
  const name = scan.text('typname');
  const relation = scan.number('typrelid') || undefined;
  if (name !== undefined && relation === undefined) {
    for (const schema of catalog.schemas()) {
      const found = typeOidNamed(catalog, schema.oid, name);
      if (found !== undefined) yield found;
    }
    return;
  }
  for (const found of relationsFor(catalog, { oid: relation, schema: scan.number('typnamespace') })) {
    if (!hasColumns(found)) continue;
    yield found.rowType;
    if (found.kind !== 'virtual') yield found.rowArrayType;
  }
  if (relation !== undefined) return;
  for (const type of catalog.types()) {
    yield type.oid;
    yield type.arrayType;
    if (type.form === 'range') {
      yield type.multirangeType;
      yield type.multirangeArrayType;
    }
  }
}

/** pg_enum. */
function* enumLabels(scan: VirtualScan): Iterable<Row> {
  const wanted = scan.number('enumtypid');
  for (const type of scan.catalog.types()) {
    if (type.form !== 'enum' || (wanted !== undefined && wanted !== type.oid)) continue;
    for (const { oid, order, label } of type.labels) yield [oid, type.oid, Math.fround(order), label];
  }
}

/** pg_range. */
function* ranges(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const made = [...catalog.types()].flatMap((type) => (type.form === 'range' ? [rangeRecord(type)] : []));
  for (const range of [...catalog.builtin.ranges(), ...made])
    yield [range.range, range.subtype, range.multirange, range.collation, range.opclass, range.canonical, range.subdiff];
}

type TypeColumns = Omit<BuiltinType, 'namespace' | 'isArray'> & { readonly schema: number; readonly owner: number; readonly acl: SqlValue };

/** Where a row has its privileges. */
const TYPE_ACL = 31;

function builtinTypes(builtin: BuiltinCatalog): Row[] {
  return builtin
    .types()
    .map((type) => typeRow({ ...type, schema: type.namespace, owner: builtin.ownerOf(type.oid) ?? RoleOid.postgres, acl: null }));
}

function typeRow(type: TypeColumns): Row {
  return [
    type.oid,
    type.name,
    type.schema,
    type.owner,
    type.length,
    type.byValue,
    type.kind,
    type.category,
    type.preferred,
    true, // typisdefined
    type.delimiter,
    type.relation,
    type.subscript,
    type.element,
    type.array,
    type.input,
    type.output,
    type.receive,
    type.send,
    type.modifierInput,
    type.modifierOutput,
    type.analyze,
    type.align,
    type.storage,
    type.notNull,
    type.baseType,
    type.baseTypeModifier,
    type.dimensions,
    type.collation,
    type.defaultText ?? null, // typdefaultbin
    type.defaultText ?? null,
    type.acl,
  ];
}
