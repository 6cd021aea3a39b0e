import type { IndexColumn, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { IndexElement } from '../../planner/parse/ast.js';
import { figureColumnName } from '../../planner/parse/column-name.js';
import { deparseExpression } from '../../planner/parse/deparse.js';
import { buildIndex } from '../bulk/index.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { indexColumn } from './index-columns.js';
import { catalogOf, chooseName, findTableForChange, lockName } from './names.js';
import { notice } from './notices.js';
import { bindOverTable } from './scalar.js';
import { findColumn, newOid } from './table-draft.js';

/** Access methods that an ordered index answers as well as PostgreSQL's own; the others would promise operators that it has not. */
const ORDERED_METHODS: ReadonlySet<string> = new Set(['btree', 'hash']);
const MAX_INDEX_COLUMNS = 32;

export async function createIndex(statement: UtilityStatement<'create index'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'CREATE INDEX';
  if (!ORDERED_METHODS.has(statement.using)) throw notSupported(`index method ${statement.using}`);
  const table = await findTableForChange(statement.table, cx, 'SHARE');
  if (statement.elements.length > MAX_INDEX_COLUMNS)
    throw new SqlError(SqlState.tooManyColumns, `cannot use more than ${MAX_INDEX_COLUMNS} columns in an index`);
  const columns = statement.elements.map((element) => elementColumn(element, table, cx));
  const name = statement.name ?? indexName(table, statement.elements, cx);
  await lockName('relation', `${table.schema} ${name}`, cx);
  if (catalogOf(cx).relation(table.schema, name) !== undefined) {
    if (statement.ifNotExists !== true) throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
    notice(cx, `relation "${name}" already exists, skipping`);
    return { tag };
  }
  if (statement.where !== undefined)
    bindOverTable(
      statement.where,
      table,
      {
        clause: 'index predicate',
        immutable: 'functions in index predicate must be marked IMMUTABLE',
      },
      cx,
    );
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
    ...(statement.where === undefined ? {} : { predicateText: deparseExpression(statement.where) }),
    method: statement.using,
  };
  cx.session.catalog.put(cx.transaction, index);
  await buildIndex(table, index, cx);
  return { tag };
}

function elementColumn(element: IndexElement, table: TableDescriptor, cx: UtilityContext): IndexColumn {
  if (element.expr.type === 'ref' && element.expr.table === undefined) {
    const { name } = element.expr;
    const column = table.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
    if (column === undefined)
      throw new SqlError(SqlState.undefinedColumn, `column "${name}" does not exist`, { position: element._location?.start });
    return indexColumn(column.number, column.type, element, cx);
  }
  const bound = bindOverTable(
    element.expr,
    table,
    { clause: 'index expression', immutable: 'functions in index expression must be marked IMMUTABLE' },
    cx,
  );
  const { order, nulls } = element;
  const exprText = deparseExpression(element.expr);
  return indexColumn(
    0,
    bound.expr.type,
    { exprText, ...(order === undefined ? {} : { order }), ...(nulls === undefined ? {} : { nulls }) },
    cx,
  );
}

/** PostgreSQL's default name: table_column_…_idx, an expression by its function or `expr`. */
function indexName(table: TableDescriptor, elements: readonly IndexElement[], cx: UtilityContext): string {
  const names: string[] = [];
  for (const element of elements) {
    const figured = element.expr.type === 'ref' ? element.expr.name : figureColumnName(element.expr);
    const base = figured === '?column?' ? 'expr' : figured;
    let name = base;
    for (let i = 1; names.includes(name); i++) name = `${base}${i}`;
    names.push(name);
  }
  const catalog = catalogOf(cx);
  return chooseName(table.name, names.join('_'), 'idx', (name) => catalog.relation(table.schema, name) !== undefined);
}
