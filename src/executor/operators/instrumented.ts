import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { PhysicalPlan } from '../../planner/optimize/physical.js';
import type { Batch, Operator } from '../context.js';
import type { NodeCounters } from '../counters.js';
import type { Frame } from '../frame.js';

/** Counts around an operator. */
export class InstrumentedOperator implements Operator {
  readonly #inner: Operator;
  readonly #counters: NodeCounters;
  #first = true;

  constructor(inner: Operator, plan: PhysicalPlan, frame: Frame) {
    this.#inner = inner;
    let counters = frame.counters?.get(plan);
    if (counters === undefined) {
      counters = { rows: 0, loops: 0, startupMs: 0, totalMs: 0 };
      frame.counters?.set(plan, counters);
    }
    this.#counters = counters;
  }

  next(): MaybePromise<Batch | null> {
    const start = performance.now();
    if (this.#first) this.#counters.loops++;
    const batch = this.#inner.next();
    return batch instanceof Promise ? batch.then((late) => this.#count(late, start)) : this.#count(batch, start);
  }

  #count(batch: Batch | null, start: number): Batch | null {
    const spent = performance.now() - start;
    const counters = this.#counters;
    counters.totalMs += spent;
    if (this.#first) {
      this.#first = false;
      counters.startupMs += spent;
    }
    if (batch !== null) counters.rows += batch.length;
    return batch;
  }

  close(): void {
    this.#inner.close();
  }
}
