import { assert } from '../commons/assert.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { LockOwner } from './lock.js';
import type { LockLimits, LockMode, LockTag, LockWait, SessionLocks } from './transaction.js';

/** What it needs of the lock table. */
interface Table {
  acquire(owner: LockOwner, tag: LockTag, mode: LockMode, wait: LockWait, limits: LockLimits): MaybePromise<boolean>;
  releaseMode(owner: LockOwner, tag: LockTag, mode: LockMode): void;
}

/** A session's advisory locks: the table knows whether it holds one, this counts how often. */
export class CountedSessionLocks implements SessionLocks {
  readonly #table: Table;
  readonly #owner: LockOwner;
  readonly #counts = new Map<string, { readonly tag: LockTag; readonly mode: LockMode; count: number }>();

  constructor(table: Table, owner: LockOwner) {
    this.#table = table;
    this.#owner = owner;
  }

  lock(tag: LockTag, mode: LockMode, wait: LockWait, limits: LockLimits = {}): MaybePromise<boolean> {
    const held = this.#table.acquire(this.#owner, tag, mode, wait, limits);
    if (held instanceof Promise) return held.then((granted) => this.#count(tag, mode, granted));
    return this.#count(tag, mode, held);
  }

  #count(tag: LockTag, mode: LockMode, granted: boolean): boolean {
    if (!granted) return false;
    const name = `${mode}/${tag}`;
    const lock = this.#counts.get(name);
    if (lock === undefined) this.#counts.set(name, { tag, mode, count: 1 });
    else lock.count++;
    return true;
  }

  unlock(tag: LockTag, mode: LockMode): boolean {
    const name = `${mode}/${tag}`;
    const lock = this.#counts.get(name);
    if (lock === undefined) return false;
    if (--lock.count === 0) {
      this.#counts.delete(name);
      this.#table.releaseMode(this.#owner, tag, mode);
    }
    return true;
  }

  unlockAll(): void {
    assert(this.#owner.waiting === undefined, 'a session ends while it waits for a lock');
    for (const { tag, mode } of this.#counts.values()) this.#table.releaseMode(this.#owner, tag, mode);
    this.#counts.clear();
  }
}
