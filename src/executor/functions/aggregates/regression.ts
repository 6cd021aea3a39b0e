import { floatOverflow } from '../../../types/float.js';
import type { AggregateFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

const isInfinite = (value: number): boolean => value === Infinity || value === -Infinity;
const orNaN = (value: number): number => (isInfinite(value) ? Number.NaN : value);

/** Moments of pairs by the method of Youngs and Cramer. The arguments come as (Y, X). */
class PairMoments {
  count = 0;
  sumX = 0;
  sumY = 0;
  squaresX = 0;
  squaresY = 0;
  products = 0;

  add(y: number, x: number): void {
    const before = this.count++;
    const oldX = this.sumX;
    const oldY = this.sumY;
    this.sumX += x;
    this.sumY += y;
    if (before === 0) {
      if (!Number.isFinite(x)) this.squaresX = this.products = Number.NaN;
      if (!Number.isFinite(y)) this.squaresY = this.products = Number.NaN;
      return;
    }
    const deviationX = x * this.count - this.sumX;
    const deviationY = y * this.count - this.sumY;
    const scale = 1 / (this.count * before);
    this.squaresX += deviationX * deviationX * scale;
    this.squaresY += deviationY * deviationY * scale;
    this.products += deviationX * deviationY * scale;
    this.#checkRange(!isInfinite(oldX) && !isInfinite(x), !isInfinite(oldY) && !isInfinite(y));
  }

  /** An infinity that came from finite numbers is an overflow; one that came in makes its moments NaN. */
  #checkRange(finiteX: boolean, finiteY: boolean): void {
    if (
      (finiteX && (isInfinite(this.sumX) || isInfinite(this.squaresX))) ||
      (finiteY && (isInfinite(this.sumY) || isInfinite(this.squaresY))) ||
      (finiteX && finiteY && isInfinite(this.products))
    ) {
      throw floatOverflow();
    }
    this.squaresX = orNaN(this.squaresX);
    this.squaresY = orNaN(this.squaresY);
    this.products = orNaN(this.products);
  }
}

function pairs(final: (moments: PairMoments) => number | null): AggregateFunction<PairMoments> {
  return {
    strict: true,
    init: () => new PairMoments(),
    step: (state, args) => {
      state.add(args[0] as number, args[1] as number);
      return state;
    },
    final: (state) => final(state),
  };
}

/** Counts without summing, so that nothing can overflow. */
const pairCount: AggregateFunction<{ count: number }> = {
  strict: true,
  init: () => ({ count: 0 }),
  step: (state) => {
    state.count++;
    return state;
  },
  final: ({ count }) => count,
};

/** NULL without rows. */
function ofSome(result: (moments: PairMoments) => number | null): AggregateFunction<PairMoments> {
  return pairs((moments) => (moments.count < 1 ? null : result(moments)));
}

export const regressionAggregates: FunctionTable = {
  aggregate: {
    'regr_count(701,701)': pairCount,
    'regr_sxx(701,701)': ofSome(({ squaresX }) => squaresX),
    'regr_syy(701,701)': ofSome(({ squaresY }) => squaresY),
    'regr_sxy(701,701)': ofSome(({ products }) => products),
    'regr_avgx(701,701)': ofSome(({ sumX, count }) => sumX / count),
    'regr_avgy(701,701)': ofSome(({ sumY, count }) => sumY / count),
    'regr_r2(701,701)': ofSome(({ squaresX, squaresY, products }) =>
      squaresX === 0 ? null : squaresY === 0 ? 1 : (products * products) / (squaresX * squaresY),
    ),
    'regr_slope(701,701)': ofSome(({ squaresX, products }) => (squaresX === 0 ? null : products / squaresX)),
    'regr_intercept(701,701)': ofSome(({ count, sumX, sumY, squaresX, products }) =>
      squaresX === 0 ? null : (sumY - (sumX * products) / squaresX) / count,
    ),
    'covar_pop(701,701)': ofSome(({ products, count }) => products / count),
    'covar_samp(701,701)': pairs(({ products, count }) => (count < 2 ? null : products / (count - 1))),
    'corr(701,701)': ofSome(({ squaresX, squaresY, products }) =>
      squaresX === 0 || squaresY === 0 ? null : products / Math.sqrt(squaresX * squaresY),
    ),
  },
};
