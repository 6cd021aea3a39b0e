import { assert } from '../commons/assert.js';
import type { Clock } from '../commons/clock.js';
import type { Oid } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { resolveDeadlock } from './deadlock.js';
import { Contended, Hold, LockOwner, LockSpace, Waiter } from './lock.js';
import { conflictsOf, isRowMode, LOCK_MODES, modeBit } from './lock-modes.js';
import { isSharedTag, parseLockTag } from './lock-tags.js';
import { CountedSessionLocks } from './session-locks.js';
import type { LockInfo, LockLimits, LockManager, LockMode, LockTag, LockWait, LockWaitInfo, SessionLocks } from './transaction.js';

/**
 * Life of a lock: nobody has it → its tag maps straight to its one holder (the usual case: no object, no promise) → a second holder or a
 * waiter makes it a Contended → when the last waiter is gone and one holder is left it shrinks back. Waiters are served first come, first
 * served; who already holds a lock and wants more of it goes before those who wait for what it holds (PostgreSQL's rule in ProcSleep).
 */
export class LockTable implements LockManager {
  /** Of what databases share. */
  readonly #shared = new LockSpace(0);
  readonly #databases = new Map<Oid, LockSpace>();
  readonly #waiters = new Set<Waiter>();
  readonly #deadlockTimeoutMs: () => number;
  readonly #clock: Clock;

  constructor(deadlockTimeoutMs: () => number, clock: Clock) {
    this.#deadlockTimeoutMs = deadlockTimeoutMs;
    this.#clock = clock;
  }

  /** The locks of a database; 0: of who works in none. */
  of(database: Oid): LockSpace {
    let space = this.#databases.get(database);
    if (space === undefined) {
      space = new LockSpace(database);
      this.#databases.set(database, space);
    }
    return space;
  }

  /** The database is gone. */
  forget(database: Oid): void {
    if (this.#databases.get(database)?.locks.size === 0) this.#databases.delete(database);
  }

  #spaceOf(owner: LockOwner, tag: LockTag): LockSpace {
    return isSharedTag(tag) ? this.#shared : owner.space;
  }

  /** As Transaction.lock. */
  acquire(owner: LockOwner, tag: LockTag, mode: LockMode, wait: LockWait, limits: LockLimits): MaybePromise<boolean> {
    const bit = modeBit(mode);
    const space = this.#spaceOf(owner, tag);
    const { locks } = space;
    const current = locks.get(tag);
    if (current === undefined) {
      locks.set(tag, owner.hold(bit));
      owner.record(tag, 0);
      return true;
    }
    if (current instanceof Hold && current.owner === owner) {
      if ((current.modes & bit) !== 0) return true;
      locks.set(tag, owner.hold(current.modes | bit));
      owner.record(tag, current.modes);
      return true;
    }
    let lock: Contended;
    if (current instanceof Hold) {
      lock = new Contended(space, [current]);
      locks.set(tag, lock);
    } else lock = current;
    return this.#acquireContended(owner, tag, mode, wait, limits, lock);
  }

