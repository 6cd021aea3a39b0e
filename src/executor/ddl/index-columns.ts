import { type BuiltinOpclass, isBinaryCoercible } from '../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { IndexColumn } from '../../catalog/descriptors.js';
import { storedAs, typeRecord } from '../../catalog/made-types.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeLookup } from '../../planner/bind/type-lookup.js';
import type { QName } from '../../planner/parse/ast.js';
import { formatType } from '../../types/format-type.js';
import { TypeOid } from '../../types/oids.js';
import type { UtilityContext } from './context.js';
import { catalogOf, nameText } from './names.js';

/** pg_am.oid of btree. */
export const BTREE = 403;

interface ColumnOrder {
  readonly order?: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
  readonly exprText?: string;
  /** The access method; absent: btree. */
  readonly method?: string;
  /** Named in place of the type's default one. */
  readonly opclass?: QName;
}

/**
 * One column of an index; PostgreSQL's default order of NULLs follows the direction.
 * @throws SqlError 42704 for a type without an order
 */
export function indexColumn(column: number, type: Oid, order: ColumnOrder, cx: UtilityContext): IndexColumn {
  const catalog = catalogOf(cx);
  const stored = storedAs(catalog, type);
  const opclass = opclassFor(type, order, cx);
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

/** @throws SqlError 42704, 42804 */
function opclassFor(type: Oid, { method = 'btree', opclass: named }: ColumnOrder, cx: UtilityContext): BuiltinOpclass {
  const catalog = catalogOf(cx);
  // Entries of hash indexes are in order too.
  const oid = method === 'hash' ? BTREE : (catalog.builtin.accessMethods().find(({ name }) => name === method)?.oid ?? BTREE);
  if (named === undefined || method === 'hash') {
    const found = catalog.builtin.defaultOpclass(opclassType(catalog, type), oid);
    if (found !== undefined) return found;
    throw new SqlError(
      SqlState.undefinedObject,
      `data type ${formatType(type, -1)} has no default operator class for access method "${method}"`,
      { hint: 'You must specify an operator class for the index or define a default operator class for the data type.' },
    );
  }
  const schema = named.schema === undefined ? undefined : catalog.schema(named.schema)?.oid;
  const path = named.schema === undefined ? cx.planner.searchPath : schema === undefined ? [] : [schema];
  const found = catalog.builtin
    .opclasses()
    .find((candidate) => candidate.name === named.name && candidate.method === oid && path.includes(candidate.namespace));
  if (found === undefined)
    throw new SqlError(SqlState.undefinedObject, `operator class "${nameText(named)}" does not exist for access method "${method}"`);
  const types = new TypeLookup(catalog);
  if (!isBinaryCoercible(types, type, found.inputType))
    throw new SqlError(SqlState.datatypeMismatch, `operator class "${nameText(named)}" does not accept data type ${formatType(type, -1)}`);
  return found;
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
