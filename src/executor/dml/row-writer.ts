import type { IndexDescriptor } from '../../catalog/descriptors.js';
import type { UserId } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Space } from '../../store/store.js';
import type { SqlValue } from '../../types/value.js';
import { type IndexEntries, partitionOf } from '../access/index.js';
import { encodeRow, isDeleted, tombstoneOf } from '../access/stored-row.js';
import type { ExecutionContext } from '../context.js';
import type { Frame } from '../frame.js';
import { type Waiting, wait } from '../waiting.js';
import { claimFreeIndexKey, claimFreeRowKey, claimIndexKey, claimRowKey, holderOf } from './claim-key.js';
import { type CompiledIndex, type CompiledTarget, checkViews, completeRow } from './compiled-target.js';
import { noteKey } from './deferrable-keys.js';
import { noteExclusion, requireNoConflict } from './exclusions.js';
import { InvertedRows } from './inverted-rows.js';
import { MOVED_ELSEWHERE } from './lock-row.js';
import { touch } from './touched.js';
import { type RowChange, requireSameRow } from './triggers/self-modified.js';
import type { ChangedColumns } from './triggers/table-triggers.js';
import { uniqueViolation } from './violations.js';

/** A stored row: where it is, its bytes and its values. */
export interface StoredRow {
  readonly space: Space;
  readonly key: Uint8Array;
  readonly user: UserId | undefined;
  readonly value: Uint8Array;
  readonly values: SqlValue[];
}

/** What a change of a row means to tables that refer to it and that it refers to. */
export interface References {
  inserted(values: readonly SqlValue[], user: UserId | undefined, frame: Frame): void;
  updated(before: readonly SqlValue[], after: readonly SqlValue[], user: UserId | undefined, frame: Frame): Waiting<void>;
  deleted(values: readonly SqlValue[], user: UserId | undefined, frame: Frame): Waiting<void>;
}

/** A row that has the key another row wants. */
export interface Conflict {
  readonly index: IndexDescriptor;
  readonly keys: readonly SqlValue[];
  /** The key of the row that is there. */
  readonly rowKey: Uint8Array;
}

/**
 * Life of a row's change: it is completed and checked (completeRow) → its keys are locked and looked up among the newest versions, so that
 * two transactions can't both take one → row and index entries go into the write set → foreign keys are checked at the statement's end.
 */
export class RowWriter {
  readonly target: CompiledTarget;
  readonly #references: References;
  readonly #isExclusive: boolean;
  readonly #inverted: InvertedRows;

  /** @param isExclusive the table's storage is the transaction's own: its keys need no locks, and nothing is there but what it wrote */
  constructor(target: CompiledTarget, references: References, isExclusive = false) {
    this.target = target;
    this.#references = references;
    this.#isExclusive = isExclusive;
    this.#inverted = new InvertedRows(target);
  }

