import type { TableDescriptor } from '../../catalog/descriptors.js';
import { type Seq, userId } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { prefixRange, userPrefix } from '../../store/key-codec.js';
import type { KeyRange, Space } from '../../store/store.js';
import { lockTags } from '../../transaction/lock-tags.js';
import { notePurged } from '../../transaction/purge-horizon.js';
import type { SqlValue } from '../../types/value.js';
import { compileFullDecoder, isPartitioned } from '../access/index.js';
import { isDeleted, readUserPrefix, rowSeq, rowUpdatedMicros } from '../access/stored-row.js';
import type { UtilityContext } from '../ddl/context.js';
import { removeInvertedEntries } from '../dml/inverted-rows.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';
import type { TombstoneTally } from './tombstone-tally.js';

const MICROS_PER_MS = 1000;

/** Where a sweep stopped: it goes on behind this key. */
export interface SweepPosition {
  readonly space: number;
  readonly after: Uint8Array;
}

/** Whether later rows of a user have, as a rule, greater keys: rows past their time then stand before all others. */
export function isTimeOrdered(table: TableDescriptor): boolean {
  if (table.ttlMicros === undefined || !isPartitioned(table)) return false;
  if (table.rowKey === undefined) return true;
  const column = table.columns[(table.rowKey[0] ?? 0) - 1];
  if (column === undefined) return false;
  return column.identity !== undefined || column.ownedSequence !== undefined || TIME_DEFAULT.test(column.defaultText ?? '');
}

