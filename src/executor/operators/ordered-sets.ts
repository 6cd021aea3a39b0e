import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Aggregate } from '../../planner/bind/logical.js';
import { intervalAdd, intervalMultiply, intervalSubtract } from '../../types/datetime/interval-arithmetic.js';
import { TypeOid } from '../../types/oids.js';
import { Interval, type Row, SqlArray, type SqlValue } from '../../types/value.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import type { Layout } from '../scope.js';
import type { AggregateCall } from './aggregate-call.js';
import { CollectedRows } from './collected-rows.js';
import { rowBytes } from './memory.js';
import { keyComparator } from './row-order.js';

/** PostgreSQL's ordered-set and hypothetical-set aggregates (PostgreSQL manual, "Aggregate Functions"), over a group's sorted rows. */

type Compare = (a: Row, b: Row) => number;
type OrderedSet = (rows: CollectedRows, direct: readonly SqlValue[], compare: Compare) => SqlValue;

interface Made {
  readonly final: OrderedSet;
  /** Rows with a NULL count too. */
  readonly takesNulls: boolean;
}

function checkFraction(value: SqlValue): number {
  const fraction = Number(value);
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new SqlError(SqlState.numericValueOutOfRange, `percentile value ${printFraction(fraction)} is not between 0 and 1`);
  }
  return fraction;
}

/** As printf's %g. */
function printFraction(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6)));
  return Number(value.toPrecision(6))
    .toExponential()
    .replace(/e([+-])(\d)$/, 'e$10$2');
}

/** The values at places among the sorted rows. */
function valuesAt(rows: CollectedRows, places: ReadonlySet<number>): ReadonlyMap<number, SqlValue> {
  const found = new Map<number, SqlValue>();
  let place = 0;
  for (const row of rows.sorted()) {
    if (places.has(place)) found.set(place, row[0] ?? null);
    place++;
  }
  return found;
}

interface Place {
  readonly first: number;
  readonly second: number;
  readonly proportion: number;
}

type FindPlace = (fraction: number, count: number) => Place;

const discrete: FindPlace = (fraction, count) => {
  const place = Math.max(Math.ceil(fraction * count) - 1, 0);
  return { first: place, second: place, proportion: 0 };
};

const continuous: FindPlace = (fraction, count) => {
  const exact = fraction * (count - 1);
  const first = Math.floor(exact);
  return { first, second: Math.ceil(exact), proportion: exact - first };
};

type Between = (low: SqlValue, high: SqlValue, proportion: number) => SqlValue;

function percentiles(find: FindPlace, between: Between) {
  const all = (rows: CollectedRows, fractions: readonly SqlValue[]): SqlValue[] => {
    const places = fractions.map((fraction) => (fraction === null ? undefined : find(checkFraction(fraction), rows.count)));
    const wanted = new Set(places.flatMap((place) => (place === undefined ? [] : [place.first, place.second])));
    const values = valuesAt(rows, wanted);
    return places.map((place) => {
      if (place === undefined) return null;
      const low = values.get(place.first) ?? null;
      return place.first === place.second ? low : between(low, values.get(place.second) ?? null, place.proportion);
    });
  };
  const one: OrderedSet = (rows, [fraction]) => {
    if (fraction === null || fraction === undefined) return null;
    checkFraction(fraction);
    return rows.count === 0 ? null : (all(rows, [fraction])[0] ?? null);
  };
  const many: OrderedSet = (rows, [fractions]) => {
    if (!(fractions instanceof SqlArray) || rows.count === 0) return null;
    return new SqlArray(all(rows, fractions.elements), [...fractions.dimensions], [...fractions.lowerBounds]);
  };
  return { one, many };
}

const between: Between = (low, high, proportion) => {
  if (low instanceof Interval && high instanceof Interval) {
    return intervalAdd(low, intervalMultiply(intervalSubtract(high, low), proportion));
  }
  return Number(low) + proportion * (Number(high) - Number(low));
};

