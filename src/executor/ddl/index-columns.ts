import type { IndexColumn } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { formatType } from '../../types/format-type.js';
import type { UtilityContext } from './context.js';

/** pg_am.oid of btree. */
export const BTREE = 403;

interface ColumnOrder {
  readonly order?: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
  readonly exprText?: string;
}

/**
 * One column of an index; PostgreSQL's default order of NULLs follows the direction.
 * @throws SqlError 42704 for a type without an order
 */
export function indexColumn(column: number, type: Oid, order: ColumnOrder, cx: UtilityContext): IndexColumn {
  const opclass = cx.catalog.builtin.defaultOpclass(type, BTREE);
  if (opclass === undefined)
    throw new SqlError(
      SqlState.undefinedObject,
      `data type ${formatType(type, -1)} has no default operator class for access method "btree"`,
      {
        hint: 'You must specify an operator class for the index or define a default operator class for the data type.',
      },
    );
  const descending = order.order === 'DESC';
  return {
    column,
    ...(order.exprText === undefined ? {} : { exprText: order.exprText }),
    type,
    descending,
    nullsFirst: order.nulls === undefined ? descending : order.nulls === 'FIRST',
    opclass: opclass.oid,
  };
}
