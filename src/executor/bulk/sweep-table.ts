import type { TableDescriptor } from '../../catalog/descriptors.js';
import { type Seq, userId } from '../../commons/ids.js';
import type { Space } from '../../store/store.js';
import { lockTags } from '../../transaction/lock-tags.js';
import { notePurged } from '../../transaction/purge-horizon.js';
import type { SqlValue } from '../../types/value.js';
import { compileFullDecoder, isPartitioned } from '../access/index.js';
import { isDeleted, readUserPrefix, rowSeq, rowUpdatedMicros } from '../access/stored-row.js';
import type { UtilityContext } from '../ddl/context.js';
import { removeInvertedEntries } from '../dml/inverted-rows.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';

const MICROS_PER_MS = 1000;

/** Where a sweep stopped: it goes on behind this key. */
export interface SweepPosition {
  readonly space: number;
  readonly after: Uint8Array;
}

/**
 * Removes what is past its time, for good: rows of a stream table past their ttl, tombstones past the table's deleted_retention. Looks at no
 * more than `limit` rows, so that a sweep of a large table is many short transactions.
 * @returns where to go on; undefined when the table's end was reached
 */
export async function sweepTable(
  table: TableDescriptor,
  from: SweepPosition | undefined,
  limit: number,
  cx: UtilityContext,
): Promise<SweepPosition | undefined> {
  const { stack } = cx.session.statements;
  // What indexes are over is computed with the rights of the table's owner, whoever sweeps.
  const leave = stack.enter(table.owner, {});
  if (isPartitioned(table)) stack.overAllUsers++;
  try {
    return await sweepSpaces(table, from, limit, cx);
  } finally {
    if (isPartitioned(table)) stack.overAllUsers--;
    leave();
  }
}

async function sweepSpaces(
  table: TableDescriptor,
  from: SweepPosition | undefined,
  limit: number,
  cx: UtilityContext,
): Promise<SweepPosition | undefined> {
  const spaces = cx.access.tableSpaces(table);
  const sweep = new Sweep(table, cx);
  let left = limit;
  for (let at = from?.space ?? 0; at < spaces.length; at++) {
    const space = spaces[at];
    if (space === undefined) continue;
    const scan = cx.view.scan(space, from?.space === at ? { gte: successor(from.after) } : {});
    try {
      while (await scan.next()) {
        if (sweep.isPast(scan.value)) await sweep.remove(space, scan.key.slice(), scan.value.slice());
        if (--left === 0) {
          const position = { space: at, after: scan.key.slice() };
          await sweep.finish();
          return position;
        }
      }
    } finally {
      scan.close();
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

  constructor(table: TableDescriptor, cx: UtilityContext) {
    this.#cx = cx;
    this.#table = table;
    this.#now = cx.session.clock.nowMicros();
    this.#decode = compileFullDecoder(table);
  }

  /** Who asks for changes since an older commit is told that they are not known. */
  async finish(): Promise<void> {
    if (this.#tombstones === 0 && !this.#rows) return;
    const { transaction, session } = this.#cx;
    await notePurged(transaction, session.transactions.store, this.#table.storage, { tombstones: this.#tombstones, rows: this.#rows });
  }

  isPast(value: Uint8Array): boolean {
    const age = this.#now - rowUpdatedMicros(value);
    const { ttlMicros, deletedRetentionMs } = this.#table;
    if (isDeleted(value)) return age > deletedRetentionMs * MICROS_PER_MS;
    return ttlMicros !== undefined && age > ttlMicros;
  }

  /** Keys may be taken anew by now, or be about to be: those are left alone. */
  async remove(space: Space, key: Uint8Array, value: Uint8Array): Promise<void> {
    const { transaction } = this.#cx;
    if (!(await transaction.lock(lockTags.row(space, key), 'UPDATE', 'skip'))) return;
    const newest = await transaction.getNewest(space, key);
    if (newest === undefined || rowSeq(newest) !== rowSeq(value)) return;
    transaction.delete(space, key);
    if (isDeleted(value)) this.#tombstones = Math.max(this.#tombstones, rowSeq(value)) as Seq;
    else this.#rows = true;
    if (!isDeleted(value)) await this.#removeEntries(key, this.#decode(value));
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

/** The next key in byte order. */
function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
