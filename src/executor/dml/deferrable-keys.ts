import type { IndexDescriptor, KeyConstraint, TableDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import { prefixRange } from '../../store/key-codec.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';
import type { CompiledIndex, CompiledTarget } from './compiled-target.js';
import { uniqueViolation } from './violations.js';

/** The constraint of an index whose keys are checked after rows have been written; undefined for all others. */
export function deferrableKeyOf(table: TableDescriptor, index: IndexDescriptor): KeyConstraint | undefined {
  if (index.deferrable !== true) return undefined;
  const constraint = table.constraints.find(({ oid }) => oid === index.constraint);
  assert(constraint?.kind === 'unique' || constraint?.kind === 'primary key', `index ${index.name} without its constraint`);
  return constraint;
}

/**
 * A row is about to get a key that others may have. Nobody waits now: whoever gets the key's lock first and finds no other row has it, and all
 * that come later check it (PostgreSQL's UNIQUE_CHECK_PARTIAL). A check takes the lock, so it waits for the end of who has it.
 */
export function* noteKey(
  target: CompiledTarget,
  compiled: CompiledIndex,
  keys: readonly SqlValue[],
  user: UserId | undefined,
  frame: Frame,
  isExclusive: boolean,
): Waiting<void> {
  const { constraint } = compiled;
  if (constraint === undefined || !compiled.entries.isUniqueInTheEnd(keys)) return;
  const { cx } = frame;
  const space = cx.access.indexSpace(target.table, compiled.index, user);
  const prefix = compiled.entries.prefix(keys, user);
  const isFirst = isExclusive || (yield* wait(cx.transaction.lock(lockTags.indexKey(space, prefix), 'EXCLUSIVE', 'skip')));
  if (isFirst && (yield* holders(target, compiled, prefix, user, frame, 1)).length === 0) return;
  cx.session.constraintChecks.add(
    { constraint, table: target.table.oid, constrained: target.table.oid, run: (now) => checkKey(target, compiled, keys, user, now) },
    frame,
  );
}

/** At most one row may have the key now. @throws SqlError 23505, and as Transaction.lock */
function* checkKey(
  target: CompiledTarget,
  compiled: CompiledIndex,
  keys: readonly SqlValue[],
  user: UserId | undefined,
  frame: Frame,
): Waiting<void> {
  const { cx } = frame;
  const { transaction } = cx;
  const prefix = compiled.entries.prefix(keys, user);
  const indexSpace = cx.access.indexSpace(target.table, compiled.index, user);
  const space = cx.access.tableSpace(target.table, user);
  const locked = transaction.lock(lockTags.indexKey(indexSpace, prefix), 'EXCLUSIVE');
  if (locked instanceof Promise) yield* wait(locked);
  for (;;) {
    const found = yield* holders(target, compiled, prefix, user, frame, Number.POSITIVE_INFINITY);
    if (found.length < 2) return;
    // One of them may be about to go.
    let writer: Promise<void> | undefined;
    for (const holder of found) writer ??= transaction.awaitWriter(space, holder);
    if (writer === undefined) throw uniqueViolation(target.table, compiled.index, keys, cx);
    yield* wait(writer);
  }
}

/** Keys of rows that have a key among the newest versions. */
function* holders(
  target: CompiledTarget,
  compiled: CompiledIndex,
  prefix: Uint8Array,
  user: UserId | undefined,
  { cx }: Frame,
  limit: number,
): Waiting<readonly Uint8Array[]> {
  const { transaction } = cx;
  const space = cx.access.tableSpace(target.table, user);
  const scan = transaction.scanNewest(cx.access.indexSpace(target.table, compiled.index, user), prefixRange(prefix));
  const found: Uint8Array[] = [];
  try {
    for (let more = scan.next(); more instanceof Promise ? yield* wait(more) : more; more = scan.next()) {
      const rowKey = scan.value.slice();
      const stored = transaction.getNewest(space, rowKey);
      const value = stored instanceof Promise ? yield* wait(stored) : stored;
      if (value !== undefined && target.isVisible(value, cx) && found.push(rowKey) >= limit) break;
    }
  } finally {
    scan.close();
  }
  return found;
}
