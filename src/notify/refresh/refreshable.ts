import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { isPartitioned } from '../../executor/access/index.js';
import type { ListenOptions } from '../listen-options.js';
import type { ListenTarget } from '../listen-target.js';
import { sharedRefused } from '../live/compile-program.js';
import type { ListenContext } from '../notifications.js';

/** The server's own lists are for administrators, and tell of no change themselves. @throws SqlError 42501 */
export function refreshInterval(relations: readonly Oid[], asked: ListenOptions, cx: ListenContext): number | undefined {
  for (const oid of relations) {
    const relation = cx.catalog.relationByOid(oid);
    if (relation?.kind !== 'virtual') continue;
    if (!cx.isAdministrator)
      throw new SqlError(SqlState.insufficientPrivilege, `permission denied to listen to system relation "${relation.name}"`, {
        hint: 'Only superusers and members of role kalamdb_admin may listen to it.',
      });
    return asked.refreshMs ?? SYSTEM_REFRESH_MS;
  }
  return asked.refreshMs;
}

const SYSTEM_REFRESH_MS = 1000;

/**
 * The tables of a query that is run again, in a session of its own: that one knows nothing of temporary tables.
 * @throws SqlError 0A000
 */
export function refreshableTables(
  target: ListenTarget,
  relations: readonly Oid[],
  asked: ListenOptions,
  catalog: CatalogSnapshot,
): ReadonlyMap<Oid, TableDescriptor> {
  const tables = new Map<Oid, TableDescriptor>();
  for (const oid of relations) {
    const relation = catalog.relationByOid(oid);
    if (relation === undefined) continue;
    if (oid !== target.relation && catalog.schemaByOid(relation.schema)?.name.startsWith('pg_temp') === true)
      throw notSupported(`a live query that is refreshed, over temporary relation "${relation.name}",`);
    if (relation.kind !== 'table') continue;
    if (relation.persistence === 'temporary')
      throw notSupported(`a live query that is refreshed, over temporary table "${relation.name}",`);
    if (!isPartitioned(relation) && !asked.snapshotShared) throw sharedRefused(target.name, relation.name);
    tables.set(oid, relation);
  }
  return tables;
}
