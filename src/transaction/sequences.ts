import { assert } from '../commons/assert.js';
import type { StorageId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SpaceName } from '../commons/space-name.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { SystemSpace } from '../commons/system-names.js';
import { compileKeyEncoder } from '../store/key-codec.js';
import { compileRowDecoder, encodeRow } from '../store/row-codec.js';
import type { Space } from '../store/store.js';
import type { SequenceDefinition, SequenceState } from './sequence-definition.js';
import { toInt8 } from './sequence-definition.js';
import type { Transaction, TransactionManager } from './transaction.js';

/** Values reserved at a time, as PostgreSQL logs them ahead. */
const RESERVED_VALUES = 32n;
/** When so few reserved ones are left, the next are reserved in the background. */
const RESERVE_AHEAD = 8n;
/** Most that are reserved at once. */
const MAX_RESERVED_VALUES = 4096n;

/** As it is used, ahead of what is durable. */
interface Counter {
  readonly id: StorageId;
  readonly key: Uint8Array;
  last: bigint;
  isCalled: boolean;
  /** Steps from `last` that are durably reserved. */
  reserved: bigint;
  /** How many `nextvalNow` reserves next: more, the faster they go. */
  ahead: bigint;
  reserving: Promise<void> | undefined;
}

/**
 * Life of a value: `nextval` takes the next reserved one, without waiting → when few are left, more are reserved: a commit that says that they
 * are used → only then are they given out, so that none comes twice, also after a crash (some may never come). As in PostgreSQL nothing of
 * this belongs to the caller's transaction; what does (CREATE, RESTART, TRUNCATE … RESTART IDENTITY) takes a new storage id.
 */
export class SequenceStore {
  readonly #manager: TransactionManager;
  readonly #space: Space;
  readonly #counters = new Map<StorageId, MaybePromise<Counter>>();
  /** Writes that nobody waits for. */
  readonly #pending = new Set<Promise<void>>();
  readonly #encodeKey = compileKeyEncoder([{ type: 'int8', notNull: true }]);
  readonly #decodeRow = compileRowDecoder(3);

  constructor(manager: TransactionManager) {
    this.#manager = manager;
    this.#space = manager.store.space(SpaceName.system(SystemSpace.sequences));
  }

  /**
   * @returns an int8
   * @throws SqlError 2200H at its end
   */
  nextval(id: StorageId, definition: SequenceDefinition): MaybePromise<number | bigint> {
    const counter = this.#counter(id, definition);
    if (counter instanceof Promise) return counter.then((loaded) => this.#next(loaded, definition));
    return this.#next(counter, definition);
  }

  #next(counter: Counter, definition: SequenceDefinition): MaybePromise<number | bigint> {
    if (counter.reserved === 0n) return this.#reserve(counter, definition).then(() => this.#next(counter, definition));
    const value = successor(counter, definition);
    counter.last = value;
    counter.isCalled = true;
    counter.reserved--;
    // A failure is heard by who runs out of values.
    if (counter.reserved === RESERVE_AHEAD && counter.reserving === undefined) this.#reserve(counter, definition).catch(() => {});
    return toInt8(value);
  }

  /**
   * nextval for callers that can't wait. The reservation's commit is ordered here and now, so that whatever the caller commits comes after it:
   * no value comes twice in what is durable. Don't mix with `nextval` on one sequence.
   *
   * @throws SqlError 2200H
   */
  nextvalNow(id: StorageId, definition: SequenceDefinition): number | bigint {
    const counter = this.#counter(id, definition);
    assert(!(counter instanceof Promise), 'sequences need a store that answers at once');
    if (counter.reserved === 0n) this.#reserveNow(counter, definition);
    const value = successor(counter, definition);
    counter.last = value;
    counter.isCalled = true;
    counter.reserved--;
    return toInt8(value);
  }

