import type * as pg from 'libpg-query';
import type * as ast from '../ast.js';
import { definitionElements } from './options.js';
import type { Mutable, Reader } from './reader.js';

export function createExtension(node: pg.CreateExtensionStmt, reader: Reader): ast.Statement {
  const create: Mutable<ast.CreateExtensionStatement> = { type: 'create extension', name: node.extname ?? '' };
  if (node.if_not_exists) create.ifNotExists = true;
  for (const { name, value } of definitionElements(node.options, reader)) {
    if (name === 'cascade') create.cascade = true;
    else if (name === 'schema' && value?.type === 'string') create.schema = value.value;
    else if (name === 'new_version' && value?.type === 'string') create.version = value.value;
  }
  return create;
}

export function alterExtension(node: pg.AlterExtensionStmt, reader: Reader): ast.Statement {
  const alter: Mutable<ast.AlterExtensionStatement> = { type: 'alter extension', name: node.extname ?? '' };
  for (const { name, value } of definitionElements(node.options, reader))
    if (name === 'new_version' && value?.type === 'string') alter.version = value.value;
  return alter;
}
