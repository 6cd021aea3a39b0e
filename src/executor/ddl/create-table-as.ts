import { storedAs } from '../../catalog/made-types.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import { TableWriter } from '../bulk/index.js';
import { duplicateColumn } from './columns.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { beginTable } from './create-table.js';
import { catalogOf } from './names.js';
import { putDraft } from './table-draft.js';

/** CREATE TABLE AS and SELECT INTO: the query's columns make the table, its rows are written as INSERT would. */
export async function createTableAs(statement: UtilityStatement<'create table as'>, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.materializedView === true) throw notSupported('CREATE MATERIALIZED VIEW');
  if (statement.query.type === 'execute') throw notSupported('CREATE TABLE AS EXECUTE');
  const query = cx.runQuery(statement.query);
  const draft = await beginTable(statement, cx);
  if (draft === undefined) return { tag: 'CREATE TABLE AS' };
  if (statement.columns !== undefined && statement.columns.length > query.columns.length)
    throw new SqlError(SqlState.syntaxError, 'too many column names were specified');
  query.columns.forEach((column, i) => {
    const name = statement.columns?.[i] ?? column.name;
    if (draft.table.columns.some((other) => other.name === name)) throw duplicateColumn(draft, name);
    const type = column.domain ?? (column.type === TypeOid.unknown ? TypeOid.text : column.type);
    const typmod = column.domain === undefined ? column.typmod : -1;
    const stored = storedAs(catalogOf(cx), type);
    const collation = column.collation === undefined ? {} : { collation: column.collation };
    const layout = stored === undefined ? {} : { storedAs: stored };
    const descriptor = { number: i + 1, name, type, typmod, notNull: false, ...layout, ...collation };
    draft.table = { ...draft.table, columns: [...draft.table.columns, descriptor] };
  });
  putDraft(draft, cx);
  if (statement.withNoData === true) return { tag: 'CREATE TABLE AS' };
  const writer = new TableWriter(draft.table, cx);
  const rows = query.start();
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
  return { tag: `SELECT ${count}` };
}
