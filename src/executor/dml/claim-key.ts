import type { Space } from '../../store/store.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { ExecutionContext } from '../context.js';
import { type Waiting, wait } from '../waiting.js';
import type { CompiledTarget } from './compiled-target.js';

/**
 * Two transactions that want one key: the second waits for the first's end, for that decides whether the key is taken (PostgreSQL's
 * _bt_check_unique). A row that is there and that others have only locked is a conflict at once. A conflict keeps no lock.
 */

/**
 * The usual case of a new row, without a generator: its key is locked at once, and nothing was ever there.
 * @returns false: nothing was done, and claimRowKey has to look into it
 */
export function claimFreeRowKey(space: Space, key: Uint8Array, { transaction }: ExecutionContext): boolean {
  const position = transaction.lockPosition;
  if (transaction.lock(lockTags.row(space, key), 'UPDATE', 'skip') !== true) return false;
  if (transaction.getNewest(space, key) === undefined) return true;
  transaction.unlockTo(position);
  return false;
}

/** The same for an entry of a unique index. */
export function claimFreeIndexKey(indexSpace: Space, entry: Uint8Array, { transaction }: ExecutionContext): boolean {
  const position = transaction.lockPosition;
  if (transaction.lock(lockTags.indexKey(indexSpace, entry), 'EXCLUSIVE', 'skip') !== true) return false;
  if (transaction.getNewest(indexSpace, entry) === undefined) return true;
  transaction.unlockTo(position);
  return false;
}

/**
 * Locks a row key that is about to be written.
 * @returns the newest value that is there: a visible one is a conflict
 */
export function* claimRowKey(target: CompiledTarget, space: Space, key: Uint8Array, cx: ExecutionContext): Waiting<Uint8Array | undefined> {
  const { transaction } = cx;
  const position = transaction.lockPosition;
  for (;;) {
    const held = transaction.lock(lockTags.row(space, key), 'UPDATE', 'skip');
    const isHeld = held instanceof Promise ? yield* wait(held) : held;
    const newest = transaction.getNewest(space, key);
    const value = newest instanceof Promise ? yield* wait(newest) : newest;
    if (isHeld) {
      if (value !== undefined && target.isVisible(value, cx)) transaction.unlockTo(position);
      return value;
    }
    if (value !== undefined && target.isVisible(value, cx)) {
      const writer = transaction.awaitWriter(space, key);
      if (writer === undefined) return value;
      yield* wait(writer);
      continue;
    }
    // Somebody is about to put a row there, or looked for one that has gone.
    const waiting = transaction.lock(lockTags.row(space, key), 'UPDATE');
    if (waiting instanceof Promise) yield* wait(waiting);
  }
}

/**
 * Locks an entry of a unique index that is about to be written. A stream row past its time does not count.
 * @returns the key of the row that has the entry: a conflict
 */
export function* claimIndexKey(
  target: CompiledTarget,
  indexSpace: Space,
  entry: Uint8Array,
  space: Space,
  cx: ExecutionContext,
): Waiting<Uint8Array | undefined> {
  const { transaction } = cx;
  const position = transaction.lockPosition;
  for (;;) {
    const held = transaction.lock(lockTags.indexKey(indexSpace, entry), 'EXCLUSIVE', 'skip');
    const isHeld = held instanceof Promise ? yield* wait(held) : held;
    const holder = yield* holderOf(target, indexSpace, entry, space, cx);
    if (holder !== undefined) {
      const writer = transaction.awaitWriter(space, holder);
      if (writer === undefined) {
        transaction.unlockTo(position);
        return holder;
      }
      yield* wait(writer);
      continue;
    }
    if (isHeld) return undefined;
    const waiting = transaction.lock(lockTags.indexKey(indexSpace, entry), 'EXCLUSIVE');
    if (waiting instanceof Promise) yield* wait(waiting);
  }
}

/** The key of the row that has an entry of a unique index, of those that no lock is asked for. */
export function* holderOf(
  target: CompiledTarget,
  indexSpace: Space,
  entry: Uint8Array,
  space: Space,
  cx: ExecutionContext,
): Waiting<Uint8Array | undefined> {
  const { transaction } = cx;
  const newest = transaction.getNewest(indexSpace, entry);
  const found = newest instanceof Promise ? yield* wait(newest) : newest;
  if (found === undefined) return undefined;
  const rowKey = found.slice();
  const stored = transaction.getNewest(space, rowKey);
  const value = stored instanceof Promise ? yield* wait(stored) : stored;
  return value !== undefined && target.isVisible(value, cx) ? rowKey : undefined;
}
