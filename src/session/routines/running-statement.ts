import { placed } from '../../commons/error-context.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { Batch } from '../../executor/context.js';
import type { RunningStatement } from '../../executor/routines/statements.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { OpenedStatement } from '../opened-statement.js';
import { OpenedQuery } from '../run/open-query.js';

/** A statement that a routine runs. */
export class StatementUnderWay implements RunningStatement {
  readonly columns: readonly ResultColumn[] | undefined;
  readonly #opened: OpenedStatement;
  readonly #text: string;
  #pulled = 0;

  constructor(opened: OpenedStatement, text: string) {
    this.#opened = opened;
    this.#text = text;
    this.columns = opened.columns;
  }

  get processed(): number {
    if (this.#opened instanceof OpenedQuery) {
      const { command } = this.#opened.plan.query;
      if (command !== 'SELECT' && command !== 'VALUES') return this.#opened.affected;
    }
    return this.#pulled;
  }

  next(): MaybePromise<Batch | null> {
    try {
      const batch = this.#opened.next();
      return batch instanceof Promise ? this.#countLate(batch) : this.#count(batch);
    } catch (error) {
      throw placed(error, this.#text);
    }
  }

  async #countLate(pending: Promise<Batch | null>): Promise<Batch | null> {
    try {
      return this.#count(await pending);
    } catch (error) {
      throw placed(error, this.#text);
    }
  }

  #count(batch: Batch | null): Batch | null {
    if (batch !== null) this.#pulled += batch.length;
    return batch;
  }

  close(): void {
    this.#opened.close();
  }
}
