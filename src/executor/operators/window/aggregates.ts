import type { Row, SqlValue } from '../../../types/value.js';
import type { Comparator } from '../../expression/comparators.js';
import type { Evaluator, Predicate } from '../../expression/evaluator.js';
import { type AggregateCall, type StateBudget, stateBudget } from '../aggregate-call.js';
import { outOfWorkMemory } from '../memory.js';
import type { Partition, WindowEvaluator } from './evaluator.js';
import type { Segment } from './frame-bounds.js';

/** Rows taken into an aggregate between two looks at the clock. */
const STEPS_AT_ONCE = 4096;

/**
 * An aggregate over the frame. What the frame gains is added; what it loses is taken back where the aggregate knows how, else the frame is
 * aggregated anew, as PostgreSQL does.
 */
export class FrameAggregate implements WindowEvaluator {
  readonly #call: AggregateCall;
  readonly #partition: Partition;
  readonly #budget: StateBudget;
  #state: unknown;
  /** The rows that the state is of; without one, -1. */
  #from = -1;
  #upTo = -1;
  #value: SqlValue = null;
  #hasValue = false;
  /** What is still to be added for the current row. */
  #pending: readonly Segment[] | undefined;
  #next = 0;
  #segment = 0;

  constructor(call: AggregateCall, partition: Partition) {
    this.#call = call;
    this.#partition = partition;
    this.#budget = stateBudget(partition.frame);
  }

  begin(): void {
    this.#from = -1;
    this.#upTo = -1;
    this.#pending = undefined;
  }

  prepare(position: number, row: Row): boolean {
    if (this.#pending === undefined) {
      this.#pending = this.#plan(position, row);
      this.#segment = 0;
      this.#next = this.#pending[0]?.[0] ?? 0;
    }
    const { rows, frame } = this.#partition;
    const call = this.#call;
    let left = STEPS_AT_ONCE;
    for (let segment = this.#pending[this.#segment]; segment !== undefined; segment = this.#pending[this.#segment]) {
      const [, end] = segment;
      for (; this.#next < end; this.#next++) {
        if (left-- === 0) return false;
        const added = rows.get(this.#next);
        this.#state = call.step(this.#state, added, frame);
        if (call.grows && !this.#budget.add(call.added(added, frame))) throw outOfWorkMemory('An aggregate');
      }
      this.#segment++;
      this.#next = this.#pending[this.#segment]?.[0] ?? 0;
    }
    this.#pending = undefined;
    return true;
  }

  /** @returns what is to be added to the state */
  #plan(position: number, row: Row): readonly Segment[] {
    const { bounds } = this.#partition;
    bounds.moveTo(position, row);
    if (bounds.excludes) {
      this.#restart();
      return bounds.segments();
    }
    const { start, end } = bounds;
    if (this.#from !== -1) {
      if (start === this.#from && end === this.#upTo) return [];
      this.#hasValue = false;
      if (start >= this.#from && end >= this.#upTo && this.#takeBack(start)) {
        const added: Segment = [this.#upTo, end];
        this.#from = start;
        this.#upTo = end;
        return [added];
      }
    }
    this.#restart();
    this.#from = start;
    this.#upTo = end;
    return [[start, end]];
  }

  #restart(): void {
    this.#state = this.#call.init(this.#partition.frame);
    this.#hasValue = false;
    this.#budget.reset();
  }

  /** Takes the rows before `start` out of the state; false where that can't be, or is more work than to begin anew. */
  #takeBack(start: number): boolean {
    if (start === this.#from) return true;
    const { remove } = this.#call;
    if (remove === undefined || start > this.#upTo || start - this.#from > this.#upTo - start) return false;
    const { rows, frame } = this.#partition;
    for (let position = this.#from; position < start; position++) {
      if (!remove(this.#state, rows.get(position), frame)) return false;
    }
    return true;
  }

  value(): SqlValue {
    if (!this.#hasValue) {
      this.#value = this.#call.final(this.#state, this.#partition.frame);
      this.#hasValue = true;
    }
    return this.#value;
  }
}

/** min and max over a frame that loses rows: candidates in a queue, each better than all behind it, so that every row is looked at once. */
export class SlidingExtreme implements WindowEvaluator {
  readonly #argument: Evaluator;
  readonly #filter: Predicate | undefined;
  /** Above 0 when the first is the better. */
  readonly #compare: Comparator;
  readonly #partition: Partition;
  #candidates: { readonly position: number; readonly value: SqlValue }[] = [];
  #first = 0;
  #upTo = 0;

  constructor(argument: Evaluator, filter: Predicate | undefined, better: Comparator, partition: Partition) {
    this.#argument = argument;
    this.#filter = filter;
    this.#compare = better;
    this.#partition = partition;
  }

  begin(): void {
    this.#candidates = [];
    this.#first = 0;
    this.#upTo = 0;
  }

  prepare(position: number, row: Row): boolean {
    const { bounds, rows, frame } = this.#partition;
    bounds.moveTo(position, row);
    const { start, end } = bounds;
    const candidates = this.#candidates;
    this.#upTo = Math.max(this.#upTo, start);
    for (let left = STEPS_AT_ONCE; this.#upTo < end; this.#upTo++) {
      if (left-- === 0) return false;
      const added = rows.get(this.#upTo);
      if (this.#filter !== undefined && !this.#filter(added, frame)) continue;
      const value = this.#argument(added, frame);
      if (value === null) continue;
      for (let last = candidates.at(-1); candidates.length > this.#first && last !== undefined; last = candidates.at(-1)) {
        if (this.#compare(last.value, value) > 0) break;
        candidates.pop();
      }
      candidates.push({ position: this.#upTo, value });
    }
    while ((candidates[this.#first]?.position ?? Number.POSITIVE_INFINITY) < start) this.#first++;
    // What has gone out in front is dropped now and then.
    if (this.#first > STEPS_AT_ONCE && this.#first * 2 > candidates.length) {
      candidates.splice(0, this.#first);
      this.#first = 0;
    }
    return true;
  }

  value(): SqlValue {
    return this.#candidates[this.#first]?.value ?? null;
  }
}
