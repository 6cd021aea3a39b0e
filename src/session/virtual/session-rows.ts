import { SchemaName, SystemRelation } from '../../commons/system-names.js';
import { xidOf } from '../../transaction/transaction-ids.js';
import { parseAddress } from '../../types/network-address.js';
import { parseNumeric } from '../../types/numeric/numeric.js';
import { type Row, SqlArray, type SqlValue } from '../../types/value.js';
import type { AuditEntry } from '../audit/audit-log.js';
import type { SessionCore } from '../session-core.js';
import type { SessionEntry } from '../session-registry.js';
import { isolationName } from '../session-values.js';
import { databaseRows } from './database-rows.js';
import { lockRows, waitEvent } from './lock-rows.js';
import { settingRows } from './setting-rows.js';
import { statementRows } from './statement-rows.js';

type RowsOf = (core: SessionCore) => Iterable<Row>;
const catalog = (name: string): string => `${SchemaName.pgCatalog}.${name}`;
const system = (name: string): string => `${SchemaName.system}.${name}`;

/** Relations whose rows only sessions and server know, by provider. What a role may not see of them the catalog takes away. */
const PROVIDERS: Readonly<Record<string, RowsOf>> = {
  [catalog('pg_settings')]: settingRows,
  [catalog('pg_stat_activity')]: activity,
  [catalog('pg_stat_database')]: databaseRows,
  [catalog('pg_prepared_statements')]: preparedStatements,
  [catalog('pg_cursors')]: cursors,
  [catalog('pg_locks')]: lockRows,
  [catalog('pg_prepared_xacts')]: preparedTransactions,
  pg_prepared_xact: preparedTransactionsByOid,
  [catalog('pg_stat_ssl')]: (core) => everySession(core, sslRow),
  [catalog('pg_stat_gssapi')]: (core) => everySession(core, (entry) => [entry.session.pid, false, null, false]),
  [system(SystemRelation.sessions)]: sessions,
  [system(SystemRelation.auditLog)]: (core) => core.server.audit.entries().map(auditRow),
  [system(SystemRelation.liveQueries)]: (core) => core.server.notifications.liveQueryRows(),
  [catalog('pg_hba_file_rules')]: (core) => core.server.configuration.hbaRows(),
  pg_stat_statements: statementRows,
  pg_stat_statements_info: ({ server: { statementStatistics } }) => [[statementStatistics.dropped, statementStatistics.resetMicros]],
  [system(SystemRelation.hba)]: (core) => core.server.configuration.hbaState(),
  client: clientRow,
  backend_owners: (core) => everySession(core, ({ session }) => [session.pid, session.core.login.oid, session.core.login.endUser ?? null]),
  pg_listening_channels: (core) => Array.from(core.notifications.channels(), (channel) => [channel]),
};

export function sessionRows(core: SessionCore, provider: string): Iterable<Row> | undefined {
  return PROVIDERS[provider]?.(core);
}

function everySession(core: SessionCore, row: (entry: SessionEntry) => Row): Row[] {
  return Array.from(core.server.sessions.all(), row);
}

/** Without an IPv6 zone, as PostgreSQL shows it. */
const inetOf = (address: string | undefined): SqlValue =>
  address === undefined ? null : parseAddress(address.replace(/%.*$/, ''), 'inet');

function clientRow(core: SessionCore): readonly Row[] {
  const entry = core.server.sessions.get(core.pid);
  // On the Unix socket there is neither.
  if (entry?.clientAddress === undefined) return [];
  return [[inetOf(entry.clientAddress), entry.clientPort ?? null]];
}

function auditRow(entry: AuditEntry): Row {
  const { at, event, role, userId, database, address, port, tls, method, pid, code, detail } = entry;
  return [at, event, role, userId, database, address, port, tls, method, pid, code, detail].map((value) => value ?? null);
}

function sslRow({ session, tls }: SessionEntry): Row {
  if (tls === undefined) return [session.pid, false, null, null, null, null, null, null];
  const { version, cipher, bits, certificate } = tls;
  return [
    session.pid,
    true,
    version,
    cipher,
    bits,
    certificate?.subject ?? null,
    certificate === undefined ? null : parseNumeric(certificate.serial),
    certificate?.issuer ?? null,
  ];
}

/** PostgreSQL's words for what a backend does. */
export function stateOf({ session }: SessionEntry): string {
  if (session.core.interrupt.running) return 'active';
  switch (session.transactionStatus) {
    case 'I':
      return 'idle';
    case 'T':
      return 'idle in transaction';
    case 'E':
      return 'idle in transaction (aborted)';
  }
}

