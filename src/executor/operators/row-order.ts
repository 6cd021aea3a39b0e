import type { SortKey } from '../../planner/bind/logical.js';
import type { Row, SqlValue } from '../../types/value.js';
import { type Comparator, comparatorOf } from '../expression/comparators.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { Layout } from '../scope.js';
import { inBatches, MAX_BATCH } from './batches.js';
import { breathe, type Steps } from './stepped-operator.js';

/** Order of rows by sort keys. */
export interface RowOrder {
  compare(a: Row, b: Row, frame: Frame): number;
}

/** For comparisons now and then: keys are evaluated each time. */
export function rowOrder(keys: readonly SortKey[], layout: Layout): RowOrder {
  const parts = keys.map((key) => ({ value: layout.evaluator(key.expr), compare: keyComparator(key) }));
  return {
    compare(a, b, frame) {
      for (const part of parts) {
        const order = part.compare(part.value(a, frame), part.value(b, frame));
        if (order !== 0) return order;
      }
      return 0;
    },
  };
}

/** One key's order, with its direction and its place of NULLs. */
export function keyComparator(key: SortKey): Comparator {
  const compare = comparatorOf(key.expr.type, key.expr.collation);
  const nulls = key.nullsFirst ? -1 : 1;
  if (key.descending) {
    return (a, b) => {
      if (a === null) return b === null ? 0 : nulls;
      return b === null ? -nulls : compare(b, a);
    };
  }
  return (a, b) => {
    if (a === null) return b === null ? 0 : nulls;
    return b === null ? -nulls : compare(a, b);
  };
}

/**
 * What a sort compares: positions of the rows themselves where the keys are columns; else rows are made longer by their keys, and cut
 * again afterwards.
 */
export interface SortShape {
  readonly compare: (a: Row, b: Row) => number;
  /** Evaluators of what is appended; empty: rows are sorted as they are. */
  readonly appended: readonly Evaluator[];
  readonly width: number;
}

export function sortShape(keys: readonly SortKey[], layout: Layout): SortShape {
  const width = layout.columns.length;
  const appended: Evaluator[] = [];
  const parts = keys.map((key) => {
    let position = key.expr.kind === 'column' ? layout.position(key.expr.id) : undefined;
    if (position === undefined) {
      position = width + appended.length;
      appended.push(layout.evaluator(key.expr));
    }
    return { position, compare: keyComparator(key) };
  });
  return { compare: compareAll(parts), appended, width };
}

function compareAll(parts: readonly { readonly position: number; readonly compare: Comparator }[]): (a: Row, b: Row) => number {
  const [first, second] = parts;
  if (first === undefined) return () => 0;
  if (second === undefined) {
    const { position, compare } = first;
    return (a, b) => compare(a[position] ?? null, b[position] ?? null);
  }
  return (a, b) => {
    for (const { position, compare } of parts) {
      const order = compare(a[position] ?? null, b[position] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** The row with its keys, for sorting. */
export function withKeys(row: Row, shape: SortShape, frame: Frame): Row {
  if (shape.appended.length === 0) return row;
  const longer: SqlValue[] = row.slice();
  for (const key of shape.appended) longer.push(key(row, frame));
  return longer;
}

export function withoutKeys(row: Row, shape: SortShape): Row {
  return shape.appended.length === 0 ? row : row.slice(0, shape.width);
}

/** Sorted rows in batches, without their keys. @param from the first so many are left out @param to nothing from there on */
export function* sortedBatches(
  rows: Row[] | Generator<Row, void, void>,
  shape: SortShape,
  from: number,
  frame: Frame,
  to = Number.POSITIVE_INFINITY,
): Steps {
  if (Array.isArray(rows)) {
    const wanted = from === 0 && to >= rows.length ? rows : rows.slice(from, to);
    yield* inBatches(shape.appended.length === 0 ? wanted : wanted.map((row) => withoutKeys(row, shape)));
    return;
  }
  let batch: Row[] = [];
  let position = 0;
  for (const row of rows) {
    if (position++ < from) continue;
    if (position > to) break;
    batch.push(withoutKeys(row, shape));
    if (batch.length === MAX_BATCH) {
      yield batch;
      batch = [];
      yield* breathe(frame);
    }
  }
  if (batch.length > 0) yield batch;
}
