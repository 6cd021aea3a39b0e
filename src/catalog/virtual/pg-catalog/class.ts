import type { Row, SqlArray } from '../../../types/value.js';
import type { BuiltinCatalog } from '../../builtin/index.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type { RelationDescriptor, TableDescriptor, ViewDescriptor } from '../../descriptors.js';
import { storedAcl } from '../../privileges.js';
import { triggersOfTree } from '../../tree-triggers.js';
import { HEAP_METHOD } from '../class-oids.js';
import { relationKind, relationsFor } from '../relation-lookup.js';
import { rowsToShow } from '../rows-to-show.js';
import type { Providers, VirtualScan } from '../scan.js';
import { systemIndex, toastTable } from '../system-indexes.js';
import { aclValue, array, optionsValue } from '../values.js';

export const CLASS_PROVIDERS: Providers = { 'pg_catalog.pg_class': classes };

function* classes(scan: VirtualScan): Iterable<Row> {
  const wanted = { oid: scan.number('oid'), name: scan.text('relname'), schema: scan.number('relnamespace') };
  for (const relation of relationsFor(scan.catalog, wanted)) yield classRow(scan, relation);
  yield* systemParts(scan);
}

/** PostgreSQL's indexes of its own tables, and their toast tables. */
function systemParts(scan: VirtualScan): readonly Row[] {
  const make = (builtin: BuiltinCatalog): Row[] => [
    ...builtin.toastTables().map((table) => sharedRow(classRow(scan, toastTable(table)), table.isShared)),
    ...builtin.systemIndexes().map((index) => sharedRow(classRow(scan, systemIndex(scan.catalog, index)), index.isShared)),
  ];
  return scan.builtinRows.matching(scan, make, ['oid', 'relname', 'relnamespace']);
}

const TABLESPACE = 8;
const HAS_INDEX = 13;
const IS_SHARED = 14;

function sharedRow(row: Row, isShared: boolean): Row {
  row[IS_SHARED] = isShared;
  row[TABLESPACE] = isShared ? GLOBAL_TABLESPACE : 0;
  if (row[16] === 't') row[HAS_INDEX] = true;
  return row;
}

const GLOBAL_TABLESPACE = 1664;

/** What differs from kind to kind. */
interface ClassFacts {
  readonly rowType: number;
  readonly method: number;
  readonly fileNode: number;
  readonly pages: number;
  readonly tuples: number;
  readonly hasIndex: boolean;
  readonly attributes: number;
  readonly checks: number;
  readonly hasRules: boolean;
  readonly hasTriggers: boolean;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** d default (its primary key), n nothing. */
  readonly replicaIdentity: 'd' | 'n' | 'f' | 'i';
  readonly frozenXid: number;
  readonly minMultixact: number;
  readonly options: SqlArray | null;
}

const NOTHING: ClassFacts = {
  rowType: 0,
  method: 0,
  fileNode: 0,
  pages: 0,
  tuples: -1,
  hasIndex: false,
  attributes: 0,
  checks: 0,
  hasRules: false,
  hasTriggers: false,
  rowSecurity: false,
  forceRowSecurity: false,
  replicaIdentity: 'n',
  frozenXid: 0,
  minMultixact: 0,
  options: null,
};

function classRow(scan: VirtualScan, relation: RelationDescriptor): Row {
  const facts = classFacts(scan, relation);
  return [
    relation.oid,
    relation.name,
    relation.schema,
    facts.rowType,
    relation.kind === 'table' ? (relation.ofType ?? 0) : 0, // reloftype
    relation.owner,
    facts.method,
    facts.fileNode,
    relation.kind === 'virtual' && SHARED.has(relation.name) ? GLOBAL_TABLESPACE : 0, // reltablespace
    facts.pages,
    facts.tuples,
    0, // relallvisible
    relation.kind === 'virtual' ? (scan.catalog.builtin.toastTables().find(({ table }) => table === relation.oid)?.oid ?? 0) : 0, // reltoastrelid
    facts.hasIndex,
    relation.kind === 'virtual' && SHARED.has(relation.name),
    PERSISTENCE[relation.persistence],
    relationKind(relation, scan.catalog),
    facts.attributes,
    facts.checks,
    facts.hasRules,
    facts.hasTriggers,
    hasParts(scan, relation), // relhassubclass
    facts.rowSecurity,
    facts.forceRowSecurity,
    relation.kind !== 'table' || relation.materialized?.populated !== false, // relispopulated
    facts.replicaIdentity,
    relation.kind === 'table' ? relation.partitionBound !== undefined : relation.kind === 'index' && relation.parentIndex !== undefined, // relispartition
    0, // relrewrite
    facts.frozenXid,
    facts.minMultixact,
    aclValue(scan.catalog, storedAcl(scan.catalog, relation)),
    facts.options,
    relation.kind === 'table' ? (relation.partitionBoundText ?? null) : null, // relpartbound
  ];
}

function bornFacts({ catalog }: VirtualScan, oid: number): Pick<ClassFacts, 'replicaIdentity' | 'options'> {
  const born = catalog.builtin.systemRelations().find((relation) => relation.oid === oid);
  return { replicaIdentity: born?.replicaIdentity ?? 'n', options: born?.options === undefined ? null : array(born.options) };
}

