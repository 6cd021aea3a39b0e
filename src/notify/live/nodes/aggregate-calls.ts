import { comparatorOf } from '../../../executor/expression/comparators.js';
import type { Frame } from '../../../executor/frame.js';
import type { AggregateCall } from '../../../executor/operators/aggregate-call.js';
import { compileAggregate } from '../../../executor/operators/aggregate-calls.js';
import type { Layout } from '../../../executor/scope.js';
import type { Aggregate } from '../../../planner/bind/logical.js';
import { type BTree, newBTree } from '../../../store/btree.js';
import type { Row, SqlValue } from '../../../types/value.js';

/** An aggregate whose groups gain and lose rows. */
export interface LiveAggregate {
  /** It is computed from all rows of its group: the group has to keep them. */
  readonly readsRows: boolean;
  init(frame: Frame): unknown;
  add(state: unknown, row: Row, frame: Frame): unknown;
  remove(state: unknown, row: Row, frame: Frame): unknown;
  /** @param rows the group's, in the order of their ids, where it reads them */
  value(state: unknown, rows: Iterable<Row>, frame: Frame): SqlValue;
}

/**
 * Counts and sums of integers and numerics take rows out again; min and max keep their values in order; all others are computed anew from
 * their group's rows when it has changed.
 */
export function liveAggregate(aggregate: Aggregate, layout: Layout): LiveAggregate {
  const call = compileAggregate(aggregate, layout, false);
  const isPlain = !aggregate.distinct && aggregate.orderBy.length === 0 && aggregate.direct === undefined;
  if (isPlain && call.remove !== undefined) return taking(call, call.remove);
  if (isPlain && isExtreme(aggregate)) return extreme(aggregate, layout);
  return recomputed(call);
}

function taking(call: AggregateCall, remove: NonNullable<AggregateCall['remove']>): LiveAggregate {
  return {
    readsRows: false,
    init: (frame) => call.init(frame),
    add: (state, row, frame) => call.step(state, row, frame),
    remove(state, row, frame) {
      if (!remove(state, row, frame)) throw new Error(`an aggregate that takes rows out again did not take one`);
      return state;
    },
    value: (state, _rows, frame) => call.final(state, frame),
  };
}

function recomputed(call: AggregateCall): LiveAggregate {
  return {
    readsRows: true,
    init: () => undefined,
    add: () => undefined,
    remove: () => undefined,
    value(_state, rows, frame) {
      let state = call.init(frame);
      for (const row of rows) state = call.step(state, row, frame);
      return call.final(state, frame);
    },
  };
}

/** Of built-in types alone: a user's aggregate of that name has another transition. */
const EXTREME = /^(min|max)\(\d+\)$/;

function isExtreme({ implementation, args }: Aggregate): boolean {
  return args.length === 1 && EXTREME.test(implementation);
}

/** The values of a group in their order, each with how often it is there. */
function extreme(aggregate: Aggregate, layout: Layout): LiveAggregate {
  const [argument] = aggregate.args;
  if (argument === undefined) throw new Error('min or max of nothing');
  const evaluate = layout.evaluator(argument);
  const filter = aggregate.filter === undefined ? undefined : layout.predicate(aggregate.filter);
  const compare = comparatorOf(argument.type, argument.collation);
  const isMin = aggregate.name === 'min';
  type Values = BTree<SqlValue, number>;
  const argumentOf = (row: Row, frame: Frame): SqlValue => (filter === undefined || filter(row, frame) ? evaluate(row, frame) : null);
  return {
    readsRows: false,
    init: () => newBTree<SqlValue, number>(compare),
    add(state, row, frame) {
      const values = state as Values;
      const value = argumentOf(row, frame);
      if (value !== null) values.set(value, (values.get(value) ?? 0) + 1);
      return values;
    },
    remove(state, row, frame) {
      const values = state as Values;
      const value = argumentOf(row, frame);
      if (value === null) return values;
      const count = values.get(value) ?? 0;
      if (count > 1) values.set(value, count - 1);
      else values.delete(value);
      return values;
    },
    value: (state) => (isMin ? (state as Values).minKey() : (state as Values).maxKey()) ?? null,
  };
}
