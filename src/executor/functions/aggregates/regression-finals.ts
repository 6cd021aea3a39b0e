import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Int8 } from '../../../types/integer.js';
import { numericAdd } from '../../../types/numeric/arithmetic.js';
import { numericOfInteger } from '../../../types/numeric/numeric.js';
import type { Numeric, SqlArray } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

/** The state of the regression aggregates: N, Σx, Sxx, Σy, Syy, Sxy. */
interface Moments {
  readonly n: number;
  readonly x: number;
  readonly xx: number;
  readonly y: number;
  readonly yy: number;
  readonly xy: number;
}

const SIZE = 6;

/** NULL for fewer than `least` pairs. @throws SqlError XX000 for another state */
function final(name: string, least: number, result: (moments: Moments) => number | null): (state: SqlArray) => number | null {
  return (state) => {
    if (state.dimensions.length !== 1 || state.elements.length !== SIZE)
      throw new SqlError(SqlState.internalError, `${name}: expected ${SIZE}-element float8 array`);
    const [n = 0, x = 0, xx = 0, y = 0, yy = 0, xy = 0] = state.elements.map(Number);
    return n < least ? null : result({ n, x, xx, y, yy, xy });
  };
}

/** Final functions of the regression aggregates as functions of their own, and the sum of int8. */
export const regressionFinals: FunctionTable = {
  scalar: {
    float8_regr_sxx: final('float8_regr_sxx', 1, ({ xx }) => xx),
    float8_regr_syy: final('float8_regr_syy', 1, ({ yy }) => yy),
    float8_regr_sxy: final('float8_regr_sxy', 1, ({ xy }) => xy),
    float8_regr_avgx: final('float8_regr_avgx', 1, ({ n, x }) => x / n),
    float8_regr_avgy: final('float8_regr_avgy', 1, ({ n, y }) => y / n),
    float8_covar_pop: final('float8_covar_pop', 1, ({ n, xy }) => xy / n),
    float8_covar_samp: final('float8_covar_samp', 2, ({ n, xy }) => xy / (n - 1)),
    float8_corr: final('float8_corr', 1, ({ xx, yy, xy }) => (xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy))),
    float8_regr_r2: final('float8_regr_r2', 1, ({ xx, yy, xy }) => (xx === 0 ? null : yy === 0 ? 1 : (xy * xy) / (xx * yy))),
    float8_regr_slope: final('float8_regr_slope', 1, ({ xx, xy }) => (xx === 0 ? null : xy / xx)),
    float8_regr_intercept: final('float8_regr_intercept', 1, ({ n, x, y, xx, xy }) => (xx === 0 ? null : (y - (x * xy) / xx) / n)),
    int8_sum: (sum: Numeric | null, value: Int8 | null) => {
      if (value === null) return sum;
      return sum === null ? numericOfInteger(value) : numericAdd(sum, numericOfInteger(value));
    },
  },
};
