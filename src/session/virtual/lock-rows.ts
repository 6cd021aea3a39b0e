import { parseLockTag } from '../../transaction/lock-tags.js';
import type { LockInfo, LockMode } from '../../transaction/transaction.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { SessionCore } from '../session-core.js';

/** pg_locks. Row locks show the space in place of page and tuple, which do not exist here. */
export function lockRows(core: SessionCore): Row[] {
  const database = core.catalog().database().oid;
  return core.server.transactions.locks.list().map((lock) => [
    ...targetOf(lock, database),
    // A prepared transaction's are held by no backend.
    `${lock.backendPid === 0 ? -1 : lock.backendPid}/${lock.transactionId}`,
    lock.backendPid === 0 ? null : lock.backendPid,
    modeName(lock.mode),
    lock.granted,
    false,
    null,
  ]);
}

/** locktype … objsubid. */
function targetOf(lock: LockInfo, database: number): SqlValue[] {
  const target = parseLockTag(lock.tag);
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
    case 'object':
      return ['object', database, null, null, null, null, null, null, null, null];
  }
}

/** ACCESS SHARE → AccessShareLock. */
function modeName(mode: LockMode): string {
  const words = mode.split(' ').map((word) => word.charAt(0) + word.slice(1).toLowerCase());
  return `${words.join('')}Lock`;
}
