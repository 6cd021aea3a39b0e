import { compileCounts } from '../../../executor/operators/limit.js';
import { type SortShape, sortShape, withoutKeys } from '../../../executor/operators/row-order.js';
import type { BoundExpr } from '../../../planner/bind/expression.js';
import type { SortKey } from '../../../planner/bind/logical.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode, Push } from '../live-node.js';
import type { Running } from '../running.js';
import { type OrderedRow, OrderedRows, orderedRow } from './ordered-rows.js';

export interface TopPlan {
  readonly keys: readonly SortKey[];
  readonly limit?: BoundExpr | undefined;
  readonly offset?: BoundExpr | undefined;
}

/** ORDER BY with LIMIT and OFFSET: when a row leaves, the next one enters. All rows are kept, in order. */
export function topNode(input: LiveNode, { keys, limit, offset }: TopPlan, place: Place, compiler: LiveCompiler): LiveNode {
  const shape = sortShape(keys, compiler.layout(input.output, place));
  const counts = compileCounts(limit, offset, place.scope, compiler);
  return {
    output: input.output,
    identity: input.identity,
    isStateful: true,
    start(run, push) {
      const top = new Top(shape, counts.offset(run.frame), counts.limit(run.frame), run, push);
      input.start(run, (id, old, now) => {
        if (old !== undefined) top.remove(orderedRow(id, old, shape, run));
        if (now !== undefined) top.add(orderedRow(id, now, shape, run));
      });
    },
  };
}

/** Some of the rows, in order: all segments but the last with rows are full. */
interface Segment {
  readonly rows: OrderedRows;
  readonly capacity: number;
  readonly isShown: boolean;
}

class Top {
  readonly #segments: readonly Segment[];
  readonly #shape: SortShape;
  readonly #push: Push;

  constructor(shape: SortShape, offset: number, limit: number, run: Running, push: Push) {
    const segment = (capacity: number, isShown: boolean): Segment => ({ rows: new OrderedRows(shape, run), capacity, isShown });
    this.#segments = [segment(offset, false), segment(limit, true), segment(Number.POSITIVE_INFINITY, false)].filter(
      ({ capacity }) => capacity > 0,
    );
    this.#shape = shape;
    this.#push = push;
  }

  add(added: OrderedRow): void {
    let row = added;
    for (const segment of this.#segments) {
      const { rows, capacity } = segment;
      if (rows.size < capacity) {
        this.#enter(segment, row);
        return;
      }
      const { last } = rows;
      if (last === undefined || rows.compare(row, last) >= 0) continue;
      this.#leave(segment, last);
      this.#enter(segment, row);
      row = last;
    }
  }

  remove(row: OrderedRow): void {
    const from = this.#segments.findIndex((segment) => this.#leave(segment, row));
    if (from < 0) return;
    for (let i = from; i + 1 < this.#segments.length; i++) {
      const segment = this.#segments[i];
      const behind = this.#segments[i + 1];
      const next = behind?.rows.first;
      if (segment === undefined || behind === undefined || next === undefined) return;
      this.#leave(behind, next);
      this.#enter(segment, next);
    }
  }

  #enter({ rows, isShown }: Segment, row: OrderedRow): void {
    rows.add(row);
    if (isShown) this.#push(row.id, undefined, withoutKeys(row.row, this.#shape));
  }

  #leave({ rows, isShown }: Segment, row: OrderedRow): boolean {
    if (!rows.take(row)) return false;
    if (isShown) this.#push(row.id, withoutKeys(row.row, this.#shape), undefined);
    return true;
  }
}
