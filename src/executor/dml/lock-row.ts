import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { Seq } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Space } from '../../store/store.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { LockWait, RowLockMode } from '../../transaction/transaction.js';
import { rowSeq } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';

/** What a row that a statement found through its view turned out to be once it was locked. */
export interface LockedRow {
  /** The newest version. */
  readonly value: Uint8Array;
  /** Another than it was found by where the key was changed meanwhile. */
  readonly key: Uint8Array;
  /** Committed after the statement's view was made: conditions must be checked again. */
  readonly changed: boolean;
}

export interface LockableTable {
  readonly table: TableDescriptor;
  readonly isVisible: (value: Uint8Array, cx: ExecutionContext) => boolean;
}

/**
 * Locks a row and reads its newest version. READ COMMITTED goes on with that, and follows a row to its new key; REPEATABLE READ and above
 * fail when somebody else changed it since the view (PostgreSQL manual, "Transaction Isolation").
 * @param whenDeleted how a fixed snapshot's failure calls it that the row is deleted: locking alone calls it an update, as PostgreSQL does
 * @param found the commit that the row is known from, where it was not found by the view but among the newest: what became of its key before
 * that is another row's fate
 * @returns undefined when the row is gone or, with 'skip', locked by another
 * @throws SqlError 40001, 55P03, 40P01, 57014
 */
export function* lockRow(
  { table, isVisible }: LockableTable,
  space: Space,
  key: Uint8Array,
  mode: RowLockMode,
  lockWait: LockWait,
  frame: Frame,
  whenDeleted: 'update' | 'delete' = 'delete',
  found: Seq = frame.cx.view.seq,
): Waiting<LockedRow | undefined> {
  const { cx } = frame;
  const { transaction } = cx;
  const since = transaction.options.isolation === 'read committed' ? found : cx.view.seq;
  let follows = 0;
  for (;;) {
    const locked = transaction.lock(lockTags.row(space, key), mode, lockWait === 'wait' ? 'wait' : 'skip');
    if (!(locked instanceof Promise ? yield* wait(locked) : locked)) {
      if (lockWait === 'skip') return undefined;
      throw new SqlError(SqlState.lockNotAvailable, `could not obtain lock on row in relation "${table.name}"`);
    }
    const newest = transaction.getNewest(space, key);
    const value = newest instanceof Promise ? yield* wait(newest) : newest;
    const isThere = value !== undefined && isVisible(value, cx);
    if (value !== undefined && follows === 0 && rowSeq(value) <= since) return isThere ? { value, key, changed: false } : undefined;
    const move = transaction.moveOf(space, key, since, follows);
    if (transaction.options.isolation !== 'read committed') {
      throw serializationFailure((move === undefined ? isThere : move.to !== undefined) ? 'update' : whenDeleted);
    }
    if (move === undefined) return isThere ? { value, key, changed: true } : undefined;
    if (move.to === undefined) return undefined;
    if (move.to.length === 0) throw movedElsewhere();
    key = move.to;
    follows = move.ordinal;
  }
}

/** Where a row has gone that is in another partition now: no key is empty. */
export const MOVED_ELSEWHERE = new Uint8Array(0);

function movedElsewhere(): SqlError {
  return new SqlError(SqlState.serializationFailure, 'tuple to be locked was already moved to another partition due to concurrent update');
}

export function serializationFailure(what: 'update' | 'delete'): SqlError {
  return new SqlError(SqlState.serializationFailure, `could not serialize access due to concurrent ${what}`);
}
