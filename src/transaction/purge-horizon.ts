import type { Seq, StorageId } from '../commons/ids.js';
import { SpaceName } from '../commons/space-name.js';
import { SystemSpace } from '../commons/system-names.js';
import { compileKeyEncoder } from '../store/key-codec.js';
import { compileRowDecoder, encodeRow, rowSeq } from '../store/row-codec.js';
import type { Store } from '../store/store.js';
import type { ReadView, Transaction } from './transaction.js';

/**
 * Up to which commit a storage's tombstones may be gone. What has changed since an older commit can't be told any more: rows that were deleted
 * have left no trace.
 */
const keyOf = compileKeyEncoder([{ type: 'int8', notNull: true }]);
const decode = compileRowDecoder(2, [0, false]);

/** What a transaction removes for good. */
export interface Purged {
  /** The newest commit of the tombstones among it. */
  readonly tombstones: Seq;
  /** Rows that had not been deleted before, but are past their time. */
  readonly rows: boolean;
}

export async function notePurged(transaction: Transaction, store: Store, storage: StorageId, { tombstones, rows }: Purged): Promise<void> {
  const space = store.space(SpaceName.system(SystemSpace.purgeHorizons));
  const before = await transaction.getNewest(space, keyOf([storage]));
  const known = horizonOf(before);
  if (rows || tombstones > known) transaction.put(space, keyOf([storage]), encodeRow([Math.max(tombstones, known), rows]));
}

/** 0: none are gone. */
export async function purgeHorizon(view: ReadView, store: Store, storage: StorageId): Promise<Seq> {
  const row = view.get(store.space(SpaceName.system(SystemSpace.purgeHorizons)), keyOf([storage]));
  return horizonOf(row instanceof Promise ? await row : row);
}

/** Rows that are gone without a tombstone were there until the commit that has noted it. */
function horizonOf(row: Uint8Array | undefined): Seq {
  if (row === undefined) return 0 as Seq;
  const [tombstones, rows] = decode(row);
  return Math.max(Number(tombstones), rows === true ? rowSeq(row) : 0) as Seq;
}
