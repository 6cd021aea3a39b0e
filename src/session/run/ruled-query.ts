import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { RunningQuery } from '../../executor/compile.js';
import type { Batch } from '../../executor/context.js';
import { drive, type Waiting, wait } from '../../executor/waiting.js';
import type { StatementPlan } from '../statement/cached-statement.js';
import type { OpenedQuery } from './open-query.js';

/** A statement and what rules have run before and after it, each on a snapshot of its own. Only the statement's own rows go out. */
export class RuledQuery implements RunningQuery {
  readonly counters = new Map<never, never>();
  readonly #open: (plan: StatementPlan) => OpenedQuery;
  readonly #before: StatementPlan[];
  readonly #plan: StatementPlan;
  readonly #after: StatementPlan[];
  /** Sends the rows of a rule's SELECT; undefined: they are passed over. */
  show: ((opened: OpenedQuery) => MaybePromise<unknown>) | undefined;
  #main: OpenedQuery | undefined;
  #isMainDone = false;

  constructor(plan: StatementPlan, ruled: NonNullable<StatementPlan['ruled']>, open: (plan: StatementPlan) => OpenedQuery) {
    this.#plan = plan;
    this.#before = [...ruled.before];
    this.#after = [...ruled.after];
    this.#open = open;
  }

  get affected(): number {
    return this.#main?.affected ?? 0;
  }

  next(): MaybePromise<Batch | null> {
    return drive(this.#step());
  }

  *#step(): Waiting<Batch | null> {
    for (let plan = this.#before.shift(); plan !== undefined; plan = this.#before.shift()) yield* this.#run(plan);
    if (!this.#isMainDone) {
      this.#main ??= this.#open(this.#plan);
      const next = this.#main.next();
      const batch = next instanceof Promise ? yield* wait(next) : next;
      if (batch !== null) return batch;
      this.#isMainDone = true;
    }
    for (let plan = this.#after.shift(); plan !== undefined; plan = this.#after.shift()) yield* this.#run(plan);
    return null;
  }

  *#run(plan: StatementPlan): Waiting<void> {
    const opened = this.#open(plan);
    try {
      if (this.show !== undefined && opened.columns !== undefined) {
        const shown = this.show(opened);
        if (shown instanceof Promise) yield* wait(shown);
        return;
      }
      for (;;) {
        const next = opened.next();
        if ((next instanceof Promise ? yield* wait(next) : next) === null) return;
      }
    } finally {
      opened.close();
    }
  }

  close(): void {
    this.#main?.close();
  }
}
