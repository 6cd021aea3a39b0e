import type { ColumnDescriptor, TableDescriptor, ViewDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { bindStatement } from '../../planner/bind/bind.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';

/** Whether a view reads a column: by the privileges that its query needs, which name the columns. A view that can't be bound counts as one that does. */
export function viewUsesColumn(view: ViewDescriptor, table: TableDescriptor, column: ColumnDescriptor, cx: UtilityContext): boolean {
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
