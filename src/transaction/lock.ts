import { assert } from '../commons/assert.js';
import type { Oid } from '../commons/ids.js';
import { conflictsOf, modeBit } from './lock-modes.js';
import { parseLockTag } from './lock-tags.js';
import type { LockMode, LockTag } from './transaction.js';
import type { WriteSet } from './write-set.js';

/** That an owner holds some modes of some lock. The same object for many of its locks, so that a lock costs none. */
export class Hold {
  readonly owner: LockOwner;
  /** Modes as bits. */
  readonly modes: number;

  constructor(owner: LockOwner, modes: number) {
    this.owner = owner;
    this.modes = modes;
  }
}

/** The locks of one database, or those that are of none. */
export class LockSpace {
  readonly database: Oid;
  readonly locks: Map<LockTag, Hold | Contended> = new Map();
  /** Waits that were ended as deadlocks. */
  deadlocks = 0;

  constructor(database: Oid) {
    this.database = database;
  }
}

/** Who holds locks: a transaction, or a session for its advisory locks. */
export class LockOwner {
  /** Where its locks are, but for those of what databases share. */
  readonly space: LockSpace;
  /** The transaction's number; 0 for a session. */
  readonly transactionId: number;
  /** Owners of one backend are never in each other's way; 0: of no backend, alone, as a transaction is once it is prepared. */
  backendPid: number;
  /** Tags in the order of locking, and which modes were held before: what has to be undone. */
  readonly #tags: LockTag[] = [];
  readonly #before: number[] = [];
  /** The one asked for last: mostly all locks of an owner are alike. */
  #lastHold: Hold | undefined;
  waiting: Waiter | undefined;
  /** What its transaction has written. */
  readonly writes: WriteSet | undefined;

  constructor(space: LockSpace, transactionId: number, backendPid: number, writes?: WriteSet) {
    this.space = space;
    this.transactionId = transactionId;
    this.backendPid = backendPid;
    this.writes = writes;
  }

  hold(modes: number): Hold {
    if (this.#lastHold?.modes !== modes) this.#lastHold = new Hold(this, modes);
    return this.#lastHold;
  }

  isSameParty(other: LockOwner): boolean {
    return this === other || (this.backendPid !== 0 && this.backendPid === other.backendPid);
  }

  /** Notes a lock that was got. @param before modes held of it until then */
  record(tag: LockTag, before: number): void {
    this.#tags.push(tag);
    this.#before.push(before);
  }

  /** What was locked, in that order; some of it several times. */
  get tags(): readonly LockTag[] {
    return this.#tags;
  }

  lockedRelations(): ReadonlySet<Oid> {
    const oids = new Set<Oid>();
    for (const tag of this.#tags) {
      const target = parseLockTag(tag);
      if (target.kind === 'relation') oids.add(target.oid);
    }
    return oids;
  }

  /** How many locks were got: a savepoint remembers it. */
  get position(): number {
    return this.#tags.length;
  }

  /** Forgets the locks got since a position, the latest first, and has each restored to the modes held before. */
  popTo(position: number, restore: (owner: this, tag: LockTag, before: number) => void): void {
    while (this.#tags.length > position) {
      const tag = this.#tags.pop();
      const before = this.#before.pop();
      if (tag !== undefined) restore(this, tag, before ?? 0);
    }
  }
}

export class Waiter {
  readonly owner: LockOwner;
  readonly tag: LockTag;
  readonly mode: LockMode;
  readonly lock: Contended;
  readonly sinceMicros: number;
  granted: () => void = () => {};
  failed: (error: Error) => void = () => {};
  /** Stops its timers. */
  settled: () => void = () => {};

  constructor(owner: LockOwner, tag: LockTag, mode: LockMode, lock: Contended, sinceMicros: number) {
    this.sinceMicros = sinceMicros;
    this.owner = owner;
    this.tag = tag;
    this.mode = mode;
    this.lock = lock;
  }
}

export interface Blocker {
  readonly owner: LockOwner;
  /** Set where the blocker does not hold the lock but stands before in the queue. */
  readonly ahead: Waiter | undefined;
}

/** A lock with several holders, or with waiters. */
export class Contended {
  readonly space: LockSpace;
  /** One an owner. */
  readonly holds: Hold[];
  readonly waiters: Waiter[] = [];

  constructor(space: LockSpace, holds: Hold[]) {
    this.space = space;
    this.holds = holds;
  }

  modesOf(owner: LockOwner): number {
    return this.holds.find((hold) => hold.owner === owner)?.modes ?? 0;
  }

  setModes(owner: LockOwner, modes: number): void {
    const index = this.holds.findIndex((hold) => hold.owner === owner);
    if (modes === 0) {
      assert(index >= 0, 'a lock is released that its owner does not hold');
      this.holds.splice(index, 1);
    } else if (index < 0) this.holds.push(owner.hold(modes));
    else this.holds[index] = owner.hold(modes);
  }

  /** Where in the queue: at its end, but before whoever waits for what the owner holds, who else would wait for each other. */
  placeFor(held: number): number {
    if (held === 0) return this.waiters.length;
    const index = this.waiters.findIndex((waiter) => (conflictsOf(waiter.mode) & held) !== 0);
    return index < 0 ? this.waiters.length : index;
  }

  /** Whether a holder, or a waiter before `place`, is in the way. */
  isBlocked(owner: LockOwner, conflicts: number, place: number): boolean {
    for (const hold of this.holds) if ((hold.modes & conflicts) !== 0 && !hold.owner.isSameParty(owner)) return true;
    for (let i = 0; i < place; i++) {
      const waiter = this.waiters[i];
      if (waiter !== undefined && (modeBit(waiter.mode) & conflicts) !== 0 && !waiter.owner.isSameParty(owner)) return true;
    }
    return false;
  }

  blockersOf(waiter: Waiter): readonly Blocker[] {
    const conflicts = conflictsOf(waiter.mode);
    const blockers: Blocker[] = [];
    for (const { owner, modes } of this.holds) {
      if ((modes & conflicts) !== 0 && !owner.isSameParty(waiter.owner)) blockers.push({ owner, ahead: undefined });
    }
    for (const ahead of this.waiters) {
      if (ahead === waiter) break;
      if ((modeBit(ahead.mode) & conflicts) !== 0 && !ahead.owner.isSameParty(waiter.owner)) blockers.push({ owner: ahead.owner, ahead });
    }
    return blockers;
  }
}
