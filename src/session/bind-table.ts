import type { BindTable } from '../executor/dml/bound-children.js';
import { bindTable } from '../planner/bind/bind.js';
import type { PlannerContext, PlanningSettings } from '../planner/context.js';
import type { Parser } from '../planner/parse/parse.js';

/** Nothing is planned: what binding a table needs is names only. */
const NO_PLANNING: PlanningSettings = {
  enableHashJoin: true,
  enableMergeJoin: true,
  enableNestedLoop: true,
  enableSequentialScan: true,
  enableIndexScan: true,
  enableHashAggregate: true,
  enableSort: true,
  workMemBytes: 0,
};

/** Binds tables that a statement changes without naming them (ON DELETE CASCADE), under the catalog and names of its session. */
export function bindTableOfSession(parser: Parser): BindTable {
  return (table, cx) => {
    const { catalog, session, format } = cx;
    const searchPath = session.searchPath(true).flatMap((name) => {
      const schema = catalog.schema(name) ?? (catalog.tempSchema?.name === name ? catalog.tempSchema : undefined);
      return schema === undefined ? [] : [schema.oid];
    });
    const planner: PlannerContext = {
      catalog,
      parser,
      searchPath,
      currentRole: session.currentRole,
      paramTypes: [],
      allUsers: false,
      format,
      planning: NO_PLANNING,
    };
    return bindTable(table, planner);
  };
}
