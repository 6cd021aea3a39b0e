import type * as pg from 'libpg-query';
import { assert, InvariantError } from '../../../commons/assert.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { windowDefinition } from './calls.js';
import { fromItem } from './from.js';
import { relationName, relationNames, strings } from './names.js';
import { listItems } from './operators.js';
import { type Mutable, nonEmpty, type Reader, required, tagOf } from './reader.js';
import { sortClause } from './sorting.js';

export function selectStatement(node: pg.SelectStmt, reader: Reader): ast.SelectStatement {
  const op = node.op ?? 'SETOP_NONE';
  if (op !== 'SETOP_NONE') return setOperation(SET_OPERATIONS[op], node, reader);
  if (nonEmpty(node.valuesLists)) {
    const values = node.valuesLists.map((row) => reader.exprs(listItems(row)));
    return { type: 'values', values, ...queryTail(node, reader) };
  }
  return selectFrom(node, reader);
}

const SET_OPERATIONS = { SETOP_UNION: 'UNION', SETOP_INTERSECT: 'INTERSECT', SETOP_EXCEPT: 'EXCEPT' } as const;

function setOperation(op: ast.SetOperation['op'], node: pg.SelectStmt, reader: Reader): ast.SelectStatement {
  const left = reader.select(required(node.larg, 'SelectStmt.larg'));
  const right = reader.select(required(node.rarg, 'SelectStmt.rarg'));
  const operation: Mutable<ast.SetOperation> = { type: 'set operation', op, left, right, ...queryTail(node, reader) };
  if (node.all) operation.all = true;
  return operation;
}

function selectFrom(node: pg.SelectStmt, reader: Reader): ast.SelectStatement {
  const select: Mutable<ast.SelectFromStatement> = {
    type: 'select',
    columns: selectedColumns(node.targetList, reader),
    ...queryTail(node, reader),
  };
  if (nonEmpty(node.distinctClause)) {
    // DISTINCT without ON is a list of one empty node.
    select.distinct = tagOf(node.distinctClause[0]) === '' ? true : reader.exprs(node.distinctClause);
  }
  if (nonEmpty(node.fromClause)) select.from = node.fromClause.map((item) => fromItem(item, reader));
  if (node.whereClause !== undefined) select.where = reader.expr(node.whereClause);
  if (nonEmpty(node.groupClause)) select.groupBy = node.groupClause.map((item) => groupItem(item, reader));
  if (node.groupDistinct) select.groupDistinct = true;
  if (node.havingClause !== undefined) select.having = reader.expr(node.havingClause);
  if (nonEmpty(node.windowClause)) {
    select.windows = node.windowClause.map((window) => {
      assert('WindowDef' in window, 'a window is expected in the parse tree');
      return windowDefinition(window.WindowDef, reader);
    });
  }
  if (node.intoClause !== undefined) {
    const { rel } = node.intoClause;
    const name = relationName(rel, reader);
    select.into = rel?.relpersistence === 't' ? { name, temporary: true } : { name };
  }
  return select;
}