const TIME_DEFAULT = /^\(*(now\(\)|current_timestamp|clock_timestamp\(\)|statement_timestamp\(\)|transaction_timestamp\(\)|nextval\()/i;

/** How much one transaction of a sweep does. */
export interface SweepLimits {
  /** Rows that it looks at. */
  readonly rows: number;
  /** Goes to the next user at a user's first row that is not past its time: for tables that `isTimeOrdered`. */
  readonly stopsEarly: boolean;
  /** Tombstones from before are past their time, however short their table keeps them. */
  readonly tombstonesSince: number;
  /** Told of the tombstones that stay. */
  readonly tally: TombstoneTally;
}

/**
 * Removes what is past its time, for good: rows of a stream table past their ttl, tombstones past the table's deleted_retention. Looks at no
 * more rows than its limit, so that a sweep of a large table is many short transactions.
 * @returns where to go on; undefined when the table's end was reached
 */
export async function sweepTable(
  table: TableDescriptor,
  from: SweepPosition | undefined,
  limits: SweepLimits,
  cx: UtilityContext,
): Promise<SweepPosition | undefined> {
  const { stack } = cx.session.statements;
  // What indexes are over is computed with the rights of the table's owner, whoever sweeps.
  const leave = stack.enter(table.owner, {});
  if (isPartitioned(table)) stack.overAllUsers++;
  try {
    return await sweepSpaces(table, from, limits, cx);
  } finally {
    if (isPartitioned(table)) stack.overAllUsers--;
    leave();
  }
}

async function sweepSpaces(
  table: TableDescriptor,
  from: SweepPosition | undefined,
  { rows, stopsEarly, tombstonesSince, tally }: SweepLimits,
  cx: UtilityContext,
): Promise<SweepPosition | undefined> {
  const spaces = cx.access.tableSpaces(table);
  const sweep = new Sweep(table, cx);
  let left = rows;
  for (let at = from?.space ?? 0; at < spaces.length; at++) {
    const space = spaces[at];
    if (space === undefined) continue;
    let range: KeyRange | undefined = from?.space === at ? { gte: successor(from.after) } : {};
    while (range !== undefined) {
      const scan = cx.view.scan(space, range);
      range = undefined;
      try {
        for (let next = scan.next(); next instanceof Promise ? await next : next; next = scan.next()) {
          const isPast = sweep.isPast(scan.value, tombstonesSince);
          if (!isPast && isDeleted(scan.value)) tally.add(rowUpdatedMicros(scan.value), scan.key.length + scan.value.length);
          if (isPast) {
            const removing = sweep.remove(space, scan.key.slice(), scan.value.slice());
            if (removing instanceof Promise) await removing;
          }
          if (--left === 0) {
            const position = { space: at, after: scan.key.slice() };
            await sweep.finish();
            return position;
          }
          if (isPast || !stopsEarly) continue;
          range = behindUser(scan.key);
          break;
        }
      } finally {
        scan.close();
      }
    }
  }
  await sweep.finish();
  return undefined;
}

class Sweep {
  readonly #cx: UtilityContext;
  readonly #table: TableDescriptor;
  readonly #now: number;
  readonly #decode: ReturnType<typeof compileFullDecoder>;
  #bulk: BulkTarget | undefined;
  /** Of what is removed: the newest commit of tombstones, and whether rows are among it. */
  #tombstones = 0 as Seq;
  #rows = false;
  /** Rows stand in indexes besides. */
  readonly #hasEntries: boolean;

  constructor(table: TableDescriptor, cx: UtilityContext) {
    this.#cx = cx;
    this.#table = table;
    this.#now = cx.session.clock.nowMicros();
    this.#decode = compileFullDecoder(table);
    this.#hasEntries = cx.session.catalog
      .snapshot(cx.transaction)
      .indexesOf(table.oid)
      .some(({ clustered }) => !clustered);
  }

  /** Who asks for changes since an older commit is told that they are not known. */
  async finish(): Promise<void> {
    if (this.#tombstones === 0 && !this.#rows) return;
    const { transaction, session } = this.#cx;
    await notePurged(transaction, session.transactions.store, this.#table.storage, { tombstones: this.#tombstones, rows: this.#rows });
  }

  isPast(value: Uint8Array, tombstonesSince: number): boolean {
    const updatedMicros = rowUpdatedMicros(value);
    const age = this.#now - updatedMicros;
    const { ttlMicros, deletedRetentionMs } = this.#table;
    if (isDeleted(value)) return age > deletedRetentionMs * MICROS_PER_MS || updatedMicros < tombstonesSince;
    return ttlMicros !== undefined && age > ttlMicros;
  }

  /** Keys may be taken anew by now, or be about to be: those are left alone. Nearly always there is nothing to wait for. */
  remove(space: Space, key: Uint8Array, value: Uint8Array): MaybePromise<void> {
    const { transaction } = this.#cx;
    const locking = transaction.lock(lockTags.row(space, key), 'UPDATE', 'skip');
    if (locking instanceof Promise) return locking.then((locked) => (locked ? this.#removeLocked(space, key, value) : undefined));
    return locking ? this.#removeLocked(space, key, value) : undefined;
  }

  #removeLocked(space: Space, key: Uint8Array, value: Uint8Array): MaybePromise<void> {
    const newest = this.#cx.transaction.getNewest(space, key);
    if (newest instanceof Promise) return newest.then((found) => this.#removeNewest(space, key, value, found));
    return this.#removeNewest(space, key, value, newest);
  }

  #removeNewest(space: Space, key: Uint8Array, value: Uint8Array, newest: Uint8Array | undefined): MaybePromise<void> {
    if (newest === undefined || rowSeq(newest) !== rowSeq(value)) return;
    this.#cx.transaction.delete(space, key);
    if (isDeleted(value)) {
      this.#tombstones = Math.max(this.#tombstones, rowSeq(value)) as Seq;
      return;
    }
    this.#rows = true;
    if (this.#hasEntries) return this.#removeEntries(key, this.#decode(value));
  }

  async #removeEntries(key: Uint8Array, values: SqlValue[]): Promise<void> {
    this.#bulk ??= bulkTarget(this.#table, this.#cx);
    const { target, frame } = this.#bulk;
    const { transaction, access } = this.#cx;
    const user = isPartitioned(this.#table) ? userId(readUserPrefix(key)) : undefined;
    removeInvertedEntries(target, { key, values }, user, frame);
    for (const compiled of target.indexes(frame.cx.catalog)) {
      const keys = compiled.keysOf(values, frame);
      if (keys === undefined) continue;
      const space = access.indexSpace(this.#table, compiled.index, user);
      const entry = compiled.entries.key(keys, key, user);
      await transaction.lock(lockTags.indexKey(space, entry), 'EXCLUSIVE');
      // An expired row's place in a unique index may belong to another row by now.
      const holder = await transaction.getNewest(space, entry);
      if (holder !== undefined && Buffer.compare(holder, key) === 0) transaction.delete(space, entry);
    }
  }
}

/** All keys behind those of the user that leads this one. */
function behindUser(key: Uint8Array): KeyRange | undefined {
  const { lt } = prefixRange(userPrefix(userId(readUserPrefix(key))));
  return lt === undefined ? undefined : { gte: lt };
}

/** The next key in byte order. */
function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
