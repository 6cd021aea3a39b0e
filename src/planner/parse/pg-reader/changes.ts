import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { indexElements } from './indexes.js';
import { relationName } from './names.js';
import { targetIndirection } from './operators.js';
import { type Mutable, nonEmpty, type Reader } from './reader.js';
import { selectedColumns, withClause } from './select.js';

export function insertStatement(node: pg.InsertStmt, reader: Reader): ast.InsertStatement {
  const insert: Mutable<ast.InsertStatement> = { type: 'insert', into: relationName(node.relation, reader) };
  if (node.withClause !== undefined) insert.with = withClause(node.withClause, reader);
  if (node.relation?.alias?.aliasname !== undefined) insert.alias = node.relation.alias.aliasname;
  if (nonEmpty(node.cols)) insert.columns = node.cols.map((column) => insertColumn(column, reader));
  if (node.override === 'OVERRIDING_SYSTEM_VALUE') insert.overriding = 'system';
  if (node.override === 'OVERRIDING_USER_VALUE') insert.overriding = 'user';
  if (node.selectStmt !== undefined) {
    assert('SelectStmt' in node.selectStmt, 'INSERT takes a query');
    insert.insert = reader.select(node.selectStmt.SelectStmt);
  }
  if (node.onConflictClause !== undefined) insert.onConflict = onConflict(node.onConflictClause, reader);
  return Object.assign(insert, returning(node.returningClause, reader));
}

function insertColumn(node: pg.Node, reader: Reader): ast.InsertColumn {
  assert('ResTarget' in node, 'a column name is expected in the parse tree');
  const { name, indirection, location } = node.ResTarget;
  return { name: name ?? '', ...targetIndirection(indirection, reader), ...reader.at(location) };
}

function onConflict(node: pg.OnConflictClause, reader: Reader): ast.OnConflict {
  const clause: Mutable<ast.OnConflict> = { do: 'nothing', ...reader.at(node.location) };
  if (node.action === 'ONCONFLICT_UPDATE') {
    const sets = setClauses(node.targetList, reader);
    clause.do = node.whereClause === undefined ? { sets } : { sets, where: reader.expr(node.whereClause) };
  }
  const infer = node.infer;
  if (infer?.conname !== undefined) clause.target = { type: 'constraint', name: infer.conname };
  else if (infer !== undefined) {
    const elements = indexElements(infer.indexElems, reader);
    clause.target = {
      type: 'columns',
      elements,
      ...reader.at(infer.location),
      ...(infer.whereClause === undefined ? {} : { where: reader.expr(infer.whereClause) }),
    };
  }
  return clause;
}

export function updateStatement(node: pg.UpdateStmt, reader: Reader): ast.UpdateStatement {
  const update: Mutable<ast.UpdateStatement> = {
    type: 'update',
    table: relationName(node.relation, reader),
    sets: setClauses(node.targetList, reader),
  };
  if (node.withClause !== undefined) update.with = withClause(node.withClause, reader);
  if (node.relation?.alias?.aliasname !== undefined) update.alias = node.relation.alias.aliasname;
  if (nonEmpty(node.fromClause)) update.from = node.fromClause.map((item) => reader.from(item));
  if (node.whereClause !== undefined) update.where = reader.expr(node.whereClause);
  return Object.assign(update, returning(node.returningClause, reader));
}

/** SET (a, b) = … reaches us as one target a column, each with the whole source: put together again here. */
function setClauses(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.SetClause[] {
  const clauses: ast.SetClause[] = [];
  const targets = nodes ?? [];
  for (let i = 0; i < targets.length; i++) {
    const node = targets[i];
    assert(node !== undefined && 'ResTarget' in node, 'a SET clause is expected in the parse tree');
    const { name, indirection, val, location } = node.ResTarget;
    if (val !== undefined && 'MultiAssignRef' in val) {
      const count = val.MultiAssignRef.ncolumns ?? 1;
      clauses.push({
        type: 'set multiple',
        columns: targets.slice(i, i + count).map((column) => insertColumn(column, reader)),
        value: reader.expr(val.MultiAssignRef.source),
        ...reader.at(location),
      });
      i += count - 1;
    } else {
      clauses.push({
        type: 'set',
        column: name ?? '',
        ...targetIndirection(indirection, reader),
        value: reader.expr(val),
        ...reader.at(location),
      });
    }
  }
  return clauses;
}

export function deleteStatement(node: pg.DeleteStmt, reader: Reader): ast.DeleteStatement {
  const statement: Mutable<ast.DeleteStatement> = { type: 'delete', from: relationName(node.relation, reader) };
  if (node.withClause !== undefined) statement.with = withClause(node.withClause, reader);
  if (node.relation?.alias?.aliasname !== undefined) statement.alias = node.relation.alias.aliasname;
  if (nonEmpty(node.usingClause)) statement.using = node.usingClause.map((item) => reader.from(item));
  if (node.whereClause !== undefined) statement.where = reader.expr(node.whereClause);
  return Object.assign(statement, returning(node.returningClause, reader));
}

function returning(node: pg.ReturningClause | undefined, reader: Reader): { returning?: readonly ast.SelectedColumn[] } {
  if (node === undefined) return {};
  if (nonEmpty(node.options)) throw notSupported('RETURNING WITH');
  return { returning: selectedColumns(node.exprs, reader) };
}

export function mergeStatement(node: pg.MergeStmt, reader: Reader): ast.MergeStatement {
  if (node.returningClause !== undefined) throw notSupported('RETURNING of MERGE');
  const merge: Mutable<ast.MergeStatement> = {
    type: 'merge',
    into: relationName(node.relation, reader),
    using: reader.from(node.sourceRelation),
    on: reader.expr(node.joinCondition),
    whens: (node.mergeWhenClauses ?? []).map((clause) => mergeWhen(clause, reader)),
  };
  if (node.withClause !== undefined) merge.with = withClause(node.withClause, reader);
  if (node.relation?.alias?.aliasname !== undefined) merge.alias = node.relation.alias.aliasname;
  return merge;
}

function mergeWhen(node: pg.Node, reader: Reader): ast.MergeWhen {
  assert('MergeWhenClause' in node, 'a WHEN clause is expected in the parse tree');
  const clause = node.MergeWhenClause;
  if (clause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') throw notSupported('WHEN NOT MATCHED BY SOURCE');
  return {
    matched: clause.matchKind === 'MERGE_WHEN_MATCHED',
    ...(clause.condition === undefined ? {} : { condition: reader.expr(clause.condition) }),
    action: mergeAction(clause, reader),
  };
}

function mergeAction(clause: pg.MergeWhenClause, reader: Reader): ast.MergeWhen['action'] {
  switch (clause.commandType) {
    case 'CMD_UPDATE':
      return { type: 'update', sets: setClauses(clause.targetList, reader) };
    case 'CMD_DELETE':
      return { type: 'delete' };
    case 'CMD_INSERT':
      return {
        type: 'insert',
        ...(nonEmpty(clause.targetList) ? { columns: clause.targetList.map((column) => insertColumn(column, reader)) } : {}),
        ...(clause.override === 'OVERRIDING_SYSTEM_VALUE' ? { overriding: 'system' } : {}),
        ...(clause.override === 'OVERRIDING_USER_VALUE' ? { overriding: 'user' } : {}),
        ...(nonEmpty(clause.values) ? { values: reader.exprs(clause.values) } : {}),
      };
    default:
      return { type: 'nothing' };
  }
}
