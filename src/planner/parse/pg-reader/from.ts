import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { nameOf, relationName, strings, tableAlias } from './names.js';
import { listItems } from './operators.js';
import { dispatch, type Handlers, type Mutable, nonEmpty, type Reader, tagOf } from './reader.js';

const handlers: Partial<Handlers<ast.From>> = {
  RangeVar: fromTable,
  RangeSubselect: fromStatement,
  RangeFunction: fromFunctions,
  JoinExpr: fromJoin,
  RangeTableSample: (node, reader) => {
    const table = fromItem(node.relation, reader);
    assert(table.type === 'table', 'TABLESAMPLE follows a table');
    const sample: Mutable<NonNullable<ast.FromTable['tableSample']>> = {
      method: nameOf(node.method, reader.at(node.location)),
      args: reader.exprs(node.args),
    };
    if (node.repeatable !== undefined) sample.repeatable = reader.expr(node.repeatable);
    return { ...table, tableSample: sample };
  },
  RangeTableFunc: (node, reader) => {
    throw notSupported('XMLTABLE', { position: reader.offset(node.location) });
  },
  JsonTable: (node, reader) => {
    throw notSupported('JSON_TABLE', { position: reader.offset(node.location) });
  },
};

export function fromItem(node: pg.Node | undefined, reader: Reader): ast.From {
  assert(node !== undefined, 'a FROM item is expected in the parse tree');
  const item = dispatch(handlers, node, reader);
  assert(item !== undefined, `unexpected FROM item ${tagOf(node)}`);
  return item;
}

function fromTable(node: pg.RangeVar, reader: Reader): ast.From {
  return {
    type: 'table',
    name: relationName(node, reader),
    ...tableAlias(node.alias),
    ...reader.at(node.location),
  };
}

function fromStatement(node: pg.RangeSubselect, reader: Reader): ast.From {
  assert(node.subquery !== undefined && 'SelectStmt' in node.subquery, 'a sub-query is expected in the parse tree');
  const item: Mutable<ast.FromStatement> = {
    type: 'statement',
    statement: reader.select(node.subquery.SelectStmt),
    ...tableAlias(node.alias),
  };
  if (node.lateral) item.lateral = true;
  return item;
}

function fromFunctions(node: pg.RangeFunction, reader: Reader): ast.From {
  const item: Mutable<ast.FromFunctions> = {
    type: 'functions',
    functions: (node.functions ?? []).map((pair) => {
      const [call, columns] = listItems(pair);
      if (columns === undefined || tagOf(columns) === '') return { call: reader.expr(call) };
      return { call: reader.expr(call), columns: columnTypes(listItems(columns), reader) };
    }),
    ...tableAlias(node.alias),
  };
  if (node.is_rowsfrom) item.rowsFrom = true;
  if (node.ordinality) item.ordinality = true;
  if (node.lateral) item.lateral = true;
  if (nonEmpty(node.coldeflist)) item.columns = columnTypes(node.coldeflist, reader);
  return item;
}

function columnTypes(nodes: readonly pg.Node[], reader: Reader): ast.ColumnTypeDef[] {
  return nodes.map((node) => {
    assert('ColumnDef' in node, 'a column definition is expected in the parse tree');
    const { colname, typeName, location } = node.ColumnDef;
    return { name: colname ?? '', dataType: reader.type(typeName), ...reader.at(location) };
  });
}

const JOIN_TYPES: Readonly<Partial<Record<pg.JoinType, ast.FromJoin['joinType']>>> = {
  JOIN_INNER: 'INNER',
  JOIN_LEFT: 'LEFT',
  JOIN_RIGHT: 'RIGHT',
  JOIN_FULL: 'FULL',
};

function fromJoin(node: pg.JoinExpr, reader: Reader): ast.From {
  const joinType = JOIN_TYPES[node.jointype ?? 'JOIN_INNER'];
  assert(joinType !== undefined, `unexpected join type ${node.jointype}`);
  const join: Mutable<ast.FromJoin> = {
    type: 'join',
    joinType,
    left: reader.from(node.larg),
    right: reader.from(node.rarg),
    ...tableAlias(node.alias),
  };
  if (node.isNatural) join.natural = true;
  if (node.quals !== undefined) join.on = reader.expr(node.quals);
  if (nonEmpty(node.usingClause)) join.using = strings(node.usingClause);
  if (node.join_using_alias?.aliasname !== undefined) join.usingAlias = node.join_using_alias.aliasname;
  return join;
}
