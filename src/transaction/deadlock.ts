import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { Blocker, Contended, LockOwner, Waiter } from './lock.js';
import { lockModeName } from './lock-modes.js';
import { DATABASE_TAG, parseLockTag } from './lock-tags.js';
import type { LockTag } from './transaction.js';

interface Edge {
  readonly waiter: Waiter;
  readonly blocker: Blocker;
}

/** The number of PostgreSQL's catalog. */
const PG_DATABASE = 1262;
/** Reorderings tried before giving up: each resolves one cycle. */
const MAX_REORDERINGS = 16;

/**
 * Looks for a circle of waiters that `waiter` is in, as PostgreSQL does once deadlock_timeout has passed. A circle that only exists because
 * someone stands before another in a queue is undone by letting the later one go first.
 *
 * @returns the error for `waiter`, or undefined when there is no circle (any more)
 */
export function resolveDeadlock(
  waiter: Waiter,
  waiters: Iterable<Waiter>,
  wake: (tag: LockTag, lock: Contended) => void,
): SqlError | undefined {
  for (let i = 0; i <= MAX_REORDERINGS; i++) {
    if (waiter.owner.waiting !== waiter) return undefined;
    const cycle = findCycle(waiter, waiters);
    if (cycle === undefined) return undefined;
    const soft = cycle.find(({ blocker }) => blocker.ahead !== undefined);
    if (soft?.blocker.ahead === undefined || i === MAX_REORDERINGS) return deadlockDetected(cycle);
    const { waiters: queue } = soft.waiter.lock;
    queue.splice(queue.indexOf(soft.waiter), 1);
    queue.splice(queue.indexOf(soft.blocker.ahead), 0, soft.waiter);
    wake(soft.waiter.tag, soft.waiter.lock);
  }
  return undefined;
}

/** The edges of a circle through `start`, from it on. */
function findCycle(start: Waiter, waiters: Iterable<Waiter>): readonly Edge[] | undefined {
  const visited = new Set<Waiter>();
  const path: Edge[] = [];
  const visit = (waiter: Waiter): boolean => {
    if (visited.has(waiter)) return false;
    visited.add(waiter);
    for (const blocker of waiter.lock.blockersOf(waiter)) {
      path.push({ waiter, blocker });
      if (blocker.owner.isSameParty(start.owner)) return true;
      const next = waitOf(blocker.owner, waiters);
      if (next !== undefined && visit(next)) return true;
      path.pop();
    }
    return false;
  };
  return visit(start) ? path : undefined;
}

/** What a backend waits for, whichever of its owners does. */
function waitOf(owner: LockOwner, waiters: Iterable<Waiter>): Waiter | undefined {
  if (owner.waiting !== undefined) return owner.waiting;
  for (const waiter of waiters) if (waiter.owner.isSameParty(owner)) return waiter;
  return undefined;
}

function deadlockDetected(cycle: readonly Edge[]): SqlError {
  const lines = cycle.map(({ waiter, blocker }) => {
    const { owner } = waiter;
    return `Process ${owner.backendPid} waits for ${describe(waiter, blocker.owner)}; blocked by process ${blocker.owner.backendPid}.`;
  });
  return new SqlError(SqlState.deadlockDetected, 'deadlock detected', {
    detail: lines.join('\n'),
    hint: 'See server log for query details.',
  });
}

/** PostgreSQL's DescribeLockTag. Rows are waited for through their holder's transaction. */
function describe(waiter: Waiter, blocker: LockOwner): string {
  const target = parseLockTag(waiter.tag);
  const { database } = waiter.owner.space;
  switch (target.kind) {
    case 'row':
    case 'index key':
      return `ShareLock on transaction ${blocker.transactionId}`;
    case 'relation':
      return `${lockModeName(waiter.mode)} on relation ${target.oid} of database ${database}`;
    case 'advisory':
      return `${lockModeName(waiter.mode)} on advisory lock [${database},${BigInt.asUintN(32, target.key >> 32n)},${BigInt.asUintN(32, target.key)},1]`;
    case 'advisory pair':
      return `${lockModeName(waiter.mode)} on advisory lock [${database},${target.first >>> 0},${target.second >>> 0},2]`;
    case 'shared object':
      if (target.objectKind === DATABASE_TAG)
        return `${lockModeName(waiter.mode)} on object ${target.name} of class ${PG_DATABASE} of database 0`;
      return `${lockModeName(waiter.mode)} on ${target.objectKind} ${target.name}`;
    case 'object':
      return `${lockModeName(waiter.mode)} on ${target.objectKind} ${target.name}`;
  }
}
