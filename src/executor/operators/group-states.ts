import type { Row, SqlValue } from '../../types/value.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { AggregateFunction, PackedAggregate } from '../functions/implementation.js';
import type { Waiting } from '../waiting.js';
import type { AggregateCall } from './aggregate-call.js';

/** The states of one aggregate in all groups of a table: groups go by number, from 0. */
export interface GroupStates {
  /** What a group costs of work_mem. */
  readonly bytes: number;
  /** One for a further group. */
  add(frame: Frame): void;
  step(group: number, row: Row, frame: Frame): void;
  final(group: number, frame: Frame): SqlValue;
  /** Absent: `final` is quick. */
  readonly settle?: ((group: number, frame: Frame) => Waiting<SqlValue>) | undefined;
}

const OBJECT_BYTES = 64;
const PACKED_BYTES = 16;
const FIRST_GROUPS = 64;

/** Of any aggregate: an object a group. */
export class ObjectStates implements GroupStates {
  readonly bytes = OBJECT_BYTES;
  readonly settle: GroupStates['settle'];
  readonly #call: AggregateCall;
  readonly #states: unknown[] = [];

  constructor(call: AggregateCall) {
    this.#call = call;
    const { settle } = call;
    this.settle = settle === undefined ? undefined : (group, frame) => settle(this.#states[group], frame);
  }

  add(frame: Frame): void {
    this.#states.push(this.#call.init(frame));
  }

  step(group: number, row: Row, frame: Frame): void {
    this.#states[group] = this.#call.step(this.#states[group], row, frame);
  }

  final(group: number, frame: Frame): SqlValue {
    return this.#call.final(this.#states[group], frame);
  }
}

/** Counts and sums, in two arrays of numbers. */
export class PackedStates implements GroupStates {
  readonly bytes = PACKED_BYTES;
  readonly #packed: PackedAggregate;
  readonly #argument: Evaluator | undefined;
  readonly #filter: Predicate | undefined;
  readonly #isStrict: boolean;
  #size = 0;
  #counts = new Float64Array(FIRST_GROUPS);
  #sums = new Float64Array(FIRST_GROUPS);
  /** What has gone beyond the safe integers. */
  #large: Map<number, bigint> | undefined;

  constructor(aggregate: AggregateFunction, packed: PackedAggregate, argument: Evaluator | undefined, filter: Predicate | undefined) {
    this.#packed = packed;
    this.#argument = argument;
    this.#filter = filter;
    this.#isStrict = aggregate.strict;
  }

  add(): void {
    if (++this.#size <= this.#counts.length) return;
    this.#counts = doubled(this.#counts);
    this.#sums = doubled(this.#sums);
  }

  step(group: number, row: Row, frame: Frame): void {
    if (this.#filter !== undefined && !this.#filter(row, frame)) return;
    const value = this.#argument === undefined ? null : this.#argument(row, frame);
    if (value === null && this.#isStrict) return;
    const counts = this.#counts;
    const count = counts[group] ?? 0;
    counts[group] = count + 1;
    const { add } = this.#packed;
    if (add === 'nothing') return;
    const sums = this.#sums;
    if (add === 'integers') {
      const sum = (sums[group] ?? 0) + (value as number);
      if (typeof value === 'number' && Number.isSafeInteger(sum)) sums[group] = sum;
      else this.#addLarge(group, value as number | bigint);
    } else sums[group] = count === 0 ? (value as number) : add(sums[group] ?? 0, value as number);
  }

  #addLarge(group: number, value: number | bigint): void {
    this.#large ??= new Map();
    this.#large.set(group, (this.#large.get(group) ?? 0n) + BigInt(this.#sums[group] ?? 0) + BigInt(value));
    this.#sums[group] = 0;
  }

  final(group: number): SqlValue {
    const sum = this.#sums[group] ?? 0;
    const large = this.#large?.get(group);
    return this.#packed.final(this.#counts[group] ?? 0, large === undefined ? sum : large + BigInt(sum));
  }
}

function doubled(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
