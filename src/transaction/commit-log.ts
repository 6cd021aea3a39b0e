import { assert } from '../commons/assert.js';
import { type Seq, seq } from '../commons/ids.js';
import type { Store, WriteOperation } from '../store/store.js';
import { type CommitRecord, decodeLabel, encodeLabel, recordOf } from './commit-record.js';

/**
 * The commit log is the store's own log: a commit is a batch with a label, and both are durable at once. So there is nothing to recover but
 * the last number.
 */
export function lastSeqOf(store: Store): Seq {
  return store.lastLabel === undefined ? seq(0) : decodeLabel(store.lastLabel).seq;
}

/**
 * Commit records in the order of their numbers, as they were when the reading began.
 * @param from the first number wanted; records before the oldest that is kept are gone, which the first record's number tells
 */
export async function* readLog(store: Store, from: Seq): AsyncGenerator<CommitRecord, void, undefined> {
  for await (const batch of store.history()) {
    const record = recordOf(batch);
    if (record !== undefined && record.seq >= from) yield record;
  }
}

/** Applies a record to a store, its log included. Applying one that the store has changes nothing. */
export async function applyRecord(store: Store, record: CommitRecord): Promise<void> {
  assert(!record.changesOmitted, 'a record without its changes cannot be applied');
  if (record.seq <= lastSeqOf(store)) return;
  const batch = record.changes.map((change): WriteOperation => ({ ...change, space: store.space(change.space) }));
  await store.write(batch, { label: encodeLabel(record) });
}
