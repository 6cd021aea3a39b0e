import type { MaybePromise } from '../../commons/maybe-promise.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { PlanLimit } from '../../planner/optimize/physical.js';
import type { Row } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type RowOrder, rowOrder } from './row-order.js';

export function compileLimit(plan: PlanLimit, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const counts = compileCounts(plan.limit, plan.offset, scope, compiler);
  const ties = plan.withTies === undefined ? undefined : rowOrder(plan.withTies, new Layout(input.output, scope, compiler));
  return { output: plan.output, open: (frame) => new LimitOperator(input.open(frame), counts, ties, frame) };
}

/** LIMIT and OFFSET: known when execution starts. */
export interface RowCounts {
  readonly limit: (frame: Frame) => number;
  readonly offset: (frame: Frame) => number;
}

const NO_ROW: Row = [];

export function compileCounts(
  limit: BoundExpr | undefined,
  offset: BoundExpr | undefined,
  scope: Scope,
  compiler: QueryCompiler,
): RowCounts {
  const layout = new Layout([], scope, compiler);
  const count = (expr: BoundExpr | undefined, absent: number, negative: () => SqlError): ((frame: Frame) => number) => {
    if (expr === undefined) return () => absent;
    const evaluate: Evaluator = layout.evaluator(expr);
    return (frame) => {
      const value = evaluate(NO_ROW, frame);
      if (value === null) return absent;
      const rows = Number(value);
      if (rows < 0) throw negative();
      return rows;
    };
  };
  return {
    limit: count(limit, Number.POSITIVE_INFINITY, () => new SqlError(SqlState.invalidRowCountInLimit, 'LIMIT must not be negative')),
    offset: count(offset, 0, () => new SqlError(SqlState.invalidRowCountInOffset, 'OFFSET must not be negative')),
  };
}

class LimitOperator implements Operator {
  readonly #input: Operator;
  readonly #counts: RowCounts;
  readonly #ties: RowOrder | undefined;
  readonly #frame: Frame;
  /** -1: not known yet. */
  #left = -1;
  #skip = 0;
  /** With ties: the last row within the limit. */
  #last: Row | undefined;

  constructor(input: Operator, counts: RowCounts, ties: RowOrder | undefined, frame: Frame) {
    this.#input = input;
    this.#counts = counts;
    this.#ties = ties;
    this.#frame = frame;
  }

  next(): MaybePromise<Batch | null> {
    if (this.#left === -1) {
      this.#skip = this.#counts.offset(this.#frame);
      this.#left = this.#counts.limit(this.#frame);
      if (this.#left === 0) return this.#end();
    }
    for (;;) {
      if (this.#left === 0 && this.#last === undefined) return this.#end();
      const batch = this.#input.next();
      if (batch instanceof Promise) return batch.then((late) => this.#cutLate(late));
      const cut = this.#cut(batch);
      if (cut !== undefined) return cut;
    }
  }

  #cutLate(batch: Batch | null): MaybePromise<Batch | null> {
    const cut = this.#cut(batch);
    return cut === undefined ? this.next() : cut;
  }

  /** @returns undefined when all of the batch was skipped */
  #cut(batch: Batch | null): Batch | null | undefined {
    if (batch === null) return null;
    let start = 0;
    if (this.#skip > 0) {
      start = Math.min(this.#skip, batch.length);
      this.#skip -= start;
      if (start === batch.length) return undefined;
    }
    const room = batch.length - start;
    if (room <= this.#left) {
      this.#left -= room;
      if (this.#left === 0 && this.#ties !== undefined) this.#last = batch[batch.length - 1];
      return start === 0 ? batch : batch.slice(start);
    }
    let end = start + this.#left;
    if (this.#ties !== undefined) {
      this.#last ??= batch[end - 1];
      const last = this.#last;
      let row = batch[end];
      while (row !== undefined && last !== undefined && this.#ties.compare(row, last, this.#frame) === 0) row = batch[++end];
      if (row !== undefined) this.#last = undefined;
    }
    this.#left = 0;
    return end === start ? this.#end() : batch.slice(start, end);
  }

  /** Nothing more is wanted: what is below may stop. */
  #end(): null {
    this.#input.close();
    return null;
  }

  close(): void {
    this.#input.close();
  }
}
