import { TypeOid } from '../../../types/oids.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import { columnAcl } from '../../born-privileges.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { AclItem, ColumnDescriptor, IndexColumn, IndexDescriptor, RelationDescriptor } from '../../descriptors.js';
import { CatalogOid } from '../class-oids.js';
import { type ColumnRelation, relationKind, relationsFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { columnsOfSystemTable, systemIndex, toastTable } from '../system-indexes.js';
import { typeFacts } from '../type-facts.js';
import { aclFromText, aclValue, optionsValue } from '../values.js';

export const ATTRIBUTE_PROVIDERS: Providers = { 'pg_catalog.pg_attribute': attributes };

function* attributes(scan: VirtualScan): Iterable<Row> {
  const relation = scan.number('attrelid');
  const wanted = { name: scan.text('attname'), number: scan.number('attnum') };
  for (const found of relationsFor(scan.catalog, { oid: relation })) {
    // The system's own never change: they are made once.
    if (found.kind === 'virtual' && relation === undefined) continue;
    yield* found.kind === 'virtual' ? virtualAttributes(scan) : attributesOf(scan.catalog, found, wanted);
    if (scan.cx.allUsers === true && found.kind === 'table' && (found.tableType === 'user' || found.tableType === 'stream'))
      yield attributeRow(scan.catalog, found.oid, userColumn(found.columns.length + 1));
  }
  if (relation === undefined || isSystemPart(scan.catalog, relation)) yield* virtualAttributes(scan);
}

/** One of PostgreSQL's indexes of its own tables, or a toast table of theirs. */
function isSystemPart({ builtin }: CatalogSnapshot, relation: number): boolean {
  return builtin.systemIndexes().some(({ oid }) => oid === relation) || builtin.toastTables().some(({ oid }) => oid === relation);
}

/** Positions in a row. */
const RELATION = 0;
const NUMBER = 5;
const DIMENSIONS = 6;
const ACL = 22;

/** PostgreSQL's own relations tell their dimensions, which descriptors don't. */
function virtualAttributes(scan: VirtualScan): readonly Row[] {
  const { catalog } = scan;
  const make = () => {
    const rows: Row[] = [];
    for (const relation of catalog.relations()) if (relation.kind === 'virtual') rows.push(...attributesOf(catalog, relation));
    for (const table of catalog.builtin.toastTables()) rows.push(...attributesOf(catalog, toastTable(table)));
    for (const index of catalog.builtin.systemIndexes())
      rows.push(...indexAttributes(catalog, systemIndex(catalog, index), columnsOfSystemTable(catalog, index.table)));
    const known = new Map(catalog.builtin.systemRelations().map((relation) => [relation.oid, relation]));
    for (const row of rows) {
      const builtin = known.get(Number(row[RELATION]))?.columns[Number(row[NUMBER]) - 1];
      if (builtin !== undefined) row[DIMENSIONS] = builtin.dimensions;
      if (builtin?.acl !== undefined) row[ACL] = aclFromText(builtin.acl);
    }
    return rows;
  };
  const rows = scan.builtinRows.matching(scan, make, ['attrelid', 'attname']);
  return catalog.hasObjectPrivileges ? rows.map((row) => withColumnAcl(catalog, row)) : rows;
}

/** Of the system's own, what has been granted on columns since. */
function withColumnAcl(catalog: CatalogSnapshot, row: Row): Row {
  const acl = catalog.objectPrivileges(CatalogOid.pgClass, Number(row[RELATION]))?.columns?.[Number(row[NUMBER])];
  return acl === undefined ? row : [...row.slice(0, ACL), aclValue(catalog, acl), ...row.slice(ACL + 1)];
}

/** A column asked for by its name or number: the others' rows need not be made. */
interface WantedColumn {
  readonly name?: string | undefined;
  readonly number?: number | undefined;
}

function isWanted({ name, number }: WantedColumn, column: { readonly name: string; readonly number: number }): boolean {
  return (name === undefined || column.name === name) && (number === undefined || column.number === number);
}

function* attributesOf(catalog: CatalogSnapshot, relation: RelationDescriptor, wanted: WantedColumn = {}): Iterable<Row> {
  switch (relation.kind) {
    case 'table':
      for (const column of SYSTEM_COLUMNS)
        if (isWanted(wanted, column)) yield attributeRow(catalog, relation.oid, withOwnAcl(catalog, relation, column));
      yield* columnAttributes(catalog, relation, wanted);
      return;
    case 'view':
    case 'virtual':
    case 'composite':
      if (relationKind(relation) === 'r')
        for (const column of SYSTEM_COLUMNS)
          if (isWanted(wanted, column)) yield attributeRow(catalog, relation.oid, withOwnAcl(catalog, relation, column));
      yield* columnAttributes(catalog, relation, wanted);
      return;
    case 'sequence':
      for (const column of SEQUENCE_ATTRIBUTES)
        if (isWanted(wanted, column)) yield attributeRow(catalog, relation.oid, withOwnAcl(catalog, relation, column));
      return;
    case 'index':
      yield* indexAttributes(catalog, relation, tableColumns(catalog, relation.table));
      return;
  }
}

function* columnAttributes(catalog: CatalogSnapshot, relation: ColumnRelation, wanted: WantedColumn): Iterable<Row> {
  for (const column of relation.columns) {
    if (column.dropped === true) yield attributeRow(catalog, relation.oid, droppedAttribute(column));
    else if (isWanted(wanted, column)) yield attributeRow(catalog, relation.oid, { ...column, hasDefault: hasDefault(column) });
  }
}

interface Attribute {
  readonly number: number;
  readonly name: string;
  readonly type: number;
  readonly typmod: number;
  readonly notNull: boolean;
  readonly collation?: number;
  readonly hasDefault?: boolean;
  readonly missing?: SqlValue;
  readonly storage?: string;
  readonly compression?: string;
  readonly statistics?: number;
  readonly attributeOptions?: Readonly<Record<string, string>>;
  readonly identity?: { readonly always: boolean };
  readonly generatedText?: string;
  readonly dropped?: true;
  readonly inherited?: number;
  readonly notLocal?: true;
  readonly acl?: readonly AclItem[];
}

function hasDefault(column: ColumnDescriptor): boolean {
  return column.defaultText !== undefined || column.generatedText !== undefined;
}

/** What DROP COLUMN leaves: the type's measures, under a name that nobody writes. */
function droppedAttribute({ number, type, typmod, collation }: ColumnDescriptor): Attribute {
  const name = `........pg.dropped.${number}........`;
  return { number, name, type, typmod, notNull: false, dropped: true, ...(collation === undefined ? {} : { collation }) };
}

function system(number: number, name: string, type: number): Attribute {
  return { number, name, type, typmod: -1, notNull: true };
}

function withOwnAcl(catalog: CatalogSnapshot, relation: RelationDescriptor, column: Attribute): Attribute {
  const acl = columnAcl(catalog, relation, column.number);
  return acl === undefined ? column : { ...column, acl };
}

/** PostgreSQL's system columns. KalamDB's own stand nowhere: clients that ask for all columns see an ordinary table. */
const SYSTEM_COLUMNS: readonly Attribute[] = [
  system(-6, 'tableoid', TypeOid.oid),
  system(-5, 'cmax', TypeOid.cid),
  system(-4, 'xmax', TypeOid.xid),
  system(-3, 'cmin', TypeOid.cid),
  system(-2, 'xmin', TypeOid.xid),
  system(-1, 'ctid', TypeOid.tid),
];

/**
 * With kalamdb.all_users, whose a row is stands behind the table's columns, as one that others declare: so pg_dump has it in its COPY and
 * makes no column of it.
 */
const userColumn = (number: number): Attribute => ({
  ...system(number, '_user_id', TypeOid.text),
  notNull: false,
  inherited: 1,
  notLocal: true,
});

const SEQUENCE_COLUMNS: readonly Attribute[] = [
  system(1, 'last_value', TypeOid.int8),
  system(2, 'log_cnt', TypeOid.int8),
  system(3, 'is_called', TypeOid.bool),
];

const SEQUENCE_ATTRIBUTES: readonly Attribute[] = [...SYSTEM_COLUMNS, ...SEQUENCE_COLUMNS];

function tableColumns(catalog: CatalogSnapshot, oid: number): readonly ColumnDescriptor[] {
  const table = catalog.relationByOid(oid);
  return table?.kind === 'table' ? table.columns : [];
}

function* indexAttributes(catalog: CatalogSnapshot, index: IndexDescriptor, columns: readonly ColumnDescriptor[]): Iterable<Row> {
  const names = new Set<string>();
  let number = 0;
  for (const key of index.columns) {
    number++;
    const name = unusedName(key.exprText === undefined ? (columns[key.column - 1]?.name ?? '') : expressionName(key.exprText), names);
    const column = columns[key.column - 1];
    const own = column?.type ?? key.type;
    const type = storedType(catalog, index, key, own);
    const typmod = type === own ? (column?.typmod ?? -1) : -1;
    const collation = key.collation ?? key.exprCollation ?? column?.collation ?? typeFacts(catalog, own)?.collation ?? 0;
    yield attributeRow(catalog, index.oid, {
      number,
      name,
      type,
      typmod,
      notNull: false,
      ...(key.statistics === undefined ? {} : { statistics: key.statistics }),
      collation,
    });
  }
  for (const included of index.including ?? []) {
    number++;
    const column = columns[included - 1];
    if (column !== undefined)
      yield attributeRow(catalog, index.oid, {
        number,
        name: unusedName(column.name, names),
        type: column.type,
        typmod: column.typmod,
        notNull: false,
        collation: 0,
      });
  }
}

/** What an index keeps of a value: another type where its operator class says so, a number where it hashes. */
function storedType(catalog: CatalogSnapshot, index: IndexDescriptor, key: IndexColumn, own: number): number {
  const opclass = catalog.builtin.opclassByOid(key.opclass);
  if (opclass === undefined || opclass.keyType === 0) return index.method === 'hash' ? TypeOid.int4 : own;
  if (opclass.keyType === TypeOid.anyelement && opclass.inputType === TypeOid.anyarray) return typeFacts(catalog, own)?.element ?? own;
  return opclass.keyType;
}

/** A function's name, else "expr", as PostgreSQL names an index's expression columns. */
function expressionName(text: string): string {
  return /^\(*([a-z_][a-z0-9_]*)\(/.exec(text)?.[1] ?? 'expr';
}

function unusedName(name: string, used: Set<string>): string {
  let unused = name;
  for (let i = 1; used.has(unused); i++) unused = `${name}${i}`;
  used.add(unused);
  return unused;
}

function attributeRow(catalog: CatalogSnapshot, relation: number, attribute: Attribute): Row {
  const facts = typeFacts(catalog, attribute.type);
  return [
    relation,
    attribute.name,
    attribute.dropped === true ? 0 : attribute.type,
    attribute.number < 0 || attribute.dropped === true ? 0 : (attribute.statistics ?? -1), // attstattarget
    facts?.length ?? -1,
    attribute.number,
    facts?.isArray === true && attribute.type !== TypeOid.int2vector && attribute.type !== TypeOid.oidvector ? 1 : 0,
    -1, // attcacheoff
    attribute.typmod,
    facts?.byValue ?? false,
    facts?.align ?? 'i',
    attribute.storage ?? facts?.storage ?? 'p',
    attribute.compression === undefined ? '' : (attribute.compression[0] ?? ''), // attcompression
    attribute.notNull,
    attribute.hasDefault === true,
    attribute.missing !== undefined,
    attribute.identity === undefined ? '' : attribute.identity.always ? 'a' : 'd',
    attribute.generatedText === undefined ? '' : 's',
    attribute.dropped === true,
    attribute.notLocal !== true, // attislocal
    attribute.inherited ?? 0, // attinhcount
    attribute.collation ?? facts?.collation ?? 0,
    aclValue(catalog, attribute.acl),
    optionsValue(attribute.attributeOptions ?? {}), // attoptions
    null, // attfdwoptions
    attribute.missing === undefined ? null : new SqlArray([attribute.missing]),
  ];
}
