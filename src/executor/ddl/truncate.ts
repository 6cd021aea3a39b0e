import { Privilege, type TableDescriptor } from '../../catalog/descriptors.js';
import { inheritsFrom, isSuperuser, privilegesOf } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { RoleName } from '../../commons/system-names.js';
import { inheritors } from '../../planner/partitions/descendants.js';
import { isPartitioned } from '../access/index.js';
import { requireNotInUse, requireNoWaitingChecks } from '../dml/constraint-checks.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, findRelation, lockRelation, ownedBy, requirePlainTable } from './names.js';
import { notice } from './notices.js';
import { restartedAt } from './sequence.js';
import { truncateTriggers } from './triggers/truncate.js';

/**
 * TRUNCATE gives each table new, empty storage: it costs the same for any number of rows, and rolls back. A user table is emptied for all
 * its users, so there the privilege is not enough (GRANT ALL gives it to each of them): it takes its owner or an administrator.
 */
export async function truncate(statement: UtilityStatement<'truncate'>, cx: UtilityContext): Promise<UtilityResult> {
  const tables = new Map<Oid, TableDescriptor>();
  for (const name of statement.tables) {
    const relation = findRelation(name, cx);
    requirePlainTable(relation);
    requirePrivilege(relation, cx);
    if (name.only === true && relation.partitionKey !== undefined && catalogOf(cx).childrenOf(relation.oid).length > 0)
      throw new SqlError(SqlState.wrongObjectType, 'cannot truncate only a partitioned table', {
        hint: 'Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions directly.',
      });
    const emptied = name.only === true ? [relation] : inheritors(relation, catalogOf(cx));
    for (const table of emptied) tables.set(table.oid, table);
  }
  addReferencing(tables, statement.cascade === true, cx);
  for (const oid of [...tables.keys()].sort((a, b) => a - b)) await lockRelation(oid, cx);
  for (const table of tables.values()) requireNotInUse(cx.session, table, 'TRUNCATE');
  for (const table of tables.values()) requireNoWaitingChecks(cx.session.constraintChecks, table, 'TRUNCATE');
  const triggers = truncateTriggers([...tables.values()], cx);
  await triggers?.before();
  for (const oid of tables.keys()) emptyTableStorage(oid, statement.restartIdentity === true, cx);
  await triggers?.after();
  return { tag: 'TRUNCATE TABLE' };
}

function requirePrivilege(table: TableDescriptor, cx: UtilityContext): void {
  if ((privilegesOf(catalogOf(cx), cx.session.currentRole, 'table', table) & Privilege.truncate) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for table ${table.name}`);
  if (isPartitioned(table) && !ownedBy(table.owner, cx) && !isAdministrator(cx)) {
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for table ${table.name}`, {
      detail: `TRUNCATE would remove the rows of all users of ${table.tableType} table "${table.name}".`,
      hint: 'DELETE removes your own rows. The owner of the table and administrators may TRUNCATE it.',
    });
  }
}

function isAdministrator(cx: UtilityContext): boolean {
  const catalog = catalogOf(cx);
  const admin = catalog.role(RoleName.admin);
  const { currentRole } = cx.session;
  return isSuperuser(catalog, currentRole) || (admin !== undefined && inheritsFrom(catalog, currentRole, admin.oid));
}

/** Tables whose foreign keys point at these must be emptied with them. */
function addReferencing(tables: Map<Oid, TableDescriptor>, cascade: boolean, cx: UtilityContext): void {
  const queue = [...tables.values()];
  for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
    for (const referencing of catalogOf(cx).referencingTables(table.oid)) {
      if (tables.has(referencing.oid)) continue;
      if (!cascade)
        throw new SqlError(SqlState.featureNotSupported, 'cannot truncate a table referenced in a foreign key constraint', {
          detail: `Table "${referencing.name}" references "${table.name}".`,
          hint: `Truncate table "${referencing.name}" at the same time, or use TRUNCATE ... CASCADE.`,
        });
      notice(cx, `truncate cascades to table "${referencing.name}"`);
      requirePrivilege(referencing, cx);
      tables.set(referencing.oid, referencing);
      queue.push(referencing);
    }
  }
}

/** New, empty storage for a table and its indexes. */
export function emptyTableStorage(oid: Oid, restartIdentity: boolean, cx: UtilityContext): void {
  const { catalog } = cx.session;
  const table = catalogOf(cx).relationByOid(oid);
  if (table?.kind !== 'table') return;
  for (const space of cx.access.tableSpaces(table)) cx.transaction.dropSpace(space);
  if (table.rowKey === undefined) cx.access.dropCounter(table.storage, cx.transaction);
  const storage = catalog.allocateStorage();
  cx.transaction.noteFresh(storage);
  catalog.put(cx.transaction, { ...table, storage });
  for (const index of catalogOf(cx).indexesOf(oid)) {
    if (!index.clustered) for (const space of cx.access.indexSpaces(table, index)) cx.transaction.dropSpace(space);
    catalog.put(cx.transaction, { ...index, storage: index.clustered ? storage : catalog.allocateStorage() });
  }
  if (!restartIdentity) return;
  for (const sequence of catalogOf(cx).relations())
    if (sequence.kind === 'sequence' && sequence.ownedBy?.table === oid)
      catalog.put(cx.transaction, restartedAt(sequence, sequence.start, cx));
}
