import type { MaybePromise } from '../commons/maybe-promise.js';
import type { Batch } from '../executor/context.js';
import type { ResultColumn } from '../planner/bind/logical.js';
import type { Row } from '../types/value.js';
import type { StatementPlan } from './statement/cached-statement.js';

/** Rows to come. Pulled until null; closed in any case. */
export interface RowSource {
  next(): MaybePromise<Batch | null>;
  close(): void;
}

/** A statement that has begun: its rows, if it gives any, and what it will have done. */
export interface OpenedStatement extends RowSource {
  /** Undefined: it gives no rows, and is pulled only to be done. */
  readonly columns: readonly ResultColumn[] | undefined;
  /** Set for queries: what their fields and writers hang on. */
  readonly plan: StatementPlan | undefined;
  /** Set where the rows come in binary whatever the client asked for: FETCH from a BINARY cursor. */
  readonly format: 0 | 1;
  /** Rows changed so far; absent: it changes none, or does not say. */
  readonly affected?: number;
  /** The command tag, once all rows are out. @param rows sent by this execution */
  tag(rows: number): string;
}

/** Rows that it sent, or has changed. */
export function rowsOf(opened: OpenedStatement, sent: number): number {
  return opened.columns === undefined ? (opened.affected ?? sent) : sent;
}

/** A command that is already done. */
export class DoneCommand implements OpenedStatement {
  readonly columns: readonly ResultColumn[] | undefined;
  readonly plan = undefined;
  readonly format: 0 | 1;
  readonly #tag: string;
  #rows: Batch | null;

  constructor(tag: string, columns?: readonly ResultColumn[], rows: readonly Row[] = [], format: 0 | 1 = 0) {
    this.#tag = tag;
    this.columns = columns;
    this.format = format;
    this.#rows = rows.length > 0 ? [...rows] : null;
  }

  next(): Batch | null {
    const rows = this.#rows;
    this.#rows = null;
    return rows;
  }

  close(): void {
    this.#rows = null;
  }

  tag(): string {
    return this.#tag;
  }
}
