import type * as pg from 'libpg-query';
import { assert, InvariantError } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { columnConstraints, tableConstraint } from './constraints.js';
import { nameOf, relationName, relationNames, roleName, strings } from './names.js';
import { definitionElements } from './options.js';
import { partitionBound, partitionSpec } from './partitions.js';
import { type Mutable, nonEmpty, type Reader, required, tagOf } from './reader.js';

export function createTable(node: pg.CreateStmt, reader: Reader): ast.Statement {
  const columns: (ast.ColumnDef | ast.LikeTable)[] = [];
  const constraints: ast.TableConstraint[] = [];
  const columnOptions: ast.ColumnOptions[] = [];
  for (const element of [...(node.tableElts ?? []), ...(node.constraints ?? [])]) {
    if ('ColumnDef' in element) {
      // PARTITION OF and OF may say more of columns that come from there.
      if (element.ColumnDef.typeName === undefined) columnOptions.push(optionsOf(element.ColumnDef, reader));
      else columns.push(columnDefinition(element.ColumnDef, reader));
    } else if ('TableLikeClause' in element) columns.push(likeTable(element.TableLikeClause, reader));
    else constraints.push(tableConstraint(element, reader));
  }
  const table: Mutable<ast.CreateTableStatement> = {
    type: 'create table',
    name: relationName(node.relation, reader),
    ...persistence(node.relation),
    ...onCommit(node.oncommit),
    columns,
    constraints,
  };
  if (node.if_not_exists) table.ifNotExists = true;
  // PARTITION OF names its parent in inhRelations.
  if (node.partbound !== undefined) table.bound = partitionBound(node.partbound, reader);
  if (node.partspec !== undefined) table.partitionBy = partitionSpec(node.partspec, reader);
  if (node.ofTypename !== undefined) table.ofType = nameOf(node.ofTypename.names, reader.at(node.ofTypename.location));
  if (columnOptions.length > 0) table.columnOptions = columnOptions;
  if (nonEmpty(node.inhRelations)) table.inherits = relationNames(node.inhRelations, reader);
  if (nonEmpty(node.options)) table.with = definitionElements(node.options, reader);
  return table;
}

export function persistence(relation: pg.RangeVar | undefined): { persistence?: 'temporary' | 'unlogged' } {
  if (relation?.relpersistence === 't') return { persistence: 'temporary' };
  if (relation?.relpersistence === 'u') return { persistence: 'unlogged' };
  return {};
}

const ON_COMMIT = {
  ONCOMMIT_PRESERVE_ROWS: 'preserve rows',
  ONCOMMIT_DELETE_ROWS: 'delete rows',
  ONCOMMIT_DROP: 'drop',
} as const;

function onCommit(action: pg.OnCommitAction | undefined): { onCommit?: 'preserve rows' | 'delete rows' | 'drop' } {
  return action === undefined || action === 'ONCOMMIT_NOOP' ? {} : { onCommit: ON_COMMIT[action] };
}

function optionsOf(node: pg.ColumnDef, reader: Reader): ast.ColumnOptions {
  return { name: node.colname ?? '', constraints: columnConstraints(node.constraints, reader), ...reader.at(node.location) };
}

export function columnDefinition(node: pg.ColumnDef, reader: Reader): ast.ColumnDef {
  const column: Mutable<ast.ColumnDef> = {
    type: 'column',
    name: node.colname ?? '',
    dataType: reader.type(node.typeName),
    constraints: columnConstraints(node.constraints, reader),
    ...reader.at(node.location),
  };
  if (node.collClause !== undefined) column.collate = nameOf(node.collClause.collname, reader.at(node.collClause.location));
  return column;
}

/** CREATE_TABLE_LIKE_… of PostgreSQL's parsenodes.h, bit by bit. */
const LIKE_OPTIONS = [
  'comments',
  'compression',
  'constraints',
  'defaults',
  'generated',
  'identity',
  'indexes',
  'statistics',
  'storage',
] as const;
const LIKE_ALL = 0x7fffffff;

function likeTable(node: pg.TableLikeClause, reader: Reader): ast.LikeTable {
  const options = node.options ?? 0;
  return {
    type: 'like',
    table: relationName(node.relation, reader),
    including: options === LIKE_ALL ? ['all'] : LIKE_OPTIONS.filter((_, bit) => options & (1 << bit)),
  };
}

export function createTableAs(node: pg.CreateTableAsStmt, reader: Reader): ast.Statement {
  const into = required(node.into, 'CreateTableAsStmt.into');
  const query = reader.statement(node.query);
  const table: Mutable<ast.CreateTableAsStatement> = {
    type: 'create table as',
    name: relationName(into.rel, reader),
    ...persistence(into.rel),
    ...onCommit(into.onCommit),
    query: tableSource(query),
  };
  if (nonEmpty(into.colNames)) table.columns = strings(into.colNames);
  if (nonEmpty(into.options)) table.with = definitionElements(into.options, reader);
  if (into.skipData) table.withNoData = true;
  if (node.if_not_exists) table.ifNotExists = true;
  if (node.objtype === 'OBJECT_MATVIEW') table.materializedView = true;
  return table;
}

export function refreshMaterializedView(node: pg.RefreshMatViewStmt, reader: Reader): ast.Statement {
  const refresh: Mutable<ast.RefreshStatement> = { type: 'refresh materialized view', name: relationName(node.relation, reader) };
  if (node.concurrent) refresh.concurrently = true;
  if (node.skipData) refresh.withNoData = true;
  return refresh;
}

function tableSource(query: ast.Statement): ast.SelectStatement | ast.ExecuteStatement {
  switch (query.type) {
    case 'select':
    case 'set operation':
    case 'values':
    case 'execute':
      return query;
    default:
      throw new InvariantError(`unexpected ${query.type} in CREATE TABLE AS`);
  }
}

export function createSchema(node: pg.CreateSchemaStmt, reader: Reader): ast.Statement {
  const schema: Mutable<ast.CreateSchemaStatement> = { type: 'create schema' };
  if (node.schemaname !== undefined) schema.name = node.schemaname;
  if (node.authrole !== undefined) schema.authorization = roleName(node.authrole);
  if (node.if_not_exists) schema.ifNotExists = true;
  if (nonEmpty(node.schemaElts)) schema.elements = node.schemaElts.map((element) => reader.statement(element));
  return schema;
}

export function createSequence(node: pg.CreateSeqStmt, reader: Reader): ast.Statement {
  const sequence: Mutable<ast.CreateSequenceStatement> = {
    type: 'create sequence',
    name: relationName(node.sequence, reader),
    ...persistence(node.sequence),
    options: definitionElements(node.options, reader),
  };
  if (node.if_not_exists) sequence.ifNotExists = true;
  return sequence;
}

export function alterSequence(node: pg.AlterSeqStmt, reader: Reader): ast.Statement {
  const sequence: Mutable<ast.AlterSequenceStatement> = {
    type: 'alter sequence',
    name: relationName(node.sequence, reader),
    options: definitionElements(node.options, reader),
  };
  if (node.missing_ok) sequence.ifExists = true;
  return sequence;
}

/** The select inside a view or a cursor. */
export function queryOf(node: pg.Node | undefined, reader: Reader): ast.SelectStatement {
  assert(node !== undefined && 'SelectStmt' in node, `a query is expected in the parse tree, not ${tagOf(node)}`);
  return reader.select(node.SelectStmt);
}
