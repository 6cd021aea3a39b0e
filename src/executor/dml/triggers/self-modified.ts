import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Space } from '../../../store/store.js';
import type { ExecutionContext } from '../../context.js';
import type { Frame } from '../../frame.js';
import { type Waiting, wait } from '../../waiting.js';

/** What a trigger of the same statement did to a row must not be undone by the statement unseen (PostgreSQL's TM_SelfModified). */
/** As errors call what was to be done to the row. */
export type RowChange = 'updated' | 'deleted' | 'updated or deleted';

function selfModified(command: RowChange): SqlError {
  return new SqlError(
    SqlState.triggeredDataChangeViolation,
    `tuple to be ${command} was already modified by an operation triggered by the current command`,
    { hint: 'Consider using an AFTER trigger instead of a BEFORE trigger to propagate changes to other rows.' },
  );
}

/** After BEFORE ROW triggers: the row is still the one that they were told of. @throws SqlError 27000 */
export function* requireSameRow(
  row: { readonly space: Space; readonly key: Uint8Array; readonly value: Uint8Array },
  command: RowChange,
  { transaction }: ExecutionContext,
): Waiting<void> {
  const newest = transaction.getNewest(row.space, row.key);
  const value = newest instanceof Promise ? yield* wait(newest) : newest;
  if (value === undefined || Buffer.compare(value, row.value) !== 0) throw selfModified(command);
}

/**
 * Before a row of the statement's own snapshot is changed, where some trigger of the statement has fired.
 * @param newest undefined: it is gone
 * @throws SqlError 27000
 */
export function* requireUnmodified(
  space: Space,
  key: Uint8Array,
  newest: Uint8Array | undefined,
  command: RowChange,
  { cx }: Frame,
): Waiting<void> {
  if (newest === undefined) {
    // Others may have deleted it: then it was not this transaction.
    const own = cx.transaction.getOwn(space, key);
    if (own === undefined) return;
  }
  const shown = cx.view.get(space, key);
  const seen = shown instanceof Promise ? yield* wait(shown) : shown;
  if (seen !== undefined && (newest === undefined || Buffer.compare(seen, newest) !== 0)) throw selfModified(command);
}