  #acquireContended(
    owner: LockOwner,
    tag: LockTag,
    mode: LockMode,
    wait: LockWait,
    limits: LockLimits,
    lock: Contended,
  ): MaybePromise<boolean> {
    const bit = modeBit(mode);
    const held = lock.modesOf(owner);
    if ((held & bit) !== 0) return true;
    const place = lock.placeFor(held);
    // A row's holders alone are in the way of who comes (heap_lock_tuple): a shared lock does not queue behind a writer that waits.
    if (!lock.isBlocked(owner, conflictsOf(mode), isRowMode(mode) ? 0 : place)) {
      lock.setModes(owner, held | bit);
      owner.record(tag, held);
      return true;
    }
    if (wait !== 'wait') {
      this.#settle(tag, lock);
      if (wait === 'skip') return false;
      throw notAvailable(tag, mode);
    }
    return this.#wait(new Waiter(owner, tag, mode, lock, this.#clock.nowMicros()), place, limits);
  }

  #wait(waiter: Waiter, place: number, limits: LockLimits): Promise<boolean> {
    const { owner, lock } = waiter;
    assert(owner.waiting === undefined, 'an owner waits for two locks at a time');
    lock.waiters.splice(place, 0, waiter);
    owner.waiting = waiter;
    this.#waiters.add(waiter);
    return new Promise((resolve, reject) => {
      const { signal, lockTimeoutMs = 0, deadlockTimeoutMs = this.#deadlockTimeoutMs() } = limits;
      const fail = (error: Error): void => {
        this.#stopWaiting(waiter);
        this.#wake(waiter.tag, lock);
        reject(error);
      };
      const onAbort = (): void => fail(signal?.reason instanceof SqlError ? signal.reason : canceled());
      const deadlockTimer = setTimeout(() => {
        const error = resolveDeadlock(waiter, this.#waiters, (tag, contended) => this.#wake(tag, contended));
        if (error === undefined) return;
        owner.space.deadlocks++;
        fail(error);
      }, deadlockTimeoutMs);
      const lockTimer = lockTimeoutMs > 0 ? setTimeout(() => fail(lockTimeout()), lockTimeoutMs) : undefined;
      waiter.settled = () => {
        clearTimeout(deadlockTimer);
        if (lockTimer !== undefined) clearTimeout(lockTimer);
        signal?.removeEventListener('abort', onAbort);
      };
      waiter.granted = () => resolve(true);
      waiter.failed = fail;
      if (signal?.aborted === true) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  #stopWaiting(waiter: Waiter): void {
    const { owner, lock } = waiter;
    lock.waiters.splice(lock.waiters.indexOf(waiter), 1);
    owner.waiting = undefined;
    this.#waiters.delete(waiter);
    waiter.settled();
  }

  /** Gives up what was locked since `position`: 0 for everything, at the end. */
  releaseTo(owner: LockOwner, position: number): void {
    // The connection may be gone while it waits.
    owner.waiting?.failed(canceled());
    owner.popTo(position, this.#restore);
  }

  /** Gives up one mode of a lock, whenever it was got: session-level advisory locks, which keep no order. */
  releaseMode(owner: LockOwner, tag: LockTag, mode: LockMode): void {
    const current = this.#spaceOf(owner, tag).locks.get(tag);
    assert(current !== undefined, 'a lock is released that nobody holds');
    const modes = current instanceof Hold ? current.modes : current.modesOf(owner);
    this.#restore(owner, tag, modes & ~modeBit(mode));
  }

  readonly #restore = (owner: LockOwner, tag: LockTag, modes: number): void => {
    const { locks } = this.#spaceOf(owner, tag);
    const current = locks.get(tag);
    assert(current !== undefined, 'a lock is released that nobody holds');
    if (current instanceof Hold) {
      assert(current.owner === owner, 'a lock is released that another holds');
      if (modes === 0) locks.delete(tag);
      else locks.set(tag, owner.hold(modes));
      return;
    }
    current.setModes(owner, modes);
    this.#wake(tag, current);
  };

  /** Serves the waiters that nothing is in the way of any more. */
  #wake(tag: LockTag, lock: Contended): void {
    for (let i = 0; i < lock.waiters.length; ) {
      const waiter = lock.waiters[i];
      assert(waiter !== undefined, 'a queue with a hole');
      const { owner, mode } = waiter;
      if (lock.isBlocked(owner, conflictsOf(mode), i)) {
        i++;
        continue;
      }
      this.#stopWaiting(waiter);
      const held = lock.modesOf(owner);
      lock.setModes(owner, held | modeBit(mode));
      owner.record(tag, held);
      waiter.granted();
    }
    this.#settle(tag, lock);
  }

  /** Back to the cheap form when there is no contention left. */
  #settle(tag: LockTag, lock: Contended): void {
    if (lock.waiters.length > 0) return;
    const { locks } = lock.space;
    const [only, second] = lock.holds;
    if (only === undefined) locks.delete(tag);
    else if (second === undefined) locks.set(tag, only);
  }

  /** Whether another party holds a lock, and answers for having done something with it. */
  isHeldBy(tag: LockTag, owner: LockOwner, answers: (holder: LockOwner) => boolean): boolean {
    const lock = this.#spaceOf(owner, tag).locks.get(tag);
    if (lock === undefined) return false;
    if (lock instanceof Hold) return !lock.owner.isSameParty(owner) && answers(lock.owner);
    return lock.holds.some((hold) => !hold.owner.isSameParty(owner) && answers(hold.owner));
  }

  /** What an owner holds now. */
  heldBy(owner: LockOwner): readonly { readonly tag: LockTag; readonly modes: readonly LockMode[] }[] {
    return [...new Set(owner.tags)].map((tag) => {
      const lock = this.#spaceOf(owner, tag).locks.get(tag);
      const modes = lock instanceof Hold ? lock.modes : (lock?.modesOf(owner) ?? 0);
      return { tag, modes: LOCK_MODES.filter((mode) => (modes & modeBit(mode)) !== 0) };
    });
  }

  /** Whether its backend holds a lock besides: its session does. */
  isHeldBySession(tag: LockTag, owner: LockOwner): boolean {
    const lock = this.#spaceOf(owner, tag).locks.get(tag);
    return lock instanceof Contended && lock.holds.some((hold) => hold.owner !== owner && hold.owner.isSameParty(owner));
  }

  list(): readonly LockInfo[] {
    const infos: LockInfo[] = [];
    for (const { locks } of [this.#shared, ...this.#databases.values()]) {
      for (const [tag, lock] of locks) {
        for (const { owner, modes } of lock instanceof Hold ? [lock] : lock.holds) {
          for (const mode of LOCK_MODES) if ((modes & modeBit(mode)) !== 0) infos.push(infoOf(owner, tag, mode, true));
        }
        if (lock instanceof Contended) for (const { owner, mode } of lock.waiters) infos.push(infoOf(owner, tag, mode, false));
      }
    }
    return infos;
  }

  deadlocksIn(database: Oid): number {
    return this.#databases.get(database)?.deadlocks ?? 0;
  }

  waits(): readonly LockWaitInfo[] {
    return Array.from(this.#waiters, (waiter) => {
      const { owner, tag, mode, lock, sinceMicros } = waiter;
      const blocker = lock.blockersOf(waiter)[0]?.owner.transactionId ?? 0;
      return { ...infoOf(owner, tag, mode, false), blocker, sinceMicros };
    });
  }

  blockers(backendPid: number): readonly number[] {
    const pids = new Set<number>();
    for (const waiter of this.#waiters) {
      if (waiter.owner.backendPid !== backendPid) continue;
      for (const { owner } of waiter.lock.blockersOf(waiter)) pids.add(owner.backendPid);
    }
    return [...pids];
  }

  session(backendPid: number, database: Oid = 0): SessionLocks {
    return new CountedSessionLocks(this, new LockOwner(this.of(database), 0, backendPid));
  }
}

function infoOf(owner: LockOwner, tag: LockTag, mode: LockMode, granted: boolean): LockInfo {
  const database = isSharedTag(tag) ? 0 : owner.space.database;
  return { tag, database, mode, backendPid: owner.backendPid, transactionId: owner.transactionId, granted };
}

/** PostgreSQL names the relation; the caller, who knows it, words it so. */
function notAvailable(tag: LockTag, mode: LockMode): SqlError {
  const target = parseLockTag(tag);
  const what = isRowMode(mode)
    ? 'row'
    : target.kind === 'relation'
      ? `relation with OID ${target.oid}`
      : target.kind.replace('shared ', '');
  return new SqlError(SqlState.lockNotAvailable, `could not obtain lock on ${what}`);
}
const lockTimeout = () => new SqlError(SqlState.lockNotAvailable, 'canceling statement due to lock timeout');
const canceled = () => new SqlError(SqlState.queryCanceled, 'canceling statement due to user request');
