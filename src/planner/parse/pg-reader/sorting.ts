import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { operatorName } from './operators.js';
import type { Mutable, Reader } from './reader.js';

export function sortClause(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.OrderBy[] {
  return (nodes ?? []).map((node) => {
    assert('SortBy' in node, 'a sort key is expected in the parse tree');
    const key = node.SortBy;
    const orderBy: Mutable<ast.OrderBy> = {
      by: reader.expr(key.node),
      ...sortDirection(key.sortby_dir, key.sortby_nulls),
      ...reader.at(key.location),
    };
    if (key.sortby_dir === 'SORTBY_USING') orderBy.using = operatorName(key.useOp).op;
    return orderBy;
  });
}

/** As written: absent where nothing was. */
export function sortDirection(direction?: pg.SortByDir, nulls?: pg.SortByNulls): { order?: 'ASC' | 'DESC'; nulls?: 'FIRST' | 'LAST' } {
  return {
    ...(direction === 'SORTBY_ASC' ? { order: 'ASC' } : direction === 'SORTBY_DESC' ? { order: 'DESC' } : {}),
    ...(nulls === 'SORTBY_NULLS_FIRST' ? { nulls: 'FIRST' } : nulls === 'SORTBY_NULLS_LAST' ? { nulls: 'LAST' } : {}),
  };
}
