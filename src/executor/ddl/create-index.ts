import type { IndexColumn, IndexDescriptor, InvertedClass, TableDescriptor } from '../../catalog/descriptors.js';
import { hasEntries, invertedClassesOf } from '../../catalog/index-methods.js';
import { typeRecord } from '../../catalog/made-types.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { IndexElement, QName } from '../../planner/parse/ast.js';
import { figureColumnName } from '../../planner/parse/column-name.js';
import { keyTypeOf } from '../../store/key-codec.js';
import { elementOidOf, TypeOid } from '../../types/oids.js';
import { buildIndex } from '../bulk/index.js';
import { requireNotInUse } from '../dml/constraint-checks.js';
import { indexOptions } from './alter-index.js';
import { findCollation } from './collations.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { indexColumn } from './index-columns.js';
import { indexPartitions } from './inherit/align-index.js';
import { requirePartitionColumns } from './inherit/partition-indexes.js';
import { catalogOf, chooseName, findTableForChange, lockName, lookUpRelation } from './names.js';
import { notice, skipping } from './notices.js';
import { bindOverTable } from './scalar.js';
import { findColumn, newOid } from './table-draft.js';
import { typeText } from './types/type-text.js';

const MAX_INDEX_COLUMNS = 32;

export async function createIndex(statement: UtilityStatement<'create index'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'CREATE INDEX';
  requireIndexMethod(statement.using, statement.unique === true, cx);
  refuseView(statement.table, cx);
  const table = await findTableForChange(statement.table, cx, 'SHARE');
  requireNotInUse(cx.session, table, 'CREATE INDEX');
  if (statement.elements.length > MAX_INDEX_COLUMNS)
    throw new SqlError(SqlState.tooManyColumns, `cannot use more than ${MAX_INDEX_COLUMNS} columns in an index`);
  const columns = statement.elements.map((element) => elementColumn(element, table, statement.using, cx));
  const name = statement.name ?? indexName(table, statement.elements, statement.including ?? [], cx);
  await lockName('relation', `${table.schema} ${name}`, cx);
  if (catalogOf(cx).relation(table.schema, name) !== undefined) {
    if (statement.ifNotExists !== true) throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
    skipping(cx, `relation "${name}"`, SqlState.duplicateTable);
    return { tag };
  }
  const immutable = 'functions in index predicate must be marked IMMUTABLE';
  const predicate =
    statement.where === undefined ? undefined : bindOverTable(statement.where, table, { clause: 'index predicate', immutable }, cx);
  const inverted = invertedClasses(statement.using, columns, cx);
  const index: IndexDescriptor = {
    kind: 'index',
    oid: newOid(cx),
    name,
    owner: table.owner,
    schema: table.schema,
    persistence: table.persistence,
    table: table.oid,
    storage: cx.session.catalog.allocateStorage(),
    clustered: false,
    unique: statement.unique === true,
    primary: false,
    ...(statement.nullsNotDistinct === true ? { nullsNotDistinct: true } : {}),
    columns,
    ...(statement.including === undefined ? {} : { including: statement.including.map((column) => findColumn(table, column).number) }),
    ...(predicate === undefined ? {} : { predicateText: predicate.text() }),
    method: statement.using,
    ...(statement.with === undefined ? {} : { options: indexOptions(statement.with) }),
    ...(inverted === undefined ? {} : { inverted }),
  };
  if (table.partitionKey === undefined) {
    cx.session.catalog.put(cx.transaction, index);
    await buildIndex(table, index, cx);
  } else await createPartitionedIndex(table, index, statement, cx);
  if (!hasEntries(index)) notice(cx, `index "${name}" is kept in the catalog only: queries do not use indexes of method ${index.method}`);
  return { tag };
}

/** @throws SqlError 42809 */
function refuseView(name: QName, cx: UtilityContext): void {
  const found = lookUpRelation(name, cx);
  if (found?.kind !== 'view') return;
  throw new SqlError(SqlState.wrongObjectType, `cannot create index on relation "${found.name}"`, {
    detail: 'This operation is not supported for views.',
  });
}

/** How a gin index takes the columns' values apart; undefined: it stands in the catalog alone, also where elements have no place in keys. */
function invertedClasses(method: string, columns: readonly IndexColumn[], cx: UtilityContext): readonly InvertedClass[] | undefined {
  const { builtin } = catalogOf(cx);
  const classes = invertedClassesOf(
    method,
    columns.map((column) => builtin.opclassByOid(column.opclass)?.name ?? ''),
  );
  const hasKeys = columns.every(
    ({ type, storedAs }, i) => classes?.[i] !== 'array' || keyTypeOf(elementOidOf(storedAs ?? type) ?? 0) !== undefined,
  );
  return hasKeys ? classes : undefined;
}

