import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { StoredQuery } from '../../catalog/definitions/index.js';
import type { ColumnDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { bindStatement } from '../../planner/bind/bind.js';
import { parseQuery } from '../../planner/bind/stored-text.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';

/** Whether a view reads a column: by the privileges that its query needs, which name the columns. A view that can't be bound counts as one that does. */
export function viewUsesColumn(view: StoredQuery, table: TableDescriptor, column: ColumnDescriptor, cx: UtilityContext): boolean {
  const catalog = catalogOf(cx);
  const [parsed] = cx.planner.parser.parse(view.queryText);
  const statement = parsed?.statement;
  if (statement?.type !== 'select' && statement?.type !== 'set operation' && statement?.type !== 'values') return true;
  const searchPath = view.searchPath.map((name) => catalog.schema(name)?.oid).filter((oid): oid is Oid => oid !== undefined);
  const bound = bindStatement(statement, { ...cx.planner, catalog, searchPath, paramTypes: [] });
  return bound.privileges.some(
    (privilege) =>
      privilege.objectKind === 'table' &&
      privilege.oid === table.oid &&
      (privilege.columns === undefined || privilege.columns.includes(column.number)),
  );
}

/** Whether a view groups by the table's primary key and shows other columns of it. */
export function viewNeedsKey(view: StoredQuery, table: TableDescriptor, cx: UtilityContext): boolean {
  const catalog = catalogOf(cx);
  const keyless = { ...table, constraints: table.constraints.filter((constraint) => constraint.kind !== 'primary key') };
  const searchPath = view.searchPath.flatMap((name) => catalog.schema(name)?.oid ?? []);
  try {
    bindStatement(parseQuery(cx.planner.parser, view.queryText), {
      ...cx.planner,
      catalog: withRelation(catalog, keyless),
      searchPath,
      paramTypes: [],
    });
    return false;
  } catch (error) {
    return error instanceof SqlError && error.code === SqlState.groupingError;
  }
}

/** The catalog as if a table were another. */
function withRelation(catalog: CatalogSnapshot, table: TableDescriptor): CatalogSnapshot {
  return new Proxy(catalog, {
    get(target, property) {
      if (property === 'relation')
        return (schema: Oid, name: string) => (schema === table.schema && name === table.name ? table : target.relation(schema, name));
      if (property === 'relationByOid') return (oid: Oid) => (oid === table.oid ? table : target.relationByOid(oid));
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
