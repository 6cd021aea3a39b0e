import { randomUUID } from 'node:crypto';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** NAMEDATALEN: a channel's name is a name. */
const MAX_CHANNEL_BYTES = 63;
/** PostgreSQL's NOTIFY_PAYLOAD_MAX_LENGTH, excluded. */
const MAX_PAYLOAD_BYTES = 8000;

/** @throws SqlError 22023 */
function notify(channel: string | null, payload: string | null, cx: FunctionContext): string {
  const invalid = (message: string): SqlError => new SqlError(SqlState.invalidParameterValue, message);
  if (channel === null || channel === '') throw invalid('channel name cannot be empty');
  if (Buffer.byteLength(channel) > MAX_CHANNEL_BYTES) throw invalid('channel name too long');
  if (payload !== null && Buffer.byteLength(payload) >= MAX_PAYLOAD_BYTES) throw invalid('payload string too long');
  cx.transaction.notify(channel, payload ?? '');
  return '';
}

function signal(pid: number, kind: 'cancel' | 'terminate', cx: FunctionContext): boolean {
  if (cx.session.signalBackend(pid, kind)) return true;
  cx.session.notice({ severity: 'WARNING', code: SqlState.warning, message: `PID ${pid} is not a PostgreSQL server process` });
  return false;
}

export const backendFunctions: FunctionTable = {
  scalar: {
    pg_notify: notify,
    pg_cancel_backend: (pid: number, cx: FunctionContext) => signal(pid, 'cancel', cx),
    pg_terminate_backend: (pid: number, _timeout: SqlValue, cx: FunctionContext) => signal(pid, 'terminate', cx),
    pg_blocking_pids: (pid: number, cx: FunctionContext) => new SqlArray([...cx.session.transactions.locks.blockers(pid)]),
    pg_safe_snapshot_blocking_pids: () => new SqlArray([]),
    pg_export_snapshot: (cx: FunctionContext) => cx.transaction.exportSnapshot(),
    pg_current_xact_id: (cx: FunctionContext) => cx.transaction.id,
    pg_current_xact_id_if_assigned: (cx: FunctionContext) => (cx.transaction.hasWrites ? cx.transaction.id : null),
    gen_random_uuid: () => randomUUID(),
  },
};
