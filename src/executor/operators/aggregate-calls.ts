import { assert } from '../../commons/assert.js';
import { notSupported } from '../../commons/sql-error.js';
import type { Aggregate } from '../../planner/bind/logical.js';
import type { Row, SqlValue } from '../../types/value.js';
import { comparatorOf } from '../expression/comparators.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { AggregateFunction } from '../functions/implementation.js';
import type { Layout } from '../scope.js';
import { rowBytes } from './memory.js';
import { keyComparator } from './row-order.js';

/** One aggregate of a node. What it needs of a group lies in the group's list of states, at the aggregate's place. */
export interface AggregateCall {
  init(frame: Frame): unknown;
  /** @returns the state, which may be a new one */
  step(state: unknown, row: Row, frame: Frame): unknown;
  final(state: unknown, frame: Frame): SqlValue;
  /** Keeps its input: grows with every row. */
  readonly grows: boolean;
  /** Bytes that a row adds, for those that grow. */
  added(row: Row, frame: Frame): number;
}

/** @throws SqlError 0A000 when the library has no such aggregate */
export function compileAggregate(aggregate: Aggregate, layout: Layout): AggregateCall {
  const found = layout.compiler.library.aggregate(aggregate.implementation, {
    args: aggregate.args.map((arg) => arg.type),
    result: aggregate.type,
    collation: aggregate.collation,
  });
  if (found === undefined) throw notSupported(`aggregate ${aggregate.name}`);
  const args = aggregate.args.map((arg) => layout.evaluator(arg));
  const filter = aggregate.filter === undefined ? undefined : layout.predicate(aggregate.filter);
  return aggregate.distinct || aggregate.orderBy.length > 0
    ? new OrderedCall(found, args, filter, aggregate, layout)
    : new DirectCall(found, args, filter);
}

class DirectCall implements AggregateCall {
  readonly grows: boolean;
  readonly #aggregate: AggregateFunction;
  readonly #args: readonly Evaluator[];
  readonly #filter: Predicate | undefined;
  /** Used again for every row: aggregates keep values, never the list. */
  readonly #values: SqlValue[];

  constructor(aggregate: AggregateFunction, args: readonly Evaluator[], filter: Predicate | undefined) {
    this.#aggregate = aggregate;
    this.#args = args;
    this.#filter = filter;
    this.#values = args.map(() => null);
    this.grows = aggregate.sizeBytes !== undefined;
  }

  init(frame: Frame): unknown {
    return this.#aggregate.init(frame.cx);
  }

  step(state: unknown, row: Row, frame: Frame): unknown {
    if (this.#filter !== undefined && !this.#filter(row, frame)) return state;
    const args = this.#args;
    const values = this.#values;
    for (let i = 0; i < args.length; i++) {
      const value = args[i]?.(row, frame) ?? null;
      if (value === null && this.#aggregate.strict) return state;
      values[i] = value;
    }
    return this.#aggregate.step(state, values, frame.cx);
  }

  final(state: unknown, frame: Frame): SqlValue {
    return this.#aggregate.final(state, frame.cx);
  }

  added(row: Row, frame: Frame): number {
    return rowBytes(this.#args.map((arg) => arg(row, frame)));
  }
}

interface Collected {
  readonly rows: Row[];
}

/** DISTINCT and ORDER BY inside: the arguments are collected, sorted, and stepped through at the end. */
class OrderedCall implements AggregateCall {
  readonly grows = true;
  readonly #aggregate: AggregateFunction;
  readonly #args: readonly Evaluator[];
  readonly #keys: readonly Evaluator[];
  readonly #filter: Predicate | undefined;
  readonly #compare: (a: Row, b: Row) => number;
  readonly #same: ((a: Row, b: Row) => boolean) | undefined;

  constructor(aggregate: AggregateFunction, args: readonly Evaluator[], filter: Predicate | undefined, call: Aggregate, layout: Layout) {
    this.#aggregate = aggregate;
    this.#args = args;
    this.#filter = filter;
    this.#keys = call.orderBy.map((key) => layout.evaluator(key.expr));
    const width = args.length;
    const byKeys = call.orderBy.map((key, i) => ({ position: width + i, compare: keyComparator(key) }));
    const types = call.distinct ? call.args.map((arg) => comparatorOf(arg.type, arg.collation)) : [];
    const byArgs = types.map((compare, position) => ({
      position,
      compare: (a: SqlValue, b: SqlValue) => (a === null ? (b === null ? 0 : 1) : b === null ? -1 : compare(a, b)),
    }));
    // With DISTINCT, ORDER BY can only speak of arguments: ties in it are then broken by the others.
    const all = [...byKeys, ...byArgs];
    this.#compare = (a, b) => {
      for (const { position, compare } of all) {
        const order = compare(a[position] ?? null, b[position] ?? null);
        if (order !== 0) return order;
      }
      return 0;
    };
    this.#same = call.distinct
      ? (a, b) => byArgs.every(({ position, compare }) => compare(a[position] ?? null, b[position] ?? null) === 0)
      : undefined;
  }

  init(): Collected {
    return { rows: [] };
  }

  step(state: unknown, row: Row, frame: Frame): unknown {
    if (this.#filter !== undefined && !this.#filter(row, frame)) return state;
    const values: Row = [];
    for (const arg of this.#args) {
      const value = arg(row, frame);
      if (value === null && this.#aggregate.strict) return state;
      values.push(value);
    }
    for (const key of this.#keys) values.push(key(row, frame));
    collected(state).rows.push(values);
    return state;
  }

  final(state: unknown, frame: Frame): SqlValue {
    const { rows } = collected(state);
    rows.sort(this.#compare);
    const aggregate = this.#aggregate;
    const width = this.#args.length;
    let inner = aggregate.init(frame.cx);
    let previous: Row | undefined;
    for (const row of rows) {
      if (previous !== undefined && this.#same?.(previous, row) === true) continue;
      previous = row;
      inner = aggregate.step(inner, this.#keys.length === 0 ? row : row.slice(0, width), frame.cx);
    }
    return aggregate.final(inner, frame.cx);
  }

  added(row: Row, frame: Frame): number {
    return rowBytes(this.#args.map((arg) => arg(row, frame)));
  }
}

function collected(state: unknown): Collected {
  assert(typeof state === 'object' && state !== null && 'rows' in state && Array.isArray(state.rows), 'the state of another aggregate');
  return { rows: state.rows };
}
