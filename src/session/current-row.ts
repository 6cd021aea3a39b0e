import type { TableDescriptor } from '../catalog/descriptors.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Portals } from './portals.js';

/** WHERE CURRENT OF (PostgreSQL's execCurrentOf): the key of the table's row that a cursor is on. @throws SqlError 34000, 24000 */
export function currentRow(portals: Portals, name: string, table: TableDescriptor): Uint8Array | undefined {
  const portal = portals.cursor(name);
  const refuse = (what: string): SqlError => new SqlError(SqlState.invalidCursorState, `cursor "${name}" ${what}`);
  const { plan } = portal;
  if (plan === undefined || (plan.query.command !== 'SELECT' && plan.query.command !== 'VALUES')) throw refuse('is not a SELECT query');
  if (portal.cursor?.held === true) throw refuse('is held from a previous transaction');
  const keys = plan.query.cursorKeys;
  const row = portal.rows?.current;
  const tables = keys?.tables ?? [];
  const own = tables.filter((entry) => entry.table === table.oid || (entry.tableId !== undefined && row?.[entry.tableId] === table.oid));
  const [found] = own;
  if (own.length > 1) throw refuse(`has multiple FOR UPDATE/SHARE references to table "${table.name}"`);
  if (found === undefined) {
    // A row of another table of the tree that the cursor reads.
    if (tables.some((entry) => entry.tableId !== undefined)) return undefined;
    if (keys?.isLocking === true) throw refuse(`does not have a FOR UPDATE/SHARE reference to table "${table.name}"`);
    throw refuse(`is not a simply updatable scan of table "${table.name}"`);
  }
  if (row === undefined) throw refuse('is not positioned on a row');
  if (found.tableId !== undefined && row[found.tableId] !== table.oid) return undefined;
  const key = row[found.key];
  return key instanceof Uint8Array ? key : undefined;
}