const mode: OrderedSet = (rows, _direct, compare) => {
  let best: SqlValue = null;
  let bestCount = 0;
  let current: Row | undefined;
  let count = 0;
  for (const row of rows.sorted()) {
    if (current === undefined || compare(current, row) !== 0) {
      current = row;
      count = 0;
    }
    if (++count > bestCount) {
      bestCount = count;
      best = current[0] ?? null;
    }
  }
  return best;
};

/** How many rows come before the hypothetical one, how many different ones these are, and how many are its like. */
function standing(rows: CollectedRows, direct: readonly SqlValue[], compare: Compare) {
  const hypothetical = [...direct];
  let before = 0;
  let different = 0;
  let alike = 0;
  let previous: Row | undefined;
  for (const row of rows.sorted()) {
    const order = compare(row, hypothetical);
    if (order > 0) continue;
    if (order === 0) {
      alike++;
      continue;
    }
    before++;
    if (previous === undefined || compare(previous, row) !== 0) different++;
    previous = row;
  }
  return { before, different, alike };
}

const DISCRETE = percentiles(discrete, between);
const CONTINUOUS = percentiles(continuous, between);

const FUNCTIONS: Readonly<Record<string, (directType: number) => Made>> = {
  percentile_disc: (type) => ({ final: type === TypeOid.float8 ? DISCRETE.one : DISCRETE.many, takesNulls: false }),
  percentile_cont: (type) => ({ final: type === TypeOid.float8 ? CONTINUOUS.one : CONTINUOUS.many, takesNulls: false }),
  mode: () => ({ final: mode, takesNulls: false }),
  rank: () => ({ final: (rows, direct, compare) => standing(rows, direct, compare).before + 1, takesNulls: true }),
  dense_rank: () => ({ final: (rows, direct, compare) => standing(rows, direct, compare).different + 1, takesNulls: true }),
  percent_rank: () => ({
    final: (rows, direct, compare) => (rows.count === 0 ? 0 : standing(rows, direct, compare).before / rows.count),
    takesNulls: true,
  }),
  cume_dist: () => ({
    final: (rows, direct, compare) => {
      const { before, alike } = standing(rows, direct, compare);
      return (before + alike + 1) / (rows.count + 1);
    },
    takesNulls: true,
  }),
};

class State {
  readonly rows: CollectedRows;
  direct: readonly SqlValue[] | undefined;

  constructor(rows: CollectedRows) {
    this.rows = rows;
  }
}

/** @returns undefined when there is none of the name */
export function orderedSetCall(
  aggregate: Aggregate,
  args: readonly Evaluator[],
  direct: readonly Evaluator[],
  filter: Predicate | undefined,
  layout: Layout,
  manyGroups: boolean,
): AggregateCall | undefined {
  const made = FUNCTIONS[aggregate.name]?.(aggregate.direct?.[0]?.type ?? 0);
  if (made === undefined) return undefined;
  const keys = aggregate.orderBy.map(keyComparator);
  const compare: Compare = (a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const order = keys[i]?.(a[i] ?? null, b[i] ?? null) ?? 0;
      if (order !== 0) return order;
    }
    return 0;
  };
  const noRow: Row = layout.columns.map(() => null);
  const final = (own: State, frame: Frame): SqlValue => made.final(own.rows, own.direct ?? direct.map((arg) => arg(noRow, frame)), compare);
  return {
    grows: manyGroups,
    init: (frame) => new State(new CollectedRows(compare, frame)),
    step(state, row, frame) {
      const own = stateOf(state);
      own.direct ??= direct.map((arg) => arg(row, frame));
      if (filter !== undefined && !filter(row, frame)) return state;
      const values = args.map((arg) => arg(row, frame));
      if (made.takesNulls || !values.includes(null)) own.rows.add(values);
      return state;
    },
    final: (state, frame) => final(stateOf(state), frame),
    *settle(state, frame) {
      const own = stateOf(state);
      yield* own.rows.sort(frame);
      return final(own, frame);
    },
    added: (row, frame) => rowBytes(args.map((arg) => arg(row, frame))),
  };
}

function stateOf(state: unknown): State {
  assert(state instanceof State, 'the state of another aggregate');
  return state;
}