/** @throws SqlError 42704, 0A000 */
function requireIndexMethod(method: string, unique: boolean, cx: UtilityContext): void {
  const known = catalogOf(cx)
    .builtin.accessMethods()
    .some((candidate) => candidate.name === method && candidate.kind === 'i');
  if (!known) throw new SqlError(SqlState.undefinedObject, `access method "${method}" does not exist`);
  if (unique && method !== 'btree')
    throw new SqlError(SqlState.featureNotSupported, `access method "${method}" does not support unique indexes`);
}

/** On a partitioned table: nothing is stored for it, its parts are the partitions'. With ONLY they come one by one. */
async function createPartitionedIndex(
  table: TableDescriptor,
  index: IndexDescriptor,
  statement: UtilityStatement<'create index'>,
  cx: UtilityContext,
): Promise<void> {
  if (statement.concurrently === true)
    throw new SqlError(SqlState.featureNotSupported, `cannot create index on partitioned table "${table.name}" concurrently`);
  if (index.unique)
    requirePartitionColumns(
      table,
      index.columns.map((column) => column.column),
      'UNIQUE',
    );
  const isAlone = statement.table.only === true && catalogOf(cx).childrenOf(table.oid).length > 0;
  cx.session.catalog.put(cx.transaction, isAlone ? { ...index, invalid: true } : index);
  if (!isAlone) await indexPartitions(table, index, cx);
}

/** @throws SqlError 42703, 42704 */
export function elementColumn(
  element: IndexElement,
  table: TableDescriptor,
  method: string,
  cx: UtilityContext,
  ofKey = false,
): IndexColumn {
  if (element.expr.type === 'ref' && element.expr.table === undefined) {
    const { name } = element.expr;
    const column = table.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
    if (column === undefined)
      throw new SqlError(SqlState.undefinedColumn, `column "${name}" ${ofKey ? 'named in key ' : ''}does not exist`, {
        position: element._location?.start,
      });
    return collated(indexColumn(column.number, column.type, { ...element, method }, cx), element, cx);
  }
  const bound = bindOverTable(
    element.expr,
    table,
    { clause: 'index expression', immutable: 'functions in index expression must be marked IMMUTABLE' },
    cx,
  );
  // Brackets around a column make no expression of it.
  const [number] = bound.columns;
  if (bound.expr.kind === 'column' && number !== undefined)
    return collated(indexColumn(number, bound.expr.type, { ...element, method }, cx), element, cx);
  if (bound.expr.type === TypeOid.record)
    throw new SqlError(SqlState.invalidTableDefinition, `column "${figureColumnName(element.expr)}" has pseudo-type record`);
  const { order, nulls, opclass } = element;
  const exprText = bound.text();
  const key = indexColumn(
    0,
    bound.expr.type,
    {
      exprText,
      method,
      ...(order === undefined ? {} : { order }),
      ...(nulls === undefined ? {} : { nulls }),
      ...(opclass === undefined ? {} : { opclass }),
    },
    cx,
  );
  const { collation: exprCollation } = bound.expr;
  return collated(exprCollation === undefined ? key : { ...key, exprCollation }, element, cx);
}

/** COLLATE is kept and shown. @throws SqlError 42704, 42804 */
function collated(key: IndexColumn, { collate }: IndexElement, cx: UtilityContext): IndexColumn {
  if (collate === undefined) return key;
  const collation = findCollation(collate, cx);
  if ((typeRecord(catalogOf(cx), key.type)?.collation ?? 0) === 0)
    throw new SqlError(SqlState.datatypeMismatch, `collations are not supported by type ${typeText(key.type, cx).slice('type '.length)}`);
  return { ...key, collation };
}

/** PostgreSQL's default name: table_column_…_idx, an expression by its function or `expr`. */
function indexName(table: TableDescriptor, elements: readonly IndexElement[], including: readonly string[], cx: UtilityContext): string {
  const names: string[] = [];
  const keys = elements.map(({ expr }) => (expr.type === 'ref' ? expr.name : figureColumnName(expr)));
  for (const figured of [...keys, ...including]) {
    const base = figured === '?column?' ? 'expr' : figured;
    let name = base;
    for (let i = 1; names.includes(name); i++) name = `${base}${i}`;
    names.push(name);
  }
  const catalog = catalogOf(cx);
  return chooseName(table.name, names.join('_'), 'idx', (name) => catalog.relation(table.schema, name) !== undefined);
}
