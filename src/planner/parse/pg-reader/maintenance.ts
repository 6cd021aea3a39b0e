import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { tokenize } from '../tokens.js';
import { relationName, relationNames, strings } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';
import { dataStatement } from './select.js';

export function copyStatement(node: pg.CopyStmt, reader: Reader): ast.Statement {
  const copy: Mutable<ast.CopyStatement> = {
    type: 'copy',
    direction: node.is_from ? 'from' : 'to',
    options: definitionElements(node.options, reader),
  };
  if (node.relation !== undefined) copy.table = relationName(node.relation, reader);
  if (nonEmpty(node.attlist)) copy.columns = strings(node.attlist);
  if (node.query !== undefined) copy.query = dataStatement(node.query, reader);
  if (node.filename !== undefined) copy.file = node.filename;
  if (node.is_program) copy.program = true;
  if (node.whereClause !== undefined) copy.where = reader.expr(node.whereClause);
  return copy;
}

export function truncateStatement(node: pg.TruncateStmt, reader: Reader): ast.Statement {
  const truncate: Mutable<ast.TruncateStatement> = { type: 'truncate', tables: relationNames(node.relations, reader) };
  if (node.restart_seqs) truncate.restartIdentity = true;
  if (node.behavior === 'DROP_CASCADE') truncate.cascade = true;
  return truncate;
}

export function explainStatement(node: pg.ExplainStmt, reader: Reader): ast.Statement {
  return { type: 'explain', options: definitionElements(node.options, reader), statement: reader.statement(node.query) };
}

export function vacuumStatement(node: pg.VacuumStmt, reader: Reader): ast.Statement {
  return {
    type: node.is_vacuumcmd ? 'vacuum' : 'analyze',
    options: definitionElements(node.options, reader),
    tables: (node.rels ?? []).map((target) => {
      assert('VacuumRelation' in target, 'VACUUM names relations');
      const { relation, va_cols } = target.VacuumRelation;
      const name = relationName(relation, reader);
      return nonEmpty(va_cols) ? { name, columns: strings(va_cols) } : { name };
    }),
  };
}

const REINDEXED = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_SYSTEM: 'system',
  REINDEX_OBJECT_DATABASE: 'database',
} as const;

export function clusterStatement(node: pg.ClusterStmt, reader: Reader): ast.Statement {
  const cluster: Mutable<ast.ClusterStatement> = { type: 'cluster' };
  if (node.relation !== undefined) cluster.table = relationName(node.relation, reader);
  if (node.indexname !== undefined) cluster.index = node.indexname;
  return cluster;
}

export function reindexStatement(node: pg.ReindexStmt, reader: Reader): ast.Statement {
  const reindex: Mutable<ast.ReindexStatement> = { type: 'reindex', objectType: REINDEXED[required(node.kind, 'ReindexStmt.kind')] };
  if (node.relation !== undefined) reindex.name = relationName(node.relation, reader);
  else if (node.name !== undefined) reindex.name = { name: node.name };
  return reindex;
}

export function doStatement(node: pg.DoStmt, reader: Reader): ast.Statement {
  const block: Mutable<ast.DoStatement> = { type: 'do', code: '' };
  for (const { name, value } of definitionElements(node.args, reader)) {
    const text = value?.type === 'string' ? value.value : '';
    if (name === 'as') block.code = text;
    else if (name === 'language') block.language = text;
  }
  const codeStart = startOfLiteral(block.code, reader);
  if (codeStart !== undefined) block.codeStart = codeStart;
  return block;
}

/** Behind the opening quote of the literal that is written just as its value is. */
function startOfLiteral(value: string, { source, statementStart, statementEnd }: Reader): number | undefined {
  for (const { kind, start, end } of tokenize(source, statementStart, statementEnd)) {
    if (kind !== 'string') continue;
    const quote = /^\$[^$]*\$|^'/.exec(source.slice(start, end))?.[0] ?? '';
    if (quote !== '' && source.slice(start + quote.length, end - quote.length) === value) return start + quote.length;
  }
  return undefined;
}