export function selectedColumns(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.SelectedColumn[] {
  return (nodes ?? []).map((node) => {
    assert('ResTarget' in node, 'a select list is expected in the parse tree');
    const { val, name, location } = node.ResTarget;
    const expr = reader.expr(val);
    return name === undefined ? { expr, ...reader.at(location) } : { expr, alias: name, ...reader.at(location) };
  });
}

function queryTail(node: pg.SelectStmt, reader: Reader): ast.QueryTail {
  const tail: Mutable<ast.QueryTail> = {};
  if (node.withClause !== undefined) tail.with = withClause(node.withClause, reader);
  if (nonEmpty(node.sortClause)) tail.orderBy = sortClause(node.sortClause, reader);
  if (node.limitCount !== undefined) tail.limit = reader.expr(node.limitCount);
  if (node.limitOption === 'LIMIT_OPTION_WITH_TIES') tail.withTies = true;
  if (node.limitOffset !== undefined) tail.offset = reader.expr(node.limitOffset);
  if (nonEmpty(node.lockingClause)) tail.locking = node.lockingClause.map((clause) => lockingClause(clause, reader));
  return tail;
}

const GROUPING_SETS = {
  GROUPING_SET_EMPTY: 'EMPTY',
  GROUPING_SET_SIMPLE: 'SETS',
  GROUPING_SET_ROLLUP: 'ROLLUP',
  GROUPING_SET_CUBE: 'CUBE',
  GROUPING_SET_SETS: 'SETS',
} as const;

function groupItem(node: pg.Node, reader: Reader): ast.GroupItem {
  if (!('GroupingSet' in node)) return reader.expr(node);
  const { kind, content, location } = node.GroupingSet;
  return {
    type: 'grouping set',
    kind: GROUPING_SETS[required(kind, 'GroupingSet.kind')],
    items: (content ?? []).map((item) => groupItem(item, reader)),
    ...reader.at(location),
  };
}

const LOCK_STRENGTHS = {
  LCS_FORKEYSHARE: 'KEY SHARE',
  LCS_FORSHARE: 'SHARE',
  LCS_FORNOKEYUPDATE: 'NO KEY UPDATE',
  LCS_FORUPDATE: 'UPDATE',
} as const;

function lockingClause(node: pg.Node, reader: Reader): ast.LockingClause {
  assert('LockingClause' in node, 'a locking clause is expected in the parse tree');
  const { lockedRels, strength, waitPolicy } = node.LockingClause;
  assert(strength !== undefined && strength !== 'LCS_NONE', 'a lock has a strength');
  const clause: Mutable<ast.LockingClause> = { strength: LOCK_STRENGTHS[strength] };
  if (nonEmpty(lockedRels)) clause.of = relationNames(lockedRels, reader);
  if (waitPolicy === 'LockWaitError') clause.wait = 'NOWAIT';
  if (waitPolicy === 'LockWaitSkip') clause.wait = 'SKIP LOCKED';
  return clause;
}

export function withClause(node: pg.WithClause, reader: Reader): ast.With {
  const ctes = (node.ctes ?? []).map((cte) => commonTable(cte, reader));
  return node.recursive ? { recursive: true, ctes, ...reader.at(node.location) } : { ctes, ...reader.at(node.location) };
}

function commonTable(node: pg.Node, reader: Reader): ast.CommonTableExpr {
  assert('CommonTableExpr' in node, 'a WITH query is expected in the parse tree');
  const cte = node.CommonTableExpr;
  if (tagOf(cte.ctequery) === 'MergeStmt') {
    throw new SqlError(SqlState.featureNotSupported, 'MERGE not supported in WITH query', { position: reader.offset(cte.location) });
  }
  const table: Mutable<ast.CommonTableExpr> = {
    name: cte.ctename ?? '',
    statement: dataStatement(cte.ctequery, reader),
    ...reader.at(cte.location),
  };
  if (nonEmpty(cte.aliascolnames)) table.columns = strings(cte.aliascolnames);
  if (cte.ctematerialized === 'CTEMaterializeAlways') table.materialized = true;
  if (cte.ctematerialized === 'CTEMaterializeNever') table.materialized = false;
  if (cte.search_clause !== undefined) {
    const { search_breadth_first, search_col_list, search_seq_column, location } = cte.search_clause;
    table.search = {
      breadthFirst: search_breadth_first === true,
      columns: strings(search_col_list),
      sequence: search_seq_column ?? '',
      ...reader.at(location),
    };
  }
  if (cte.cycle_clause !== undefined) {
    const clause = cte.cycle_clause;
    table.cycle = {
      columns: strings(clause.cycle_col_list),
      mark: clause.cycle_mark_column ?? '',
      value: reader.expr(clause.cycle_mark_value),
      default: reader.expr(clause.cycle_mark_default),
      path: clause.cycle_path_column ?? '',
      ...reader.at(clause.location),
    };
  }
  return table;
}

type DataStatement = ast.SelectStatement | ast.InsertStatement | ast.UpdateStatement | ast.DeleteStatement;

/** The statements that may stand in WITH and COPY. */
export function dataStatement(node: pg.Node | undefined, reader: Reader): DataStatement {
  const statement = reader.statement(node);
  switch (statement.type) {
    case 'select':
    case 'set operation':
    case 'values':
    case 'insert':
    case 'update':
    case 'delete':
      return statement;
    case 'merge':
      throw notSupported('MERGE in this place');
    case 'unsupported':
      throw notSupported(statement.what);
    default:
      throw new InvariantError(`unexpected ${statement.type} inside a statement`);
  }
}
