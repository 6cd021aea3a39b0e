import { assert } from '../../commons/assert.js';
import type { Aggregate } from '../../planner/bind/logical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import { comparatorOf, type Hasher } from '../expression/comparators.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { AggregateFunction } from '../functions/implementation.js';
import type { Layout } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { type AggregateCall, stateBudget } from './aggregate-call.js';
import { CHECK_EVERY } from './batches.js';
import { CollectedRows } from './collected-rows.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
import { keyComparator } from './row-order.js';
import { breathe } from './stepped-operator.js';

/** DISTINCT and ORDER BY inside: the arguments are collected, sorted, and stepped through at the end. */
export class OrderedCall implements AggregateCall {
  /** Many groups at once count together, since each of them may keep work_mem. */
  readonly grows: boolean;
  readonly #aggregate: AggregateFunction;
  readonly #args: readonly Evaluator[];
  readonly #keys: readonly Evaluator[];
  readonly #filter: Predicate | undefined;
  readonly #compare: (a: Row, b: Row) => number;
  readonly #same: ((a: Row, b: Row) => boolean) | undefined;

  constructor(
    aggregate: AggregateFunction,
    args: readonly Evaluator[],
    filter: Predicate | undefined,
    call: Aggregate,
    layout: Layout,
    manyGroups: boolean,
  ) {
    this.grows = manyGroups;
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

  init(frame: Frame): CollectedRows {
    return new CollectedRows(this.#compare, frame);
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
    collected(state).add(values);
    return state;
  }

  final(state: unknown, frame: Frame): SqlValue {
    const stepper = this.#stepper(frame);
    for (const row of collected(state).sorted()) stepper.step(row);
    return stepper.final();
  }

  readonly settle = (state: unknown, frame: Frame): Waiting<SqlValue> => this.#settle(collected(state), frame);

  *#settle(rows: CollectedRows, frame: Frame): Waiting<SqlValue> {
    yield* rows.sort(frame);
    const stepper = this.#stepper(frame);
    let stepped = 0;
    for (const row of rows.sorted()) {
      stepper.step(row);
      if (++stepped % CHECK_EVERY === 0) yield* breathe(frame);
    }
    return stepper.final();
  }

  /** Takes the sorted rows. */
  #stepper(frame: Frame) {
    const aggregate = this.#aggregate;
    const width = this.#args.length;
    const budget = aggregate.sizeBytes === undefined ? undefined : stateBudget(frame);
    let inner = aggregate.init(frame.cx);
    let previous: Row | undefined;
    return {
      step: (row: Row): void => {
        if (previous !== undefined && this.#same?.(previous, row) === true) return;
        previous = row;
        const args = this.#keys.length === 0 ? row : row.slice(0, width);
        inner = aggregate.step(inner, args, frame.cx);
        if (budget !== undefined && !budget.add(rowBytes(args))) throw outOfWorkMemory('An aggregate');
      },
      final: (): SqlValue => aggregate.final(inner, frame.cx),
    };
  }

  added(row: Row, frame: Frame): number {
    return rowBytes(this.#args.map((arg) => arg(row, frame)));
  }
}

function collected(state: unknown): CollectedRows {
  assert(state instanceof CollectedRows, 'the state of another aggregate');
  return state;
}

const KEY_BYTES = 40;

class Distinct {
  readonly keys = new Set<HashKey>();
  readonly budget: MemoryBudget;
  /** Values whose keys are not in memory, once work_mem is full of keys. */
  rest: CollectedRows | undefined;

  constructor(workMemBytes: number) {
    this.budget = new MemoryBudget(workMemBytes);
  }
}

/** count(DISTINCT x): needs no order, only to know what was there. */
export class DistinctCount implements AggregateCall {
  readonly grows: boolean;
  readonly #argument: Evaluator;
  readonly #filter: Predicate | undefined;
  readonly #keyOf: Hasher;
  readonly #compare: (a: Row, b: Row) => number;
  /** What the last step has added. */
  #added = 0;

  constructor(argument: Evaluator, filter: Predicate | undefined, keyOf: Hasher, call: Aggregate, manyGroups: boolean) {
    this.#argument = argument;
    this.#filter = filter;
    this.#keyOf = keyOf;
    this.grows = manyGroups;
    const compare = comparatorOf(call.args[0]?.type ?? 0, call.args[0]?.collation);
    this.#compare = (a, b) => compare(a[0] ?? null, b[0] ?? null);
  }

  init(frame: Frame): Distinct {
    return new Distinct(frame.cx.workMemBytes);
  }

  step(state: unknown, row: Row, frame: Frame): unknown {
    this.#added = 0;
    if (this.#filter !== undefined && !this.#filter(row, frame)) return state;
    const value = this.#argument(row, frame);
    if (value === null) return state;
    const own = distinct(state);
    const key = this.#keyOf(value);
    if (own.keys.has(key)) return state;
    if (own.rest !== undefined) {
      own.rest.add([value]);
      return state;
    }
    own.keys.add(key);
    this.#added = KEY_BYTES + (typeof key === 'string' ? key.length : 0);
    if (!own.budget.add(this.#added)) own.rest = new CollectedRows(this.#compare, frame);
    return state;
  }

  readonly settle = (state: unknown, frame: Frame): Waiting<SqlValue> => this.#settle(distinct(state), frame);

  *#settle(state: Distinct, frame: Frame): Waiting<SqlValue> {
    if (state.rest !== undefined) yield* state.rest.sort(frame);
    return this.final(state);
  }

  final(state: unknown): SqlValue {
    const { keys, rest } = distinct(state);
    let count = keys.size;
    if (rest === undefined) return count;
    let previous: Row | undefined;
    for (const row of rest.sorted()) {
      if (previous === undefined || this.#compare(previous, row) !== 0) count++;
      previous = row;
    }
    return count;
  }

  added(): number {
    return this.#added;
  }
}

function distinct(state: unknown): Distinct {
  assert(state instanceof Distinct, 'the state of another aggregate');
  return state;
}
