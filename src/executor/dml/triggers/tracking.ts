import type { ColumnDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { timestampTzToTimestamp } from '../../../types/datetime/zone-conversion.js';
import { TypeOid } from '../../../types/oids.js';
import type { Row } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import type { TriggerCall } from '../../routines/routine.js';

/** The trigger functions of extensions moddatetime and insert_username: they put the time or the user into a column. */

function requireRowBefore(call: TriggerCall, name: string): void {
  const refuse = (what: string) => new SqlError(SqlState.internalError, `${name}: ${what}`);
  if (call.level !== 'ROW') throw refuse('must be fired for row');
  if (call.when !== 'BEFORE') throw refuse('must be fired before event');
}

/** The column that the only argument names. @throws SqlError 09000 */
function targetOf(call: TriggerCall, name: string): ColumnDescriptor {
  const [target] = call.args;
  const trigger = (message: string) => new SqlError(SqlState.triggeredActionException, message);
  if (target === undefined || call.args.length !== 1)
    throw new SqlError(
      SqlState.internalError,
      `${name} (${call.relation.name}): ${name === 'moddatetime' ? 'A single' : 'one'} argument was expected`,
    );
  const column = call.columns.find((candidate) => candidate.name === target && candidate.dropped !== true);
  if (column === undefined) throw trigger(`"${call.relation.name}" has no attribute "${target}"`);
  return column;
}

function withValue(row: Row, column: ColumnDescriptor, value: Row[number]): Row {
  const changed = [...row];
  changed[column.number - 1] = value;
  return changed;
}

export function modDateTime(call: TriggerCall, cx: ExecutionContext): Row | null {
  requireRowBefore(call, 'moddatetime');
  if (call.event !== 'UPDATE') throw new SqlError(SqlState.internalError, `moddatetime: cannot process ${call.event} events`);
  const column = targetOf(call, 'moddatetime');
  const now = cx.format.transactionStartMicros;
  if (column.type === TypeOid.timestamptz) return withValue(call.new ?? [], column, now);
  if (column.type === TypeOid.timestamp) return withValue(call.new ?? [], column, timestampTzToTimestamp(now, cx.format));
  throw new SqlError(
    SqlState.triggeredActionException,
    `attribute "${column.name}" of "${call.relation.name}" must be type TIMESTAMP or TIMESTAMPTZ`,
  );
}

export function insertUserName(call: TriggerCall, cx: ExecutionContext): Row | null {
  requireRowBefore(call, 'insert_username');
  if (call.event !== 'INSERT' && call.event !== 'UPDATE')
    throw new SqlError(SqlState.internalError, `insert_username: cannot process ${call.event} events`);
  const column = targetOf(call, 'insert_username');
  if (column.type !== TypeOid.text)
    throw new SqlError(SqlState.triggeredActionException, `attribute "${column.name}" of "${call.relation.name}" must be type TEXT`);
  return withValue(call.new ?? [], column, cx.session.currentUser);
}