  #reserveNow(counter: Counter, definition: SequenceDefinition): void {
    const ahead: Walker = { last: counter.last, isCalled: counter.isCalled };
    let steps = 0n;
    while (steps < counter.ahead && (steps === 0n ? step(ahead, definition) : tryStep(ahead, definition))) steps++;
    if (counter.ahead < MAX_RESERVED_VALUES) counter.ahead *= 2n;
    counter.reserved = steps;
    this.#persistLater(counter, ahead.last, true);
  }

  /** setval in the same way: ordered before whatever the caller commits. @throws SqlError 22003 */
  setvalNow(id: StorageId, value: number | bigint, isCalled: boolean, definition: SequenceDefinition): void {
    const number = BigInt(value);
    requireInRange(number, definition);
    const counter = this.#counter(id, definition);
    assert(!(counter instanceof Promise), 'sequences need a store that answers at once');
    counter.last = number;
    counter.isCalled = isCalled;
    counter.reserved = 0n;
    this.#persistLater(counter, number, isCalled);
  }

  /** A store that can't write fails the caller's own commit too. */
  #persistLater(counter: Counter, last: bigint, isCalled: boolean): void {
    const writing = this.#persist(counter, last, isCalled);
    this.#pending.add(writing);
    const done = (): void => void this.#pending.delete(writing);
    writing.then(done, done);
  }

  /** Durable when it resolves. @throws SqlError 22003 */
  async setval(id: StorageId, value: number | bigint, isCalled: boolean, definition: SequenceDefinition): Promise<void> {
    const number = BigInt(value);
    requireInRange(number, definition);
    const counter = await this.#counter(id, definition);
    while (counter.reserving !== undefined) await counter.reserving;
    counter.last = number;
    counter.isCalled = isCalled;
    counter.reserved = 0n;
    await this.#persist(counter, number, isCalled);
  }

  /** `SELECT last_value, is_called FROM sequence`. */
  state(id: StorageId, definition: SequenceDefinition): MaybePromise<SequenceState> {
    const counter = this.#counter(id, definition);
    return counter instanceof Promise ? counter.then(stateOf) : stateOf(counter);
  }

  /** With the transaction that drops the sequence. */
  drop(transaction: Transaction, id: StorageId): void {
    transaction.delete(this.#space, this.#encodeKey([id]));
    transaction.onCommit(() => this.#counters.delete(id));
  }

  /** Gives back what was reserved and not used. When the server stops. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#pending);
    for (const pending of this.#counters.values()) {
      const counter = await pending;
      while (counter.reserving !== undefined) await counter.reserving;
      if (counter.reserved === 0n) continue;
      counter.reserved = 0n;
      await this.#persist(counter, counter.last, counter.isCalled);
    }
  }

  #counter(id: StorageId, definition: SequenceDefinition): MaybePromise<Counter> {
    const known = this.#counters.get(id);
    if (known !== undefined) return known;
    const key = this.#encodeKey([id]);
    const snapshot = this.#manager.store.snapshot();
    const row = snapshot.get(this.#space, key);
    if (row instanceof Promise) {
      const loading = row.then((loaded) => {
        snapshot.release();
        return this.#loaded(id, key, loaded, definition);
      });
      this.#counters.set(id, loading);
      return loading;
    }
    const counter = this.#loaded(id, key, row, definition);
    snapshot.release();
    return counter;
  }

  #loaded(id: StorageId, key: Uint8Array, row: Uint8Array | undefined, { start }: SequenceDefinition): Counter {
    let last = start;
    let isCalled = false;
    if (row !== undefined) {
      const [, value, called] = this.#decodeRow(row);
      assert(typeof value === 'number' || typeof value === 'bigint', 'a damaged sequence');
      last = BigInt(value);
      isCalled = called === true;
    }
    const counter: Counter = { id, key, last, isCalled, reserved: 0n, ahead: RESERVED_VALUES, reserving: undefined };
    this.#counters.set(id, counter);
    return counter;
  }

  #reserve(counter: Counter, definition: SequenceDefinition): Promise<void> {
    counter.reserving ??= this.#reserveMore(counter, definition).finally(() => {
      counter.reserving = undefined;
    });
    return counter.reserving;
  }

  async #reserveMore(counter: Counter, definition: SequenceDefinition): Promise<void> {
    const wanted = definition.cache > RESERVED_VALUES ? definition.cache : RESERVED_VALUES;
    // Walks ahead from the last value that is reserved by now.
    const ahead: Walker = { last: counter.last, isCalled: counter.isCalled };
    for (let i = 0n; i < counter.reserved; i++) step(ahead, definition);
    let steps = 0n;
    // The first one that is not there is the caller's error; later ones just end the reservation.
    while (steps < wanted && (steps === 0n ? step(ahead, definition) : tryStep(ahead, definition))) steps++;
    await this.#persist(counter, ahead.last, true);
    counter.reserved += steps;
  }

  async #persist(counter: Counter, last: bigint, isCalled: boolean): Promise<void> {
    const transaction = this.#manager.begin({ isolation: 'read committed', readOnly: false, backendPid: 0 });
    transaction.put(this.#space, counter.key, encodeRow([counter.id, toInt8(last), isCalled]));
    await transaction.commit();
  }
}

function requireInRange(value: bigint, { name, min, max }: SequenceDefinition): void {
  if (value >= min && value <= max) return;
  throw new SqlError(SqlState.numericValueOutOfRange, `setval: value ${value} is out of bounds for sequence "${name}" (${min}..${max})`);
}

interface Walker {
  last: bigint;
  isCalled: boolean;
}

function stateOf({ last, isCalled }: Counter): SequenceState {
  return { lastValue: toInt8(last), isCalled };
}

/** @throws SqlError 2200H */
function successor(from: Walker, definition: SequenceDefinition): bigint {
  const { name, increment, min, max, cycle } = definition;
  if (!from.isCalled) return from.last;
  const next = from.last + increment;
  if (next >= min && next <= max) return next;
  if (cycle) return increment > 0n ? min : max;
  const [which, bound] = increment > 0n ? ['maximum', max] : ['minimum', min];
  throw new SqlError(SqlState.sequenceGeneratorLimitExceeded, `nextval: reached ${which} value of sequence "${name}" (${bound})`);
}

function step(walker: Walker, definition: SequenceDefinition): true {
  walker.last = successor(walker, definition);
  walker.isCalled = true;
  return true;
}

function tryStep(walker: Walker, definition: SequenceDefinition): boolean {
  const next = walker.last + definition.increment;
  if (!definition.cycle && (next < definition.min || next > definition.max)) return false;
  return step(walker, definition);
}
