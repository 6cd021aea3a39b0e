import type { Oid, Seq } from '../commons/ids.js';
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

/** What few transactions have: made when one first does, since most are one statement long. */
export class SideWork {
  readonly notifications: { readonly channel: string; readonly payload: string }[] = [];
  readonly notified = new Set<string>();
  readonly commitActions: { readonly run: (seq: Seq) => void; readonly ofListener: boolean }[] = [];
  readonly rollbackActions: (() => void)[] = [];
  readonly droppedInOrder: Space[] = [];
  readonly savepoints: Savepoint[] = [];
  readonly builtIndexes: Oid[] = [];
  readonly moves: { readonly tag: LockTag; readonly to: Uint8Array | undefined }[] = [];
  readonly newestScans = new Set<SnapshotScan>();
}

/** Of a transaction that has none: to be read only. */
export const NO_SIDE_WORK = new SideWork();
for (const list of Object.values(NO_SIDE_WORK)) Object.freeze(list);
