import { notSupported } from '../../commons/sql-error.js';
import type { Aggregate } from '../../planner/bind/logical.js';
import type { Row, SqlValue } from '../../types/value.js';
import { hasherOf, sameHashClass } from '../expression/comparators.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { AggregateFunction } from '../functions/implementation.js';
import type { Layout } from '../scope.js';
import type { AggregateCall } from './aggregate-call.js';
import { PackedStates } from './group-states.js';
import { rowBytes } from './memory.js';
import { DistinctCount, OrderedCall } from './ordered-aggregates.js';
import { orderedSetCall } from './ordered-sets.js';

/** @param manyGroups more than one group is in the making at a time @throws SqlError 0A000 when the library has no such aggregate */
export function compileAggregate(aggregate: Aggregate, layout: Layout, manyGroups: boolean): AggregateCall {
  const args = aggregate.args.map((arg) => layout.evaluator(arg));
  const filter = aggregate.filter === undefined ? undefined : layout.predicate(aggregate.filter);
  if (aggregate.direct !== undefined) {
    const direct = aggregate.direct.map((arg) => layout.evaluator(arg));
    const made = orderedSetCall(aggregate, args, direct, filter, layout, manyGroups);
    if (made === undefined) throw notSupported(`aggregate ${aggregate.name}`);
    return made;
  }
  const found = layout.compiler.library.aggregate(aggregate.implementation, {
    args: aggregate.args.map((arg) => arg.type),
    result: aggregate.type,
    collation: aggregate.collation,
  });
  if (found === undefined) throw notSupported(`aggregate ${aggregate.name}`);
  if (!aggregate.distinct && aggregate.orderBy.length === 0) return new DirectCall(found, args, filter);
  const [argument] = args;
  if (aggregate.name === 'count' && argument !== undefined && aggregate.orderBy.length === 0) {
    const type = aggregate.args[0]?.type ?? 0;
    if (sameHashClass(type, type)) return new DistinctCount(argument, filter, hasherOf(type), aggregate, manyGroups);
  }
  return new OrderedCall(found, args, filter, aggregate, layout, manyGroups);
}

class DirectCall implements AggregateCall {
  readonly grows: boolean;
  readonly remove: AggregateCall['remove'];
  readonly packed: AggregateCall['packed'];
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
    const { inverse, packed } = aggregate;
    if (packed !== undefined && args.length <= 1) this.packed = () => new PackedStates(aggregate, packed, args[0], filter);
    if (inverse !== undefined) this.remove = (state, row, frame) => this.#remove(inverse, state, row, frame);
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

  #remove(inverse: NonNullable<AggregateFunction['inverse']>, state: unknown, row: Row, frame: Frame): boolean {
    if (this.#filter !== undefined && !this.#filter(row, frame)) return true;
    const values = this.#args.map((arg) => arg(row, frame));
    return (this.#aggregate.strict && values.includes(null)) || inverse(state, values, frame.cx);
  }

  final(state: unknown, frame: Frame): SqlValue {
    return this.#aggregate.final(state, frame.cx);
  }

  added(row: Row, frame: Frame): number {
    return rowBytes(this.#args.map((arg) => arg(row, frame)));
  }
}
