import type { Decimal } from 'decimal.js';
import { floatOverflow } from '../../../types/float.js';
import type { Int8 } from '../../../types/integer.js';
import { numericDivide, numericMultiply } from '../../../types/numeric/arithmetic.js';
import { NUMERIC_NAN, NUMERIC_ZERO, numericOfInteger } from '../../../types/numeric/numeric.js';
import { numericSqrtAtScale } from '../../../types/numeric/transcendental.js';
import { Numeric, type SqlValue } from '../../../types/value.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import { integerOfBig } from './integer-sum.js';

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;

/** N, Σx and Σ(x - mean)², kept up by the method of Youngs and Cramer, as PostgreSQL does for floats. */
export class FloatMoments {
  count = 0;
  sum = 0;
  squares = 0;

  add(value: number): void {
    const before = this.count++;
    const oldSum = this.sum;
    this.sum += value;
    if (before === 0) {
      if (!Number.isFinite(value)) this.squares = Number.NaN;
      return;
    }
    const deviation = value * this.count - this.sum;
    this.squares += (deviation * deviation) / (this.count * before);
    if (isInfinite(this.sum) || isInfinite(this.squares)) {
      if (!isInfinite(oldSum) && !isInfinite(value)) throw floatOverflow();
      this.squares = Number.NaN;
    }
  }
}

function floatAggregate(final: (moments: FloatMoments) => number | null): AggregateFunction<FloatMoments> {
  return {
    strict: true,
    init: () => new FloatMoments(),
    step: (state, args) => {
      state.add(args[0] as number);
      return state;
    },
    final: (state) => final(state),
  };
}

/** N, Σx and Σx² of exact numbers, or of their differences from one of them. */
interface ExactMoments {
  readonly count: number;
  readonly sum: Numeric;
  readonly squares: Numeric;
}

class IntegerMoments {
  count = 0;
  sum = 0n;
  squares = 0n;

  add(value: Int8): void {
    const big = BigInt(value);
    this.count++;
    this.sum += big;
    this.squares += big * big;
  }
}

class NumericMoments {
  count = 0;
  sum = NUMERIC_ZERO;
  squares = NUMERIC_ZERO;
  /** NaN and infinities have no variance. */
  isFinite = true;
  #first: Decimal | undefined;

  add(value: Numeric): void {
    this.count++;
    if (!value.decimal.isFinite()) {
      this.isFinite = false;
      return;
    }
    this.#first ??= value.decimal;
    // The spread is that of the differences from any number: small ones are quick to square, and can't leave numeric's range.
    const difference = value.decimal.minus(this.#first);
    const scale = Math.max(this.sum.scale, value.scale);
    this.sum = new Numeric(this.sum.decimal.plus(difference), scale);
    this.squares = new Numeric(this.squares.decimal.plus(difference.times(difference)), 2 * scale);
  }
}

type Kind = 'variance' | 'deviation';
type Of = 'sample' | 'population';

/** (N·Σx² - (Σx)²) / (N·(N - 1)), or by N² for the population; the deviation is its root at the same scale. */
function exactResult({ count, sum, squares }: ExactMoments, kind: Kind, of: Of): Numeric {
  const n = numericOfInteger(count);
  const numerator = new Numeric(n.decimal.times(squares.decimal).minus(sum.decimal.times(sum.decimal)), 2 * sum.scale);
  if (!numerator.decimal.isPositive() || numerator.decimal.isZero()) return NUMERIC_ZERO;
  const divisor = numericMultiply(n, of === 'sample' ? numericOfInteger(count - 1) : n);
  const variance = numericDivide(numerator, divisor);
  return kind === 'variance' ? variance : numericSqrtAtScale(variance, variance.scale);
}

function hasEnough(count: number, of: Of): boolean {
  return of === 'sample' ? count > 1 : count > 0;
}

function integerAggregate(kind: Kind, of: Of): AggregateFunction<IntegerMoments> {
  return {
    strict: true,
    init: () => new IntegerMoments(),
    step: (state, args) => {
      state.add(args[0] as Int8);
      return state;
    },
    final: ({ count, sum, squares }) =>
      hasEnough(count, of) ? exactResult({ count, sum: integerOfBig(sum), squares: integerOfBig(squares) }, kind, of) : null,
  };
}

function numericAggregate(kind: Kind, of: Of): AggregateFunction<NumericMoments> {
  return {
    strict: true,
    init: () => new NumericMoments(),
    step: (state, args) => {
      state.add(args[0] as Numeric);
      return state;
    },
    final: (state): SqlValue => (!hasEnough(state.count, of) ? null : state.isFinite ? exactResult(state, kind, of) : NUMERIC_NAN),
  };
}

function floatResult(kind: Kind, of: Of): (moments: FloatMoments) => number | null {
  return ({ count, squares }) => {
    if (!hasEnough(count, of)) return null;
    const variance = squares / (of === 'sample' ? count - 1 : count);
    return kind === 'variance' ? variance : Math.sqrt(variance);
  };
}

const NAMES: readonly (readonly [name: string, kind: Kind, of: Of])[] = [
  ['variance', 'variance', 'sample'],
  ['var_samp', 'variance', 'sample'],
  ['var_pop', 'variance', 'population'],
  ['stddev', 'deviation', 'sample'],
  ['stddev_samp', 'deviation', 'sample'],
  ['stddev_pop', 'deviation', 'population'],
];

export const statisticsAggregates: FunctionTable = {
  aggregate: {
    'avg(700)': floatAggregate(({ count, sum }) => (count === 0 ? null : sum / count)),
    'avg(701)': floatAggregate(({ count, sum }) => (count === 0 ? null : sum / count)),
    ...Object.fromEntries(
      NAMES.flatMap(([name, kind, of]): [string, AggregateFunction][] => [
        [`${name}(21)`, integerAggregate(kind, of)],
        [`${name}(23)`, integerAggregate(kind, of)],
        [`${name}(20)`, integerAggregate(kind, of)],
        [`${name}(1700)`, numericAggregate(kind, of)],
        [`${name}(700)`, floatAggregate(floatResult(kind, of))],
        [`${name}(701)`, floatAggregate(floatResult(kind, of))],
      ]),
    ),
  },
};
