import type * as pg from 'libpg-query';
import type * as ast from '../ast.js';
import { nameOf, objectName, strings } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';

const KINDS: Readonly<Partial<Record<pg.ObjectType, ast.CreateTextSearchStatement['objectType']>>> = {
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
};

/** Undefined: CREATE of something else. */
export function createTextSearch(node: pg.DefineStmt, reader: Reader): ast.Statement | undefined {
  const objectType = KINDS[required(node.kind, 'DefineStmt.kind')];
  if (objectType === undefined) return undefined;
  return { type: 'create text search', objectType, name: nameOf(node.defnames), options: definitionElements(node.definition, reader) };
}

export function alterTextSearchDictionary(node: pg.AlterTSDictionaryStmt, reader: Reader): ast.Statement {
  return { type: 'alter text search dictionary', name: nameOf(node.dictname), options: definitionElements(node.options, reader) };
}

const ACTIONS: Readonly<Record<pg.AlterTSConfigType, ast.AlterTextSearchConfigurationStatement['action']>> = {
  ALTER_TSCONFIG_ADD_MAPPING: 'add',
  ALTER_TSCONFIG_ALTER_MAPPING_FOR_TOKEN: 'alter',
  ALTER_TSCONFIG_REPLACE_DICT: 'replace',
  ALTER_TSCONFIG_REPLACE_DICT_FOR_TOKEN: 'replace',
  ALTER_TSCONFIG_DROP_MAPPING: 'drop',
};

export function alterTextSearchConfiguration(node: pg.AlterTSConfigurationStmt, reader: Reader): ast.Statement {
  const alter: Mutable<ast.AlterTextSearchConfigurationStatement> = {
    type: 'alter text search configuration',
    name: nameOf(node.cfgname),
    action: ACTIONS[required(node.kind, 'AlterTSConfigurationStmt.kind')],
    tokenTypes: nonEmpty(node.tokentype) ? strings(node.tokentype) : [],
    dictionaries: (node.dicts ?? []).map((dictionary) => objectName(dictionary, reader)),
  };
  if (node.missing_ok) alter.ifExists = true;
  return alter;
}
