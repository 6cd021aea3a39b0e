import type * as pg from 'libpg-query';
import type * as ast from '../ast.js';
import { definitionElements } from './options.js';
import type { Mutable, Reader } from './reader.js';

export function createDatabase(node: pg.CreatedbStmt, reader: Reader): ast.Statement {
  return { type: 'create database', name: node.dbname ?? '', options: definitionElements(node.options, reader) };
}

export function alterDatabase(node: pg.AlterDatabaseStmt, reader: Reader): ast.Statement {
  return { type: 'alter database', name: node.dbname ?? '', options: definitionElements(node.options, reader) };
}

export function refreshDatabase(node: pg.AlterDatabaseRefreshCollStmt): ast.Statement {
  return { type: 'alter database', name: node.dbname ?? '', options: [], refreshes: true };
}

export function dropDatabase(node: pg.DropdbStmt, reader: Reader): ast.Statement {
  const drop: Mutable<ast.DropDatabaseStatement> = { type: 'drop database', name: node.dbname ?? '' };
  if (node.missing_ok) drop.ifExists = true;
  // The grammar knows no other option.
  if (definitionElements(node.options, reader).length > 0) drop.force = true;
  return drop;
}