  /** Temporary tables may be written in a read-only transaction too. */
  #put(cx: ExecutionContext, space: Space, key: Uint8Array, value: Uint8Array): void {
    cx.transaction.put(space, key, value, this.target.table.persistence === 'temporary');
  }

  #remove(cx: ExecutionContext, space: Space, key: Uint8Array): void {
    cx.transaction.delete(space, key, this.target.table.persistence === 'temporary');
  }

  spaceOf(user: UserId | undefined, cx: ExecutionContext): Space {
    return cx.access.tableSpace(this.target.table, user);
  }

  /**
   * Inserts a complete row.
   * @param tolerated indexes whose conflicts are the caller's business (ON CONFLICT): given back instead of thrown
   * @returns the conflict, when nothing was inserted
   * @throws SqlError 23502, 23514, 23505, 23503 (at the statement's end)
   */
  *insert(
    values: SqlValue[],
    user: UserId | undefined,
    frame: Frame,
    tolerated: ((index: IndexDescriptor) => boolean) | undefined,
  ): Waiting<Conflict | undefined> {
    const { target } = this;
    const { cx } = frame;
    const { table } = target;
    completeRow(target, values, frame);
    const space = this.spaceOf(user, cx);
    const indexes = target.indexes(cx.catalog);
    const lockPosition = cx.transaction.lockPosition;
    let key: Uint8Array;
    // An index of ON CONFLICT decides also where another, looked at before it, is violated as well.
    let violation: SqlError | undefined;
    if (table.rowKey === undefined) key = target.rowKeys.ofRowId(cx.access.nextRowId(table.storage), user);
    else {
      key = target.rowKeys.ofRow(values, user);
      checkKeyLength(key, cx, target.clustered(cx.catalog));
      const isFree = this.#isExclusive ? cx.transaction.getOwn(space, key) === undefined : claimFreeRowKey(space, key, cx);
      if (!isFree && (yield* this.#lockKey(space, key, frame))) {
        const conflict = this.#clusteredConflict(values, key, cx);
        if (tolerated?.(conflict.index) === true) return conflict;
        violation = uniqueViolation(table, conflict.index, conflict.keys, cx);
        if (tolerated === undefined) throw violation;
      }
    }
    const entries: { readonly space: Space; readonly key: Uint8Array }[] | undefined = indexes.length > 0 ? [] : undefined;
    for (const compiled of indexes) {
      const keys = compiled.keysOf(values, frame);
      if (keys === undefined) continue;
      if (compiled.constraint !== undefined) {
        if (tolerated?.(compiled.index) === true) throw deferrableArbiter();
        yield* noteKey(target, compiled, keys, user, frame, this.#isExclusive);
      }
      if (compiled.exclusion !== undefined) {
        const holder = yield* noteExclusion(target, compiled, compiled.exclusion, keys, key, user, frame);
        if (holder !== undefined) {
          if (tolerated?.(compiled.index) === true) {
            cx.transaction.unlockTo(lockPosition);
            return { index: compiled.index, keys, rowKey: holder };
          }
          yield* requireNoConflict(target, compiled, compiled.exclusion, keys, key, user, frame);
        } else if (compiled.exclusion.constraint.deferrable === true && tolerated?.(compiled.index) === true) throw deferrableArbiter();
      }
      const entry = compiled.entries.key(keys, key, user);
      checkKeyLength(entry, cx, compiled.index);
      const indexSpace = cx.access.indexSpace(table, compiled.index, user);
      if (compiled.entries.isUnique(keys) && !this.#isFreeEntry(indexSpace, entry, cx)) {
        const holder = yield* this.#holderOf(indexSpace, entry, space, cx);
        if (holder !== undefined) {
          if (tolerated?.(compiled.index) === true) {
            // Nothing is written, so nobody has to wait for it.
            cx.transaction.unlockTo(lockPosition);
            return { index: compiled.index, keys, rowKey: holder };
          }
          violation ??= uniqueViolation(table, compiled.index, keys, cx);
          if (tolerated === undefined) throw violation;
        }
      }
      entries?.push({ space: indexSpace, key: entry });
    }
    if (violation !== undefined) throw violation;
    cx.session.counters.table(table.oid).inserted++;
    this.#put(cx, space, key, encodeRow(values, table.serde));
    if (entries !== undefined) for (const entry of entries) this.#put(cx, entry.space, entry.key, key);
    this.#inverted.changed(undefined, { key, values }, user, frame);
    if (tolerated !== undefined) touch(frame, space, key);
    if (target.viewChecks !== undefined) checkViews(target, values, frame);
    this.#references.inserted(values, user, frame);
    target.triggers?.afterRow('insert', undefined, values, undefined, frame);
    return undefined;
  }

  /**
   * Updates a locked row, as far as its triggers let it.
   * @param values the new row, which triggers may change in place
   * @param changed the columns that the statement sets; undefined: any
   * @returns false: a trigger said that nothing is to be done
   * @throws SqlError 27000, 23502, 23514, 23505, 23503
   */
  *update(old: StoredRow, values: SqlValue[], frame: Frame, changed?: ChangedColumns, how?: RowChange): Waiting<boolean> {
    if (this.target.triggers !== undefined && !(yield* this.beforeUpdate(old, values, changed, frame, how))) return false;
    yield* this.replace(old, values, frame, changed);
    return true;
  }

  /** BEFORE ROW triggers. @returns false: nothing is to be done */
  *beforeUpdate(old: StoredRow, values: SqlValue[], changed: ChangedColumns, frame: Frame, how: RowChange = 'updated'): Waiting<boolean> {
    const { triggers } = this.target;
    if (triggers?.hasBeforeRow('update') !== true) return true;
    if (!(yield* triggers.beforeUpdate(old.values, values, changed, frame))) return false;
    yield* requireSameRow(old, how, frame.cx);
    return true;
  }

  /** @see beforeUpdate */
  *beforeDelete(old: StoredRow, frame: Frame, how: RowChange = 'deleted'): Waiting<boolean> {
    const { triggers } = this.target;
    if (triggers?.hasBeforeRow('delete') !== true) return true;
    if (!(yield* triggers.beforeDelete(old.values, frame))) return false;
    yield* requireSameRow(old, how, frame.cx);
    return true;
  }

  /** Replaces a locked row by a new version, maybe under another key. @throws SqlError 23502, 23514, 23505, 23503 */
  *replace(old: StoredRow, values: SqlValue[], frame: Frame, changed?: ChangedColumns): Waiting<void> {
    const { target } = this;
    const { cx } = frame;
    const { table } = target;
    const { user, space } = old;
    completeRow(target, values, frame);
    let { key } = old;
    if (table.rowKey?.some((number) => values[number - 1] !== old.values[number - 1]) === true) {
      key = target.rowKeys.ofRow(values, user);
      checkKeyLength(key, cx, target.clustered(cx.catalog));
    }
    const moved = !sameBytes(key, old.key);
    if (moved) {
      const taken = yield* this.#lockKey(space, key, frame);
      if (taken) {
        const conflict = this.#clusteredConflict(values, key, cx);
        throw uniqueViolation(table, conflict.index, conflict.keys, cx);
      }
    }
    for (const compiled of target.indexes(cx.catalog)) yield* this.#moveEntry(compiled, old, key, values, moved, frame);
    this.#inverted.changed(old, moved ? { key, values } : { key: old.key, values }, user, frame);
    if (moved) {
      this.#put(cx, space, old.key, tombstoneOf(old.value));
      cx.transaction.noteMove(space, old.key, key);
    }
    this.#put(cx, space, key, encodeRow(values, table.serde));
    cx.session.counters.table(table.oid).updated++;
    touch(frame, space, old.key);
    if (moved) touch(frame, space, key);
    if (target.viewChecks !== undefined) checkViews(target, values, frame);
    // What a cascade sets off in other tables fires behind the row's own triggers.
    target.triggers?.afterRow('update', old.values, values, changed, frame);
    yield* this.#references.updated(old.values, values, user, frame);
  }

  *#moveEntry(compiled: CompiledIndex, old: StoredRow, key: Uint8Array, values: SqlValue[], moved: boolean, frame: Frame): Waiting<void> {
    const { cx } = frame;
    const { entries, index } = compiled;
    const { table } = this.target;
    const before = compiled.keysOf(old.values, frame);
    const after = compiled.keysOf(values, frame);
    if (compiled.exclusion !== undefined && after?.some((value, i) => value !== before?.[i]) === true) {
      const { exclusion } = compiled;
      const own = moved ? old.key : key;
      if ((yield* noteExclusion(this.target, compiled, exclusion, after, own, old.user, frame)) !== undefined)
        yield* requireNoConflict(this.target, compiled, exclusion, after, own, old.user, frame);
    }
    const oldEntry = before === undefined ? undefined : entries.key(before, old.key, old.user);
    const newEntry = after === undefined ? undefined : entries.key(after, key, old.user);
    const stays = oldEntry !== undefined && newEntry !== undefined && sameBytes(oldEntry, newEntry);
    if (stays && !moved) return;
    const space = cx.access.indexSpace(table, index, old.user);
    if (!stays) {
      if (oldEntry !== undefined) this.#remove(cx, space, oldEntry);
      if (after !== undefined && newEntry !== undefined) {
        checkKeyLength(newEntry, cx, index);
        if (entries.isUnique(after) && (yield* this.#holderOf(space, newEntry, old.space, cx)) !== undefined) {
          throw uniqueViolation(table, index, after, cx);
        }
        if (compiled.constraint !== undefined && (before === undefined || differ(entries, before, after, old.user)))
          yield* noteKey(this.target, compiled, after, old.user, frame, this.#isExclusive);
      }
    }
    if (newEntry !== undefined) this.#put(cx, space, newEntry, key);
  }

  /** Leaves a tombstone for a locked row, as far as its triggers let it. @returns false: nothing was done @throws SqlError 27000, 23503 */
  *delete(old: StoredRow, frame: Frame, how?: RowChange): Waiting<boolean> {
    const { triggers } = this.target;
    if (triggers !== undefined && !(yield* this.beforeDelete(old, frame, how))) return false;
    this.#bury(old, frame);
    triggers?.afterRow('delete', old.values, undefined, undefined, frame);
    yield* this.#references.deleted(old.values, old.user, frame);
    return true;
  }

  /** A row leaves for another partition, where it is inserted: who looks for it here is told so. */
  moveOut(old: StoredRow, frame: Frame): void {
    this.#bury(old, frame);
    frame.cx.transaction.noteMove(old.space, old.key, MOVED_ELSEWHERE);
    this.target.triggers?.afterRow('delete', old.values, undefined, undefined, frame);
  }

  /** What that means to rows that refer to it. @param values the new row by this table's columns */
  moved(old: StoredRow, values: readonly SqlValue[], frame: Frame): Waiting<void> {
    return this.#references.updated(old.values, values, old.user, frame);
  }

  #bury(old: StoredRow, frame: Frame): void {
    const { cx } = frame;
    const { table } = this.target;
    for (const compiled of this.target.indexes(cx.catalog)) {
      const keys = compiled.keysOf(old.values, frame);
      if (keys !== undefined) {
        this.#remove(cx, cx.access.indexSpace(table, compiled.index, old.user), compiled.entries.key(keys, old.key, old.user));
      }
    }
    this.#inverted.changed(old, undefined, old.user, frame);
    this.#put(cx, old.space, old.key, tombstoneOf(old.value));
    cx.session.counters.table(table.oid).deleted++;
    touch(frame, old.space, old.key);
  }

  /** Locks a row key that is about to be written; says whether a row has it. */
  *#lockKey(space: Space, key: Uint8Array, frame: Frame): Waiting<boolean> {
    const { cx } = frame;
    let value: Uint8Array | undefined;
    if (this.#isExclusive) {
      const newest = cx.transaction.getNewest(space, key);
      value = newest instanceof Promise ? yield* wait(newest) : newest;
    } else value = yield* claimRowKey(this.target, space, key, cx);
    if (value === undefined) return false;
    if (this.target.isVisible(value, cx)) return true;
    if (!isDeleted(value)) this.#forget(space, key, value, frame);
    cx.transaction.noteMove(space, key, undefined);
    return false;
  }

  /** A stream row past its time makes way: its index entries must not lead to the row that takes its key. */
  #forget(space: Space, key: Uint8Array, value: Uint8Array, frame: Frame): void {
    const { cx } = frame;
    const values = this.target.decode(value);
    const user = partitionOf(this.target.table, cx.actingUser);
    for (const compiled of this.target.indexes(cx.catalog)) {
      const keys = compiled.keysOf(values, frame);
      if (keys !== undefined) {
        this.#remove(cx, cx.access.indexSpace(this.target.table, compiled.index, user), compiled.entries.key(keys, key, user));
      }
    }
    this.#inverted.changed({ key, values }, undefined, user, frame);
    this.#put(cx, space, key, tombstoneOf(value));
  }

  /** Whether nobody has or had an entry of a unique index; then it is locked. */
  #isFreeEntry(indexSpace: Space, entry: Uint8Array, cx: ExecutionContext): boolean {
    return this.#isExclusive ? cx.transaction.getOwn(indexSpace, entry) === undefined : claimFreeIndexKey(indexSpace, entry, cx);
  }

  /** The key of the row that has an entry of a unique index; locks the entry where none has. */
  #holderOf(indexSpace: Space, entry: Uint8Array, space: Space, cx: ExecutionContext): Waiting<Uint8Array | undefined> {
    const find = this.#isExclusive ? holderOf : claimIndexKey;
    return find(this.target, indexSpace, entry, space, cx);
  }

  #clusteredConflict(values: readonly SqlValue[], key: Uint8Array, cx: ExecutionContext): Conflict {
    const index = this.target.clustered(cx.catalog);
    if (index === undefined) throw new SqlError(SqlState.indexCorrupted, `table "${this.target.table.name}" has no index for its row key`);
    return { index, keys: index.columns.map((column) => values[column.column - 1] ?? null), rowKey: key };
  }
}

/** @throws SqlError 54000 with the index's name */
export function checkKeyLength(key: Uint8Array, cx: ExecutionContext, index: IndexDescriptor | undefined): void {
  const maximum = cx.session.transactions.store.maxKeyBytes;
  if (key.length <= maximum) return;
  throw new SqlError(
    SqlState.programLimitExceeded,
    `index row size ${key.length} exceeds btree version 4 maximum ${maximum} for index "${index?.name ?? ''}"`,
    {
      hint: 'Values larger than 1/3 of a buffer page cannot be indexed.\nConsider a function index of an MD5 hash of the value, or use full text indexing.',
    },
  );
}

/** ON CONFLICT DO NOTHING without a target means all keys. */
function deferrableArbiter(): SqlError {
  return new SqlError(
    SqlState.objectNotInPrerequisiteState,
    'ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters',
  );
}

function differ(entries: IndexEntries, before: readonly SqlValue[], after: readonly SqlValue[], user: UserId | undefined): boolean {
  return !sameBytes(entries.prefix(before, user), entries.prefix(after, user));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
