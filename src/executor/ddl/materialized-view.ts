import { storedQueryOf } from '../../catalog/definitions/index.js';
import type { MaterializedQuery, TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { bindStatement } from '../../planner/bind/bind.js';
import { parseQuery } from '../../planner/bind/stored-text.js';
import type { SelectStatement } from '../../planner/parse/ast.js';
import { deparseQuery } from '../../planner/parse/deparse.js';
import { TableWriter } from '../bulk/index.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { directReads, keptText } from './create-view.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from './names.js';
import { emptyTableStorage } from './truncate.js';

/**
 * What a new materialized view keeps of its query.
 * @throws SqlError 0A000 where it reads rows that only their owners may see: they would be everybody's
 */
export function materializedQuery(
  query: SelectStatement,
  columns: TableDescriptor['columns'],
  populated: boolean,
  cx: UtilityContext,
): MaterializedQuery {
  const bound = bindStatement(query, { ...cx.planner, catalog: catalogOf(cx), paramTypes: [], isDefinition: true });
  requireSharedReads(bound.reads, cx);
  return { ...keptText(query, deparseQuery(query), columns, cx), dependsOn: directReads(bound), populated };
}

function requireSharedReads(reads: readonly Oid[], cx: UtilityContext): void {
  for (const oid of reads) {
    const relation = catalogOf(cx).relationByOid(oid);
    if (relation?.kind !== 'table') continue;
    if (relation.persistence === 'temporary')
      throw new SqlError(SqlState.featureNotSupported, 'materialized views must not use temporary tables or views');
    if (relation.tableType === 'user' || relation.tableType === 'stream')
      throw notSupported(`a materialized view over ${relation.tableType} table "${relation.name}"`, {
        hint: 'Each user would see the rows of whoever refreshes it. Use a view.',
      });
  }
}

/** REFRESH MATERIALIZED VIEW: the rows that its query gives now take the place of those it has. */
export async function refreshMaterializedView(
  statement: UtilityStatement<'refresh materialized view'>,
  cx: UtilityContext,
): Promise<UtilityResult> {
  const tag = 'REFRESH MATERIALIZED VIEW';
  const isConcurrent = statement.concurrently === true;
  const relation = findRelation(statement.name, cx);
  requireOwner(relation, cx);
  await lockRelation(relation.oid, cx, isConcurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  const table = catalogOf(cx).relationByOid(relation.oid);
  const query = storedQueryOf(table);
  if (table?.kind !== 'table' || table.materialized === undefined || query === undefined)
    throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a table or materialized view`);
  if (isConcurrent) requireConcurrent(table, statement.withNoData === true, cx);
  const written = parseQuery(cx.planner.parser, query.queryText);
  requireSharedReads(bindStatement(written, { ...cx.planner, catalog: catalogOf(cx), paramTypes: [] }).reads, cx);
  emptyTableStorage(table.oid, false, cx);
  const populated = statement.withNoData !== true;
  const emptied = catalogOf(cx).relationByOid(table.oid);
  if (emptied?.kind !== 'table') return { tag };
  const refreshed: TableDescriptor = { ...emptied, materialized: { ...table.materialized, populated } };
  cx.session.catalog.put(cx.transaction, refreshed);
  if (populated) await fillFrom(written, refreshed, cx);
  return { tag };
}

/** Writes what a query gives into a table. @returns how many rows */
export async function fillFrom(query: SelectStatement, table: TableDescriptor, cx: UtilityContext): Promise<number> {
  const writer = new TableWriter(table, cx);
  const rows = cx.runQuery(query).start();
  let count = 0;
  try {
    for (let batch = await rows.next(); batch !== null; batch = await rows.next()) {
      for (const row of batch) await writer.insert(row);
      count += batch.length;
    }
    await writer.finish();
  } finally {
    rows.close();
  }
  return count;
}

/** Rows are told apart by a unique index in PostgreSQL; here none is needed, but its rules hold. @throws SqlError 55000, 42601 */
function requireConcurrent(table: TableDescriptor, withNoData: boolean, cx: UtilityContext): void {
  if (table.materialized?.populated === false)
    throw new SqlError(SqlState.featureNotSupported, 'CONCURRENTLY cannot be used when the materialized view is not populated');
  if (withNoData) throw new SqlError(SqlState.syntaxError, 'CONCURRENTLY and WITH NO DATA options cannot be used together');
  const usable = catalogOf(cx)
    .indexesOf(table.oid)
    .some((index) => index.unique && index.predicateText === undefined && index.columns.every(({ column }) => column !== 0));
  if (usable) return;
  const schema = catalogOf(cx).schemaByOid(table.schema)?.name ?? '';
  throw new SqlError(SqlState.objectNotInPrerequisiteState, `cannot refresh materialized view "${schema}.${table.name}" concurrently`, {
    hint: 'Create a unique index with no WHERE clause on one or more columns of the materialized view.',
  });
}