function hasParts(scan: VirtualScan, relation: RelationDescriptor): boolean {
  if (relation.kind === 'table') return scan.catalog.childrenOf(relation.oid).length > 0;
  return relation.kind === 'index' && relationKind(relation, scan.catalog) === 'I' && scan.catalog.childrenOf(relation.table).length > 0;
}

const PERSISTENCE = { permanent: 'p', temporary: 't', unlogged: 'u' } as const;

/** Catalogs that all databases of a server share. */
const SHARED: ReadonlySet<string> = new Set([
  'pg_authid',
  'pg_auth_members',
  'pg_database',
  'pg_db_role_setting',
  'pg_parameter_acl',
  'pg_replication_origin',
  'pg_shdepend',
  'pg_shdescription',
  'pg_shseclabel',
  'pg_subscription',
  'pg_tablespace',
]);

function classFacts(scan: VirtualScan, relation: RelationDescriptor): ClassFacts {
  switch (relation.kind) {
    case 'table':
      return tableFacts(scan, relation);
    case 'view':
      return {
        ...NOTHING,
        rowType: relation.rowType,
        attributes: relation.columns.length,
        hasRules: true,
        hasTriggers: relation.triggers !== undefined,
        options: optionsValue(viewOptions(relation)),
      };
    case 'virtual':
      return {
        ...NOTHING,
        rowType: relation.rowType,
        attributes: relation.columns.length,
        hasIndex: scan.catalog.builtin.systemIndexes().some(({ table }) => table === relation.oid),
        hasRules: relation.relkind === 'v',
        ...bornFacts(scan, relation.oid),
        ...(relation.relkind === 'v' ? {} : { method: HEAP_METHOD, fileNode: relation.oid, frozenXid: FIRST_XID, minMultixact: 1 }),
      };
    case 'composite':
      return { ...NOTHING, rowType: relation.rowType, attributes: relation.columns.length };
    case 'index': {
      // One that was never analysed shows 0, where a table shows -1.
      const rows = rowsToShow(scan.catalog, scan.cx.currentRole, relation.table) ?? 0;
      return {
        ...NOTHING,
        method: methodOid(scan.catalog, relation.method),
        fileNode: relationKind(relation, scan.catalog) === 'I' ? 0 : relation.storage,
        pages: pagesOf(rows, INDEX_ENTRY_BYTES),
        tuples: rows,
        attributes: relation.columns.length + (relation.including?.length ?? 0),
        options: optionsValue(relation.options ?? {}),
      };
    }
    case 'sequence':
      return { ...NOTHING, fileNode: relation.storage, pages: 1, tuples: 1, attributes: 3 };
  }
}

/** PostgreSQL's FirstNormalTransactionId: nothing of ours ever needs freezing. */
const FIRST_XID = 3;
const PAGE_BYTES = 8192;
const ROW_OVERHEAD_BYTES = 28;
const INDEX_ENTRY_BYTES = 20;

function tableFacts(scan: VirtualScan, table: TableDescriptor): ClassFacts {
  const statistics = scan.catalog.statistics(table.oid);
  const rows = rowsToShow(scan.catalog, scan.cx.currentRole, table.oid);
  let width = ROW_OVERHEAD_BYTES;
  for (const column of Object.values(statistics?.columns ?? {})) width += column.averageWidth;
  const hasForeignKey = table.constraints.some((constraint) => constraint.kind === 'foreign key');
  return {
    rowType: table.rowType,
    method: table.partitionKey === undefined ? HEAP_METHOD : 0,
    fileNode: table.partitionKey === undefined ? table.storage : 0,
    pages: rows === undefined ? 0 : pagesOf(rows, width),
    tuples: rows ?? -1,
    hasIndex: scan.catalog.indexesOf(table.oid).length > 0,
    attributes: table.columns.length,
    checks: table.constraints.filter((constraint) => constraint.kind === 'check').length,
    // The query of a materialized view is a rule there.
    hasRules: table.rules !== undefined || table.materialized !== undefined,
    // PostgreSQL keeps foreign keys by triggers on both tables.
    hasTriggers: triggersOfTree(table, scan.catalog).length > 0 || hasForeignKey || scan.catalog.referencingTables(table.oid).length > 0,
    rowSecurity: table.rowSecurity?.enabled === true,
    forceRowSecurity: table.rowSecurity?.forced === true,
    replicaIdentity: table.replicaIdentity ?? 'd',
    frozenXid: FIRST_XID,
    minMultixact: 1,
    // PostgreSQL has those of the toast table there.
    options: optionsValue({
      ...(table.tableType === 'shared' && table.materialized === undefined && scan.cx.namesSharedType === true ? { type: 'shared' } : {}),
      ...Object.fromEntries(Object.entries(table.options).filter(([name]) => !name.startsWith('toast.'))),
    }),
  };
}

function pagesOf(rows: number, width: number): number {
  return Math.max(1, Math.ceil((Math.max(rows, 0) * width) / PAGE_BYTES));
}

export function methodOid(catalog: CatalogSnapshot, name: string): number {
  return catalog.builtin.accessMethods().find((method) => method.name === name)?.oid ?? 0;
}

/** WITH (…) options of a view, with those that have a place of their own in its descriptor. */
export function viewOptions(view: ViewDescriptor): Readonly<Record<string, string>> {
  return {
    ...view.options,
    ...(view.securityInvoker === true ? { security_invoker: view.options.security_invoker ?? 'true' } : {}),
    ...(view.checkOption === undefined ? {} : { check_option: view.checkOption }),
  };
}
