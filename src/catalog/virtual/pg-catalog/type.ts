import { RoleOid } from '../../../commons/system-names.js';
import type { Row } from '../../../types/value.js';
import type { BuiltinCatalog, BuiltinType } from '../../builtin/index.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { RelationDescriptor } from '../../descriptors.js';
import { type ColumnRelation, hasColumns, relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { arrayTypeName } from '../type-facts.js';

export const TYPE_PROVIDERS: Providers = { 'pg_catalog.pg_type': types };

function* types(scan: VirtualScan): Iterable<Row> {
  yield* scan.builtinRows.matching(scan, builtinTypes, ['oid', 'typname', 'typrelid']);
  for (const relation of relationsOfTypes(scan)) if (hasColumns(relation)) yield* rowTypes(scan.catalog, relation);
}

/** The relations whose row types may be asked for. */
function* relationsOfTypes(scan: VirtualScan): Iterable<RelationDescriptor> {
  const { catalog } = scan;
  const oid = scan.number('oid');
  if (oid !== undefined) {
    const relation = catalog.relationOfRowType(oid);
    if (relation !== undefined) yield relation;
    return;
  }
  const name = scan.text('typname');
  yield* relationsFor(catalog, { oid: scan.number('typrelid') || undefined, name, schema: scan.number('typnamespace') });
  if (name?.startsWith('_') === true) yield* relationsFor(catalog, { name: name.slice(1), schema: scan.number('typnamespace') });
}

/** A relation's row type and the array over it. */
function* rowTypes(catalog: CatalogSnapshot, relation: ColumnRelation): Iterable<Row> {
  if (catalog.builtin.typeByOid(relation.rowType) !== undefined) return;
  const arrayType = relation.kind === 'virtual' ? 0 : relation.rowArrayType;
  const row = ROW_TYPE.slice();
  identify(row, relation.rowType, relation.name, relation);
  row[Position.relation] = relation.oid;
  row[Position.array] = arrayType;
  yield row;
  if (arrayType === 0) return;
  const array = ROW_ARRAY.slice();
  identify(array, arrayType, arrayTypeName(relation.name), relation);
  array[Position.element] = relation.rowType;
  yield array;
}

function identify(row: Row, oid: number, name: string, relation: ColumnRelation): void {
  row[Position.oid] = oid;
  row[Position.name] = name;
  row[Position.schema] = relation.schema;
  row[Position.owner] = relation.owner;
}

/** Positions of what differs from one row type to the next. */
const Position = { oid: 0, name: 1, schema: 2, owner: 3, relation: 11, element: 13, array: 14 } as const;

type TypeColumns = Omit<BuiltinType, 'namespace' | 'isArray'> & { readonly schema: number; readonly owner: number };

const COMMON = {
  oid: 0,
  name: '',
  schema: 0,
  owner: 0,
  length: -1,
  byValue: false,
  preferred: false,
  delimiter: ',',
  relation: 0,
  element: 0,
  array: 0,
  modifierInput: 0,
  modifierOutput: 0,
  align: 'd',
  storage: 'x',
  notNull: false,
  baseType: 0,
  baseTypeModifier: -1,
  dimensions: 0,
  defaultText: undefined,
  collation: 0,
} as const;

/** What all row types have: record_in, record_out, record_recv, record_send. */
const ROW_TYPE: Readonly<Row> = typeRow({
  ...COMMON,
  kind: 'c',
  category: 'C',
  input: 2290,
  output: 2291,
  receive: 2402,
  send: 2403,
  subscript: 0,
  analyze: 0,
});
/** And arrays of them: array_in, array_out, array_recv, array_send, array_subscript_handler, array_typanalyze. */
const ROW_ARRAY: Readonly<Row> = typeRow({
  ...COMMON,
  kind: 'b',
  category: 'A',
  input: 750,
  output: 751,
  receive: 2400,
  send: 2401,
  subscript: 6179,
  analyze: 3816,
});

function builtinTypes(builtin: BuiltinCatalog): Row[] {
  return builtin.types().map((type) => typeRow({ ...type, schema: type.namespace, owner: RoleOid.postgres }));
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
    null, // typdefaultbin
    type.defaultText ?? null,
    null, // typacl
  ];
}
