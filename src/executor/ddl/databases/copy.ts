import type { DatabaseDescriptor, IndexDescriptor, OwnDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid, StorageId } from '../../../commons/ids.js';
import { SpaceName } from '../../../commons/space-name.js';
import { copyBytes } from '../../../store/bytes.js';
import { isDeleted } from '../../../store/row-codec.js';
import type { Snapshot, Space } from '../../../store/store.js';
import type { Transaction } from '../../../transaction/transaction.js';
import type { UtilityContext } from '../context.js';

/** What one transaction of a copy writes. */
const PIECE_BYTES = 256 * 1024;

interface SpacePair {
  readonly from: Space;
  readonly to: Space;
  readonly holdsRows: boolean;
}

/**
 * Life of a copy: the template's objects as they are stored get storages of their own and keep their numbers, as each database has numbers of
 * its own → their spaces are claimed → rows and entries are copied in transactions of some hundred kilobytes, from one snapshot → the caller's transaction, which brings the
 * objects and the database, makes the spaces its own. Nobody else is connected to the template.
 */
export async function copyDatabase(template: DatabaseDescriptor, created: DatabaseDescriptor, cx: UtilityContext): Promise<void> {
  const { session, transaction } = cx;
  // Who has just left may have been acknowledged before that was durable.
  await session.transactions.store.sync();
  const objects = await session.catalogs.storedObjects(template);
  const copies = new Map<OwnDescriptor, OwnDescriptor>(objects.map((object) => [object, withOwnStorage(object, cx)]));
  const pairs = spacePairs(copies, cx);
  if (pairs.length > 0) {
    await session.transactions.claimSpaces(
      transaction,
      pairs.map(({ to }) => to),
    );
    const snapshot = session.transactions.store.snapshot();
    try {
      for (const pair of pairs) await copySpace(pair, snapshot, cx);
    } finally {
      snapshot.release();
    }
  }
  for (const [from, to] of copies) {
    copyCounters(from, to, cx);
    session.catalogs.writeObject(transaction, created, to);
    if (cx.interrupt.shouldYield()) await cx.interrupt.turn();
  }
}

function withOwnStorage(object: OwnDescriptor, cx: UtilityContext): OwnDescriptor {
  switch (object.kind) {
    case 'table':
    case 'index':
    case 'sequence':
    case 'large object':
      return { ...object, storage: cx.session.catalog.allocateStorage() };
    default:
      return object;
  }
}

function spacePairs(copies: ReadonlyMap<OwnDescriptor, OwnDescriptor>, { access, session }: UtilityContext): readonly SpacePair[] {
  const pairs: SpacePair[] = [];
  const pair = (from: readonly Space[], to: readonly Space[], holdsRows: boolean): void => {
    from.forEach((space, shard) => {
      const target = to[shard];
      if (target !== undefined) pairs.push({ from: space, to: target, holdsRows });
    });
  };
  const tables = new Map<Oid, TableDescriptor>();
  for (const object of copies.keys()) if (object.kind === 'table') tables.set(object.oid, object);
  for (const [from, to] of copies) {
    if (from.kind === 'table' && to.kind === 'table') pair(access.tableSpaces(from), access.tableSpaces(to), true);
    if (from.kind === 'large object' && to.kind === 'large object') {
      const { store } = session.transactions;
      pair([store.space(SpaceName.shared(from.storage))], [store.space(SpaceName.shared(to.storage))], true);
    }
    if (from.kind !== 'index' || to.kind !== 'index' || from.clustered) continue;
    const table = tables.get(from.table);
    if (table !== undefined) pair(access.indexSpaces(table, from), access.indexSpaces(table, to), false);
  }
  return pairs;
}

/** What is only kept for those who would catch up with the template is left behind. */
async function copySpace({ from, to, holdsRows }: SpacePair, snapshot: Snapshot, cx: UtilityContext): Promise<void> {
  const { transactions } = cx.session;
  const scan = snapshot.scan(from, {});
  let piece: Transaction | undefined;
  let bytes = 0;
  const commit = async (): Promise<void> => {
    const full = piece;
    piece = undefined;
    bytes = 0;
    await full?.commit();
    cx.interrupt.check();
  };
  try {
    for (let moved = scan.next(); moved instanceof Promise ? await moved : moved; moved = scan.next()) {
      if (holdsRows && isDeleted(scan.value)) continue;
      piece ??= transactions.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
      piece.put(to, copyBytes(scan.key), copyBytes(scan.value));
      bytes += scan.key.length + scan.value.length;
      if (bytes >= PIECE_BYTES) await commit();
    }
    await commit();
  } finally {
    scan.close();
    piece?.rollback();
  }
}

function copyCounters(from: OwnDescriptor, to: OwnDescriptor, { access, transaction }: UtilityContext): void {
  if (storageOf(from) === undefined) return;
  const isCounted = from.kind === 'sequence' || (from.kind === 'table' && from.rowKey === undefined);
  const [old, own] = [storageOf(from), storageOf(to)];
  if (isCounted && old !== undefined && own !== undefined) access.copyCounter(old, own, transaction);
}

function storageOf(object: OwnDescriptor): StorageId | undefined {
  return object.kind === 'table' || object.kind === 'sequence' ? object.storage : undefined;
}

/** All spaces and counters of a database's objects, given up with the transaction. */
export function dropStorages(objects: readonly OwnDescriptor[], { access, transaction, session }: UtilityContext): void {
  const tables = new Map<Oid, TableDescriptor>();
  for (const object of objects) if (object.kind === 'table') tables.set(object.oid, object);
  const spacesOf = (object: OwnDescriptor): readonly Space[] => {
    if (object.kind === 'table') return access.tableSpaces(object);
    if (object.kind === 'large object') return [session.transactions.store.space(SpaceName.shared(object.storage))];
    return object.kind === 'index' ? indexSpaces(object) : [];
  };
  const indexSpaces = (index: IndexDescriptor): readonly Space[] => {
    const table = tables.get(index.table);
    return table === undefined || index.clustered ? [] : access.indexSpaces(table, index);
  };
  for (const object of objects) {
    for (const space of spacesOf(object)) transaction.dropSpace(space);
    const isCounted = object.kind === 'sequence' || (object.kind === 'table' && object.rowKey === undefined);
    if (isCounted) access.dropCounter(object.storage, transaction);
  }
}
