import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { nameOf, relationName, strings } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader } from './reader.js';

export function createStatistics(node: pg.CreateStatsStmt, reader: Reader): ast.Statement {
  // A later grammar than PostgreSQL 15's takes it without a name.
  if (!nonEmpty(node.defnames)) throw new SqlError(SqlState.syntaxError, 'syntax error at or near "ON"');
  const create: Mutable<ast.CreateStatisticsStatement> = {
    type: 'create statistics',
    name: nameOf(node.defnames),
    kinds: nonEmpty(node.stat_types) ? strings(node.stat_types) : [],
    elements: (node.exprs ?? []).map((element) => statisticsElement(element, reader)),
    relations: (node.relations ?? []).map((relation) => {
      if (!('RangeVar' in relation)) throw notSupported('CREATE STATISTICS on anything but a table');
      return relationName(relation.RangeVar, reader);
    }),
  };
  if (node.if_not_exists) create.ifNotExists = true;
  return create;
}

function statisticsElement(node: pg.Node, reader: Reader): ast.CreateStatisticsStatement['elements'][number] {
  assert('StatsElem' in node, 'CREATE STATISTICS is on a list of elements');
  const { name, expr } = node.StatsElem;
  if (name !== undefined) return { column: name };
  assert(expr !== undefined, 'an element is a name or an expression');
  return { expr: reader.expr(expr) };
}

export function alterStatistics(node: pg.AlterStatsStmt): ast.Statement {
  const value = node.stxstattarget;
  const alter: Mutable<ast.AlterStatisticsStatement> = {
    type: 'alter statistics',
    name: nameOf(node.defnames),
    target: value !== undefined && 'Integer' in value ? (value.Integer.ival ?? 0) : -1,
  };
  if (node.missing_ok) alter.ifExists = true;
  return alter;
}

export function createCollation(node: pg.DefineStmt, reader: Reader): ast.Statement {
  const create: Mutable<ast.CreateCollationStatement> = {
    type: 'create collation',
    name: nameOf(node.defnames),
    options: copiedFrom(node) ?? definitionElements(node.definition, reader),
  };
  if (node.if_not_exists) create.ifNotExists = true;
  return create;
}

/** CREATE COLLATION … FROM other: the grammar makes an option of the other's name. */
function copiedFrom(node: pg.DefineStmt): ast.DefElement[] | undefined {
  const [only] = node.definition ?? [];
  if (only === undefined || !('DefElem' in only) || only.DefElem.defname !== 'from') return undefined;
  const { arg } = only.DefElem;
  if (arg === undefined || !('List' in arg)) return undefined;
  return [{ name: 'from', value: { type: 'name', name: nameOf(arg.List.items) } }];
}

export function createPublication(node: pg.CreatePublicationStmt, reader: Reader): ast.Statement {
  return {
    type: 'create publication',
    name: node.pubname ?? '',
    allTables: node.for_all_tables === true,
    options: definitionElements(node.options, reader),
    ...publishedObjects(node.pubobjects, reader),
  };
}

const ACTIONS: Readonly<Record<pg.AlterPublicationAction, ast.AlterPublicationStatement['action']>> = {
  AP_AddObjects: 'add',
  AP_DropObjects: 'drop',
  AP_SetObjects: 'set',
};

export function alterPublication(node: pg.AlterPublicationStmt, reader: Reader): ast.Statement {
  const { action, options, pubobjects } = node;
  return {
    type: 'alter publication',
    name: node.pubname ?? '',
    action: nonEmpty(options) || action === undefined ? 'options' : ACTIONS[action],
    options: definitionElements(options, reader),
    ...publishedObjects(pubobjects, reader),
  };
}

function publishedObjects(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.PublishedObjects {
  const tables: ast.PublicationTable[] = [];
  const schemas: { readonly name?: string }[] = [];
  for (const node of nodes ?? []) {
    assert('PublicationObjSpec' in node, 'a publication is of objects');
    const { pubobjtype, name, pubtable } = node.PublicationObjSpec;
    if (pubtable !== undefined) {
      const { relation, columns, whereClause } = pubtable;
      tables.push({
        name: relationName(relation, reader),
        ...(nonEmpty(columns) ? { columns: strings(columns) } : {}),
        ...(whereClause === undefined ? {} : { where: reader.expr(whereClause) }),
      });
    } else if (pubobjtype === 'PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA') schemas.push({});
    else schemas.push({ name: name ?? '' });
  }
  return { tables, schemas };
}
