import type { Oid } from '../../commons/ids.js';
import { RoleOid } from '../../commons/system-names.js';
import type { CatalogSnapshot } from '../catalog.js';
import { isMemberOf } from '../privileges.js';

/**
 * How many rows a table had at its last ANALYZE: of a user or stream table administrators are told all, everybody else the average user's.
 * Undefined when it has not been analysed.
 */
export function rowsToShow(catalog: CatalogSnapshot, role: Oid, table: Oid): number | undefined {
  const statistics = catalog.statistics(table);
  if (statistics?.users === undefined) return statistics?.rows;
  return Math.round(isMemberOf(catalog, role, RoleOid.admin) ? statistics.rows * statistics.users : statistics.rows);
}
