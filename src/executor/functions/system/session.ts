import { hidesRows } from '../../../catalog/row-security.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { ENCODING_NAMES, encodingName, maxCharacterBytes } from '../../../types/encodings/names.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { wait } from '../../waiting.js';
import type { FunctionTable } from '../table.js';
import { KALAMDB_VERSION } from './version.js';

/** PostgreSQL's version is the one whose behaviour is offered; clients look for the word and the number. */
function version(cx: FunctionContext): string {
  return `PostgreSQL ${cx.session.getSetting('server_version', true) ?? `15.0 (KalamDB ${KALAMDB_VERSION})`} on Node.js ${process.version}`;
}

/** The first schema of the search path that exists; null when there is none. */
function currentSchema(cx: FunctionContext): string | null {
  return cx.session.searchPath(false)[0] ?? null;
}

/** @throws SqlError 22004 and what setting it raises */
function setConfig(name: string | null, value: string | null, isLocal: boolean | null, cx: FunctionContext): string {
  if (name === null) throw new SqlError(SqlState.nullValueNotAllowed, 'SET requires parameter name');
  return cx.session.setSetting(name, value ?? '', isLocal === true);
}

const encodingOf = (number: number): string => ENCODING_NAMES[number] ?? '';
const currentUser = (cx: FunctionContext): string => cx.session.currentUser;
/** Address and port. */
const clientOf = (cx: FunctionContext): Row => [...(cx.session.virtualRows('client') ?? [])][0] ?? [];
const nothing = (): null => null;
const no = (): boolean => false;

export const sessionFunctions: FunctionTable = {
  scalar: {
    pgsql_version: version,
    current_database: (cx: FunctionContext) => cx.session.database.name,
    current_user: currentUser,
    session_user: (cx: FunctionContext) => cx.session.sessionUser,
    current_schema: currentSchema,
    current_schemas: (implicit: boolean, cx: FunctionContext) => new SqlArray([...cx.session.searchPath(implicit)]),
    current_query: nothing,
    pg_backend_pid: (cx: FunctionContext) => cx.session.backendPid,
    show_config_by_name: (name: string, cx: FunctionContext) => cx.session.getSetting(name, false) ?? null,
    show_config_by_name_missing_ok: (name: string, missingOk: boolean, cx: FunctionContext) =>
      cx.session.getSetting(name, missingOk) ?? null,
    set_config_by_name: setConfig,
    pg_client_encoding: (cx: FunctionContext) => cx.session.getSetting('client_encoding', true) ?? 'UTF8',
    getdatabaseencoding: () => 'UTF8',
    PG_encoding_to_char: encodingOf,
    PG_char_to_encoding: (name: string) => ENCODING_NAMES.indexOf(encodingName(name) ?? ''),
    pg_encoding_max_length_sql: (encoding: number) => (encodingOf(encoding) === '' ? null : maxCharacterBytes(encodingOf(encoding))),
    inet_client_addr: (cx: FunctionContext) => clientOf(cx)[0] ?? null,
    inet_client_port: (cx: FunctionContext) => clientOf(cx)[1] ?? null,
    inet_server_addr: nothing,
    inet_server_port: nothing,
    pg_is_in_recovery: no,
    pg_is_wal_replay_paused: no,
    pg_jit_available: no,
    pg_reload_conf: (cx: FunctionContext) => {
      cx.session.reloadConfiguration();
      return true;
    },
    pg_last_xact_replay_timestamp: nothing,
    pg_trigger_depth: (cx: FunctionContext) => cx.session.statements.stack.triggers,
    pg_current_logfile: nothing,
    pg_current_logfile_1arg: nothing,
    pg_tablespace_location: () => '',
    pg_notification_queue_usage: () => 0,
    row_security_active: (oid: number, cx: FunctionContext) => isRowSecurityActive(oid, cx),
    row_security_active_name: (name: string, cx: FunctionContext) => isRowSecurityActive(regOidOf('regclass', name, cx.format), cx),
    pg_is_other_temp_schema: no,
    pg_my_temp_schema: (cx: FunctionContext) => cx.catalog.tempSchema?.oid ?? 0,
    kalamdb_user_id: (cx: FunctionContext) => cx.actingUser,
    kalamdb_version: () => KALAMDB_VERSION,
    kalamdb_cancel_live_query: (id: number | bigint, cx: FunctionContext) => cx.session.cancelLiveQuery(id),
  },
  waitingSet: {
    *kalamdb_changes([name = null, since = null], cx, out) {
      if (typeof name !== 'string') return;
      const asked = typeof since === 'number' || typeof since === 'bigint' ? since : undefined;
      for (const change of yield* wait(cx.session.liveChanges(name, asked, cx.view))) out.add([change]);
    },
  },
  set: {
    pg_listening_channels: (_args, cx) => channels(cx),
  },
};

function* channels(cx: FunctionContext): Generator<SqlValue> {
  for (const row of cx.session.virtualRows('pg_listening_channels') ?? []) yield row[0] ?? null;
}

/** Whether policies hide rows of a table from the current role. */
function isRowSecurityActive(oid: number, cx: FunctionContext): boolean {
  const relation = cx.catalog.relationByOid(oid);
  const role = cx.session.currentRole;
  return relation?.kind === 'table' && hidesRows(cx.catalog, relation, role);
}
