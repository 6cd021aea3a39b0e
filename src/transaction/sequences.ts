import { assert } from '../commons/assert.js';
import type { StorageId } from '../commons/ids.js';
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

const NEEDS_SYNCHRONOUS_STORE = 'sequences need a store that answers at once';

/** Values reserved at first, as PostgreSQL logs them ahead. */
const RESERVED_VALUES = 32n;
/** Most that are reserved at once. */
const MAX_RESERVED_VALUES = 4096n;

/** As it is used, ahead of what is durable. */
interface Counter {
  readonly id: StorageId;
  readonly key: Uint8Array;
  last: bigint;
  isCalled: boolean;
  /** Steps from `last` whose reservation has its place in the order of commits. */
  reserved: bigint;
  /** The last of them that are not durable yet; more than `reserved` where some of those were given out. */
  undurable: bigint;
  /** How many are reserved next: more, when they went faster than they became durable. */
  ahead: bigint;
  /** Counts how often what is reserved was given up: a reservation from before has no say any more. */
  epoch: number;
}

/**
 * Life of a value: `nextval` takes the next reserved one, without waiting → when half of them are used, more are reserved in the background: a
 * commit says that they are used. Usually it is durable before the first of them is given out. Where values go faster than that, whoever gets one
 * commits behind the reservation, even if it writes nothing else. So no value that anybody has been told of comes twice, also after
 * a crash (some may never come). As in PostgreSQL nothing of this belongs to the caller's transaction; what does (CREATE, RESTART, TRUNCATE …
 * RESTART IDENTITY) takes a new storage id.
 */
export class SequenceStore {
  readonly #manager: TransactionManager;
  readonly #space: Space;
  readonly #counters = new Map<StorageId, Counter>();
  /** Writes that nobody waits for. */
  readonly #pending = new Set<Promise<void>>();
  readonly #encodeKey = compileKeyEncoder([{ type: 'int8', notNull: true }]);
  readonly #decodeRow = compileRowDecoder(3);

  constructor(manager: TransactionManager) {
    this.#manager = manager;
    this.#space = manager.store.space(SpaceName.system(SystemSpace.sequences));
  }

  /**
   * @param caller is told of what is not durable yet; absent for one that will write, which comes after the reservation anyway
   * @returns an int8
   * @throws SqlError 2200H at its end
   */
  nextval(id: StorageId, definition: SequenceDefinition, caller?: Transaction): number | bigint {
    const counter = this.#counter(id, definition);
    if (counter.reserved === 0n) {
      if (counter.undurable > 0n && counter.ahead < MAX_RESERVED_VALUES) counter.ahead *= 2n;
      this.#reserve(counter, definition, true);
    }
    if (counter.reserved <= counter.undurable && caller !== undefined) this.#buildOn(caller, counter);
    const value = successor(counter, definition);
    counter.last = value;
    counter.isCalled = true;
    counter.reserved--;
    if (counter.undurable === 0n && counter.reserved <= sizeOf(counter, definition) / 2n) this.#reserve(counter, definition, false);
    return toInt8(value);
  }

  /** @param caller as for `nextval` @throws SqlError 22003 */
  setval(id: StorageId, value: number | bigint, isCalled: boolean, definition: SequenceDefinition, caller?: Transaction): void {
    const number = BigInt(value);
    requireInRange(number, definition);
    const counter = this.#counter(id, definition);
    counter.last = number;
    counter.isCalled = isCalled;
    giveUp(counter);
    this.#persistLater(counter, number, isCalled);
    if (caller !== undefined) this.#buildOn(caller, counter);
  }

  /** A caller that writes commits behind the reservation, so this one writes a little: a mark that says nothing. */
  #buildOn(caller: Transaction, { id }: Counter): void {
    caller.put(this.#space, this.#markOf(id), encodeRow([id, 0, false]), true);
  }

