import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { nameOf, relationName } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader } from './reader.js';
import { sortDirection } from './sorting.js';

/** Of CREATE INDEX and of ON CONFLICT. */
export function indexElements(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.IndexElement[] {
  return (nodes ?? []).map((node) => {
    assert('IndexElem' in node, 'an index column is expected in the parse tree');
    const { name, expr, collation, opclass, opclassopts, ordering, nulls_ordering } = node.IndexElem;
    if (nonEmpty(opclassopts)) throw notSupported('a parameter of an operator class');
    const element: Mutable<ast.IndexElement> = {
      expr: name === undefined ? reader.expr(expr) : { type: 'ref', name },
      ...sortDirection(ordering, nulls_ordering),
    };
    if (nonEmpty(collation)) element.collate = nameOf(collation);
    if (nonEmpty(opclass)) element.opclass = nameOf(opclass);
    return element;
  });
}

export function createIndex(node: pg.IndexStmt, reader: Reader): ast.CreateIndexStatement {
  const statement: Mutable<ast.CreateIndexStatement> = {
    type: 'create index',
    table: relationName(node.relation, reader),
    using: node.accessMethod ?? 'btree',
    elements: indexElements(node.indexParams, reader),
  };
  if (node.idxname !== undefined) statement.name = node.idxname;
  if (node.unique) statement.unique = true;
  if (node.nulls_not_distinct) statement.nullsNotDistinct = true;
  if (node.concurrent) statement.concurrently = true;
  if (node.if_not_exists) statement.ifNotExists = true;
  if (nonEmpty(node.indexIncludingParams)) {
    statement.including = indexElements(node.indexIncludingParams, reader).map((element) => {
      if (element.expr.type !== 'ref') throw notSupported('an expression as included column');
      return element.expr.name;
    });
  }
  if (node.whereClause !== undefined) statement.where = reader.expr(node.whereClause);
  if (nonEmpty(node.options)) statement.with = definitionElements(node.options, reader);
  return statement;
}
