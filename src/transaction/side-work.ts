import type { Oid, Seq, StorageId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Space } from '../store/store.js';
import type { SnapshotScan } from './read-view.js';
import type { LockTag } from './transaction.js';

export interface Savepoint {
  readonly undo: number;
  readonly locks: number;
  readonly notifications: number;
  readonly commitActions: number;
  readonly rollbackActions: number;
  readonly dropped: number;
  readonly moves: number;
  /** READ ONLY that is set within it ends with it. */
  readonly readOnly: boolean;
}

/** Of one transaction: they go out together, and no client may leave more unread. */
const MAX_NOTIFIED_LENGTH = 64 * 1024 * 1024;

/** What few transactions have: made when one first does, since most are one statement long. */
export class SideWork {
  readonly notifications: { readonly channel: string; readonly payload: string }[] = [];
  readonly notified = new Set<string>();
  #notifiedLength = 0;
  readonly commitActions: { readonly run: (seq: Seq) => void; readonly ofListener: boolean }[] = [];
  readonly rollbackActions: (() => void)[] = [];
  readonly droppedInOrder: Space[] = [];
  readonly savepoints: Savepoint[] = [];
  readonly builtIndexes: Oid[] = [];
  readonly moves: { readonly tag: LockTag; readonly to: Uint8Array | undefined }[] = [];
  /** With the depth of the savepoint that they belong to. */
  readonly freshStorages = new Map<StorageId, number>();
  readonly newestScans = new Set<SnapshotScan>();

  /** @throws SqlError 54000 */
  notify(channel: string, payload: string): void {
    const name = `${channel}\0${payload}`;
    if (this.notified.has(name)) return;
    if (this.#notifiedLength + name.length > MAX_NOTIFIED_LENGTH)
      throw new SqlError(SqlState.programLimitExceeded, 'too many notifications in the NOTIFY queue');
    this.#notifiedLength += name.length;
    this.notified.add(name);
    this.notifications.push({ channel, payload });
  }

  /** @returns its depth */
  savepoint(others: Pick<Savepoint, 'undo' | 'locks' | 'readOnly'>): number {
    return this.savepoints.push({
      ...others,
      notifications: this.notifications.length,
      commitActions: this.commitActions.length,
      rollbackActions: this.rollbackActions.length,
      dropped: this.droppedInOrder.length,
      moves: this.moves.length,
    });
  }

  /** What belonged to the savepoint at that depth belongs to the one around it. */
  release(depth: number): void {
    this.savepoints.length = depth - 1;
    for (const [storage, fresh] of this.freshStorages) if (fresh >= depth) this.freshStorages.set(storage, depth - 1);
  }

  /** Takes back what came since; the actions after a rollback are the caller's to run. */
  undoTo(savepoint: Savepoint): void {
    for (const { channel, payload } of this.notifications.splice(savepoint.notifications)) {
      const name = `${channel}\0${payload}`;
      this.notified.delete(name);
      this.#notifiedLength -= name.length;
    }
    this.commitActions.length = savepoint.commitActions;
    this.droppedInOrder.length = savepoint.dropped;
    this.moves.length = savepoint.moves;
  }
}

/** Of a transaction that has none: to be read only. */
export const NO_SIDE_WORK = new SideWork();
for (const list of Object.values(NO_SIDE_WORK)) Object.freeze(list);