  #markOf(id: StorageId): Uint8Array {
    return this.#encodeKey([-id]);
  }

  /** Its commit has its place when this returns. @param isNeeded the sequence's end is an error now, not only when it comes */
  #reserve(counter: Counter, definition: SequenceDefinition, isNeeded: boolean): void {
    const wanted = sizeOf(counter, definition);
    // Walks ahead from the last value that is reserved by now.
    const ahead: Walker = { last: counter.last, isCalled: counter.isCalled };
    for (let i = 0n; i < counter.reserved; i++) step(ahead, definition);
    let steps = 0n;
    while (steps < wanted && (steps === 0n && isNeeded ? step(ahead, definition) : tryStep(ahead, definition))) steps++;
    if (steps === 0n) return;
    counter.reserved += steps;
    counter.undurable += steps;
    const { epoch } = counter;
    this.#persistLater(counter, ahead.last, true, (isDurable) => {
      if (counter.epoch !== epoch) return;
      if (isDurable) counter.undurable -= steps;
      else giveUp(counter);
    });
  }

  /** A store that can't write fails the caller's own commit too. */
  #persistLater(counter: Counter, last: bigint, isCalled: boolean, ended: (isDurable: boolean) => void = () => undefined): void {
    const writing = this.#persist(counter, last, isCalled);
    this.#pending.add(writing);
    const done = (isDurable: boolean): void => {
      this.#pending.delete(writing);
      ended(isDurable);
    };
    writing.then(
      () => done(true),
      () => done(false),
    );
  }

  /** `SELECT last_value, is_called FROM sequence`. */
  state(id: StorageId, definition: SequenceDefinition): SequenceState {
    const { last, isCalled } = this.#counter(id, definition);
    return { lastValue: toInt8(last), isCalled };
  }

  /** With the transaction that drops the sequence. */
  drop(transaction: Transaction, id: StorageId): void {
    transaction.delete(this.#space, this.#encodeKey([id]), true);
    transaction.delete(this.#space, this.#markOf(id), true);
    transaction.onCommit(() => this.#counters.delete(id));
  }

  /** A sequence that the transaction makes begins where another one, which nobody uses now, is. */
  copy(transaction: Transaction, from: StorageId, to: StorageId): void {
    const state = this.#counters.get(from) ?? this.#stored(from);
    if (state !== undefined) transaction.put(this.#space, this.#encodeKey([to]), encodeRow([to, toInt8(state.last), state.isCalled]), true);
  }

  #stored(id: StorageId): Pick<Counter, 'last' | 'isCalled'> | undefined {
    const snapshot = this.#manager.store.newest();
    const row = snapshot.get(this.#space, this.#encodeKey([id]));
    assert(!(row instanceof Promise), NEEDS_SYNCHRONOUS_STORE);
    const state = row === undefined ? undefined : this.#stateOf(row);
    snapshot.release();
    return state;
  }

  #stateOf(row: Uint8Array): Pick<Counter, 'last' | 'isCalled'> {
    const [, value, called] = this.#decodeRow(row);
    assert(typeof value === 'number' || typeof value === 'bigint', 'a damaged sequence');
    return { last: BigInt(value), isCalled: called === true };
  }

  /** Gives back what was reserved and not used. When the server stops. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#pending);
    for (const counter of this.#counters.values()) {
      if (counter.reserved === 0n) continue;
      giveUp(counter);
      await this.#persist(counter, counter.last, counter.isCalled);
    }
  }

  #counter(id: StorageId, definition: SequenceDefinition): Counter {
    const known = this.#counters.get(id);
    if (known !== undefined) return known;
    const key = this.#encodeKey([id]);
    const snapshot = this.#manager.store.newest();
    const row = snapshot.get(this.#space, key);
    assert(!(row instanceof Promise), NEEDS_SYNCHRONOUS_STORE);
    const counter = this.#loaded(id, key, row, definition);
    snapshot.release();
    return counter;
  }

  #loaded(id: StorageId, key: Uint8Array, row: Uint8Array | undefined, { start }: SequenceDefinition): Counter {
    const { last, isCalled } = row === undefined ? { last: start, isCalled: false } : this.#stateOf(row);
    const counter: Counter = { id, key, last, isCalled, reserved: 0n, undurable: 0n, ahead: RESERVED_VALUES, epoch: 0 };
    this.#counters.set(id, counter);
    return counter;
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

/** How many values are reserved at a time. */
function sizeOf({ ahead }: Counter, { cache }: SequenceDefinition): bigint {
  return cache > ahead ? cache : ahead;
}

function giveUp(counter: Counter): void {
  counter.reserved = 0n;
  counter.undurable = 0n;
  counter.epoch++;
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
