import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Space } from '../../store/store.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { LockWait, RowLockMode } from '../../transaction/transaction.js';
import { rowSeq } from '../access/stored-row.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';
import type { CompiledTarget } from './compiled-target.js';

/** What a row that a statement found through its view turned out to be once it was locked. */
export interface LockedRow {
  /** The newest version. */
  readonly value: Uint8Array;
  /** Committed after the statement's view was made: conditions must be checked again. */
  readonly changed: boolean;
}

/**
 * Locks a row and reads its newest version. READ COMMITTED goes on with that; REPEATABLE READ and above fail when somebody else changed it
 * since the view (PostgreSQL manual, "Transaction Isolation").
 * @returns undefined when the row is gone or, with 'skip', locked by another
 * @throws SqlError 40001, 55P03, 40P01, 57014
 */
export function* lockRow(
  target: CompiledTarget,
  space: Space,
  key: Uint8Array,
  mode: RowLockMode,
  lockWait: LockWait,
  frame: Frame,
): Waiting<LockedRow | undefined> {
  const { cx } = frame;
  const { transaction } = cx;
  const locked = transaction.lock(lockTags.row(space, key), mode, lockWait);
  if (!(locked instanceof Promise ? yield* wait(locked) : locked)) return undefined;
  const newest = transaction.getNewest(space, key);
  const value = newest instanceof Promise ? yield* wait(newest) : newest;
  const isSnapshotFixed = transaction.options.isolation !== 'read committed';
  if (value === undefined || !target.isVisible(value, cx)) {
    if (isSnapshotFixed && (value === undefined || rowSeq(value) > cx.view.seq)) throw serializationFailure('delete');
    return undefined;
  }
  const changed = rowSeq(value) > cx.view.seq;
  if (changed && isSnapshotFixed) throw serializationFailure('update');
  return { value, changed };
}

export function serializationFailure(what: 'update' | 'delete'): SqlError {
  return new SqlError(SqlState.serializationFailure, `could not serialize access due to concurrent ${what}`);
}