/** track_activity_query_size, without its terminating zero. */
const SHOWN_QUERY_LENGTH = 1023;

function activity(core: SessionCore): Row[] {
  const waiting = new Map(core.server.transactions.locks.waits().map((wait) => [wait.backendPid, waitEvent(wait)]));
  return everySession(core, (entry) => {
    const other = entry.session.core;
    const { currentRole: _, ...identity } = other.identity();
    const transaction = other.block.transaction;
    const isActive = stateOf(entry) === 'active';
    const isClient = !other.interrupt.running;
    return [
      other.database.oid,
      other.database.name,
      other.pid,
      null,
      identity.sessionRole,
      identity.sessionUser,
      other.settings.show('application_name'),
      inetOf(entry.clientAddress),
      null,
      entry.clientPort ?? null,
      entry.connectedMicros,
      transaction?.startMicros ?? null,
      startOf(other),
      isActive ? startOf(other) : (other.idleSinceMicros ?? entry.connectedMicros),
      isClient ? 'Client' : waiting.has(other.pid) ? 'Lock' : null,
      isClient ? 'ClientRead' : (waiting.get(other.pid) ?? null),
      stateOf(entry),
      transaction?.hasWrites === true ? xidOf(transaction.id) : null,
      transaction?.snapshotSeq === undefined ? null : xidOf(transaction.id),
      null,
      other.statementText.slice(0, SHOWN_QUERY_LENGTH),
      'client backend',
    ];
  });
}

const startOf = (core: SessionCore): SqlValue => (core.statementStartMicros === 0 ? null : core.statementStartMicros);

function sessions(core: SessionCore): Row[] {
  const nowMicros = core.server.clock.nowMicros();
  return everySession(core, (entry) => {
    const other = entry.session.core;
    const identity = other.identity();
    const transaction = other.block.transaction;
    return [
      other.pid,
      identity.sessionUser,
      identity.actingUser,
      other.database.name,
      other.settings.show('application_name'),
      entry.clientAddress ?? null,
      entry.clientPort ?? null,
      entry.connectedMicros,
      transaction?.startMicros ?? null,
      startOf(other),
      stateOf(entry),
      other.statementText,
      other.notifications.liveQueryCount,
      isolationName(transaction?.options ?? other.values.transactionOptions),
      transaction?.snapshotSeq ?? null,
      transaction?.snapshotSeq === undefined ? null : Math.max(0, core.server.transactions.lastSeq - transaction.snapshotSeq),
      ageOf(transaction?.snapshotMicros, nowMicros),
    ];
  });
}

const MICROS_PER_SECOND = 1_000_000;

function ageOf(sinceMicros: number | undefined, nowMicros: number): SqlValue {
  return sinceMicros === undefined ? null : Math.max(0, nowMicros - sinceMicros) / MICROS_PER_SECOND;
}

function* preparedStatements(core: SessionCore): Iterable<Row> {
  // Plans are made for all values of the parameters.
  for (const { name, text, createdMicros, paramTypes, fromSql, uses } of core.prepared.all()) {
    yield [name, text, createdMicros, new SqlArray([...paramTypes]), fromSql, uses, 0];
  }
}

function* preparedTransactions(core: SessionCore): Iterable<Row> {
  const catalog = core.catalog();
  const names = new Map(Array.from(catalog.databases(), ({ oid, name }) => [oid, name]));
  for (const { transactionId, gid, preparedMicros, owner, database } of core.server.transactions.prepared.list()) {
    yield [xidOf(transactionId), gid, preparedMicros, catalog.roleByOid(owner)?.name ?? null, names.get(database) ?? null];
  }
}

function* preparedTransactionsByOid(core: SessionCore): Iterable<Row> {
  for (const { transactionId, gid, preparedMicros, owner, database } of core.server.transactions.prepared.list()) {
    yield [xidOf(transactionId), gid, preparedMicros, owner, database];
  }
}

function* cursors(core: SessionCore): Iterable<Row> {
  for (const { name, cursor, prepared } of core.portals.named()) {
    const text = cursor?.text ?? prepared?.text ?? '';
    yield [
      name,
      text,
      cursor?.hold ?? false,
      cursor?.binary ?? false,
      cursor?.scroll ?? false,
      cursor?.createdMicros ?? core.statementStartMicros,
    ];
  }
}
