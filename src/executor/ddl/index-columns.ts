import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { IndexColumn } from '../../catalog/descriptors.js';
import { storedAs, typeRecord } from '../../catalog/made-types.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { formatType } from '../../types/format-type.js';
import { TypeOid } from '../../types/oids.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';

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
  const catalog = catalogOf(cx);
  const stored = storedAs(catalog, type);
  const opclass = catalog.builtin.defaultOpclass(opclassType(catalog, type), BTREE);
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
    ...(stored === undefined ? {} : { storedAs: stored }),
    descending,
    nullsFirst: order.nulls === undefined ? descending : order.nulls === 'FIRST',
    opclass: opclass.oid,
  };
}

/** The type that the operator class is declared for: PostgreSQL's polymorphic ones for users' types. */
export function opclassType(catalog: CatalogSnapshot, oid: Oid): Oid {
  const type = typeRecord(catalog, oid);
  switch (type?.kind) {
    case 'd':
      return opclassType(catalog, type.baseType);
    case 'e':
      return TypeOid.anyenum;
    case 'r':
      return TypeOid.anyrange;
    case 'm':
      return TypeOid.anymultirange;
    case 'c':
      return TypeOid.record;
    default:
      return type?.isArray === true && type.oid >= FIRST_USER_OID ? TypeOid.anyarray : oid;
  }
}
