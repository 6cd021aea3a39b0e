import { userId } from '../../../commons/ids.js';
import { SchemaName, SLOT_COUNT, SystemRelation } from '../../../commons/system-names.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import { schemaName } from '../../definitions/index.js';
import { Access, ANY_TABLE_PRIVILEGE, roleName } from '../access.js';
import { tablesFor } from '../relation-lookup.js';
import { columnNumber, type Providers, type VirtualScan } from '../scan.js';
import { sessionsSeen } from '../sessions-seen.js';

const provider = (name: string) => `${SchemaName.system}.${name}`;

/** The relations of schema system: administrators see all lines, ordinary roles their own. */
export const SYSTEM_PROVIDERS: Providers = {
  [provider(SystemRelation.users)]: users,
  [provider(SystemRelation.tables)]: tables,
  [provider(SystemRelation.slots)]: slots,
  [provider(SystemRelation.settings)]: settings,
  [provider(SystemRelation.sessions)]: sessions,
  [provider(SystemRelation.liveQueries)]: liveQueries,
  [provider(SystemRelation.auditLog)]: auditLog,
  [provider(SystemRelation.hba)]: hba,
};

function* users(scan: VirtualScan): Iterable<Row> {
  const access = new Access(scan);
  for (const role of scan.catalog.roles()) {
    if (!access.isAdministrator && role.oid !== access.role) continue;
    const slot = scan.cx.slotOfUser(userId(role.name));
    yield [role.name, role.oid, role.superuser, role.canLogin, slot, scan.cx.slotShard(slot), role.validUntil ?? null];
  }
}

const MICROS_PER_SECOND = 1_000_000;
const MS_PER_SECOND = 1000;

function* tables(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  const wanted = { oid: scan.number('oid'), schemaName: scan.text('schema_name'), name: scan.text('table_name') };
  for (const table of tablesFor(catalog, wanted)) {
    if (!access.isAdministrator && !access.may(table, ANY_TABLE_PRIVILEGE)) continue;
    yield [
      schemaName(catalog, table.schema),
      table.name,
      table.oid,
      table.tableType,
      roleName(catalog, table.owner),
      table.storage,
      table.serde,
      table.ttlMicros === undefined ? null : Math.round(table.ttlMicros / MICROS_PER_SECOND),
      Math.round(table.deletedRetentionMs / MS_PER_SECOND),
      table.deletedRetentionBytes ?? null,
      Math.max(0, Math.round(scan.cx.estimatedRows(table.oid))),
    ];
  }
}

function* slots(scan: VirtualScan): Iterable<Row> {
  const access = new Access(scan);
  if (access.isAdministrator) {
    for (let slot = 0; slot < SLOT_COUNT; slot++) yield [slot, scan.cx.slotShard(slot)];
    return;
  }
  const own = scan.cx.slotOfUser(userId(roleName(scan.catalog, access.role)));
  yield [own, scan.cx.slotShard(own)];
}

/** The session's settings, as everyone may see them: pg_settings in fewer columns. */
function* settings(scan: VirtualScan): Iterable<Row> {
  const made = scan.cx.sessionRows(scan.table.provider);
  if (made !== undefined) {
    yield* made;
    return;
  }
  for (const row of scan.cx.sessionRows(`${SchemaName.pgCatalog}.pg_settings`) ?? []) {
    const [name, setting, unit, , , , context, type, source, minimum, maximum, values, bootValue] = row;
    yield [name, setting, unit, context, type, bootValue, minimum, maximum, joined(values), source].map((value) => value ?? null);
  }
}

function joined(values: SqlValue | undefined): string | null {
  return values instanceof SqlArray ? values.elements.join(', ') : null;
}

function* sessions(scan: VirtualScan): Iterable<Row> {
  const isOwn = ownSession(scan);
  for (const row of scan.cx.sessionRows(scan.table.provider) ?? []) if (isOwn(row)) yield row;
}

function* auditLog(scan: VirtualScan): Iterable<Row> {
  const access = new Access(scan);
  const name = roleName(scan.catalog, access.role);
  const role = columnNumber(scan.table, 'role') - 1;
  const user = columnNumber(scan.table, 'user_id') - 1;
  const { boundUser, isAdministrator } = access;
  for (const row of scan.cx.sessionRows(scan.table.provider) ?? [])
    if (isAdministrator || (row[role] === name && (boundUser === undefined || row[user] === boundUser))) yield row;
}

/** Who may come in is for administrators to know. */
function* hba(scan: VirtualScan): Iterable<Row> {
  if (new Access(scan).isAdministrator) yield* scan.cx.sessionRows(scan.table.provider) ?? [];
}

/** A session belongs to the role that logged in. */
function ownSession(scan: VirtualScan): (row: Row) => boolean {
  const access = new Access(scan);
  if (access.isAdministrator) return () => true;
  const name = roleName(scan.catalog, access.role);
  const isSeen = sessionsSeen(scan);
  return (row) => row[SESSION_ROLE] === name && isSeen(row[SESSION_PID]);
}
/** Positions in system.sessions. */
const SESSION_PID = 0;
const SESSION_ROLE = 1;

/** Those that the role's sessions listen to, or that see the role's own rows. */
function* liveQueries(scan: VirtualScan): Iterable<Row> {
  const access = new Access(scan);
  const own = access.isAdministrator ? undefined : ownPids(scan);
  const pid = columnNumber(scan.table, 'pid') - 1;
  const user = columnNumber(scan.table, 'user_id') - 1;
  const name = access.boundUser ?? roleName(scan.catalog, access.role);
  for (const row of scan.cx.sessionRows(scan.table.provider) ?? [])
    if (own === undefined || own.has(row[pid] ?? null) || row[user] === name) yield row;
}

function ownPids(scan: VirtualScan): ReadonlySet<SqlValue> {
  const isOwn = ownSession(scan);
  const pids = new Set<SqlValue>();
  for (const row of scan.cx.sessionRows(provider(SystemRelation.sessions)) ?? []) if (isOwn(row)) pids.add(row[SESSION_PID] ?? null);
  return pids;
}
