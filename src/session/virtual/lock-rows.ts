import { CatalogOid } from '../../catalog/virtual/class-oids.js';
import { lockModeName } from '../../transaction/lock-modes.js';
import { DATABASE_TAG, parseLockTag } from '../../transaction/lock-tags.js';
import type { LockInfo, LockMode, LockTag, LockWaitInfo } from '../../transaction/transaction.js';
import { xidOf } from '../../transaction/transaction-ids.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { SessionCore } from '../session-core.js';

/**
 * pg_locks. Rows and keys are too many to be listed: as in PostgreSQL, who holds some has a lock on its own transaction, and who wants one
 * waits for the other's transaction.
 */
export function* lockRows(core: SessionCore): Iterable<Row> {
  const { locks } = core.server.transactions;
  for (const { id, options } of core.server.transactions.active()) {
    if (options.backendPid !== 0) yield virtualLock(options.backendPid, id);
  }
  const writers = new Map<number, LockInfo>();
  for (const lock of locks.list()) {
    if (isOfData(lock.tag)) writers.set(lock.transactionId, lock);
    else if (lock.granted) yield lockRow(targetOf(lock), lock, lock.mode, null);
  }
  for (const writer of writers.values())
    yield lockRow(transactionTarget(writer.transactionId), { ...writer, granted: true }, 'EXCLUSIVE', null);
  for (const wait of locks.waits()) {
    if (isOfData(wait.tag)) yield lockRow(transactionTarget(wait.blocker), wait, 'SHARE', wait.sinceMicros);
    else yield lockRow(targetOf(wait), wait, wait.mode, wait.sinceMicros);
  }
}

/** What a wait is for, as wait_event calls it. */
export function waitEvent({ tag }: LockWaitInfo): string {
  const { kind } = parseLockTag(tag);
  if (isOfData(tag)) return 'transactionid';
  return kind === 'advisory pair' ? 'advisory' : kind.replace('shared ', '');
}

function isOfData(tag: LockTag): boolean {
  const { kind } = parseLockTag(tag);
  return kind === 'row' || kind === 'index key';
}

function lockRow(target: readonly SqlValue[], lock: LockInfo, mode: LockMode, waitStart: SqlValue): Row {
  // A prepared transaction's are held by no backend.
  const pid = lock.backendPid === 0 ? null : lock.backendPid;
  return [...target, `${pid ?? -1}/${lock.transactionId}`, pid, lockModeName(mode), lock.granted, false, waitStart];
}

/** Every transaction has a lock on itself, by the number that it has in its session. */
function virtualLock(pid: number, id: number): Row {
  const name = `${pid}/${id}`;
  return ['virtualxid', null, null, null, null, name, null, null, null, null, name, pid, lockModeName('EXCLUSIVE'), true, true, null];
}

/** locktype … objsubid. */
function targetOf({ tag, database }: LockInfo): readonly SqlValue[] {
  const target = parseLockTag(tag);
  switch (target.kind) {
    case 'relation':
      return ['relation', database, target.oid, null, null, null, null, null, null, null];
    case 'row':
    case 'index key':
      return ['tuple', database, null, target.spaceId, null, null, null, null, null, null];
    case 'advisory': {
      const key = BigInt.asUintN(64, target.key);
      return ['advisory', database, null, null, null, null, null, Number(key >> 32n), Number(key & 0xffffffffn), 1];
    }
    case 'advisory pair':
      return ['advisory', database, null, null, null, null, null, target.first >>> 0, target.second >>> 0, 2];
    case 'shared object':
      if (target.objectKind === DATABASE_TAG)
        return ['object', 0, null, null, null, null, null, CatalogOid.pgDatabase, Number(target.name), 0];
      return ['object', 0, null, null, null, null, null, null, null, null];
    case 'object':
      return ['object', database, null, null, null, null, null, null, null, null];
  }
}

const transactionTarget = (id: number): readonly SqlValue[] => ['transactionid', null, null, null, null, null, xidOf(id), null, null, null];
