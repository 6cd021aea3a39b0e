import { storedAs } from '../../catalog/made-types.js';
import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import { duplicateColumn } from './columns.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { beginTable } from './create-table.js';
import { fillFrom, materializedQuery } from './materialized-view.js';
import { catalogOf } from './names.js';
import { requireTypeUsage } from './scalar.js';
import { putDraft } from './table-draft.js';

/** CREATE TABLE AS and SELECT INTO: the query's columns make the table, its rows are written as INSERT would. */
export async function createTableAs(statement: UtilityStatement<'create table as'>, cx: UtilityContext): Promise<UtilityResult> {
  assert(statement.query.type !== 'execute', 'the session puts the prepared query in its place');
  const query = cx.runQuery(statement.query, statement.withNoData === true);
  const isView = statement.materializedView === true;
  const tag = isView ? 'CREATE MATERIALIZED VIEW' : 'CREATE TABLE AS';
  const draft = await beginTable(statement, cx);
  if (draft === undefined) return { tag };
  if (statement.columns !== undefined && statement.columns.length > query.columns.length)
    throw new SqlError(SqlState.syntaxError, 'too many column names were specified');
  query.columns.forEach((column, i) => {
    const name = statement.columns?.[i] ?? column.name;
    if (draft.table.columns.some((other) => other.name === name)) throw duplicateColumn(draft, name);
    const type = column.domain ?? (column.type === TypeOid.unknown ? TypeOid.text : column.type);
    const typmod = column.domain === undefined ? column.typmod : -1;
    requireTypeUsage(type, cx);
    const stored = storedAs(catalogOf(cx), type);
    const collation = column.collation === undefined ? {} : { collation: column.collation };
    const layout = stored === undefined ? {} : { storedAs: stored };
    const descriptor = { number: i + 1, name, type, typmod, notNull: false, ...layout, ...collation };
    draft.table = { ...draft.table, columns: [...draft.table.columns, descriptor] };
  });
  if (isView) {
    const materialized = materializedQuery(statement.query, draft.table.columns, statement.withNoData !== true, cx);
    const { ttlMicros: _ttl, ...table } = draft.table;
    const { type: _type, ...options } = table.options;
    draft.table = { ...table, tableType: 'shared', options, materialized };
  }
  putDraft(draft, cx);
  if (statement.withNoData === true) return { tag };
  return { tag: `SELECT ${await fillFrom(statement.query, draft.table, cx)}` };
}
