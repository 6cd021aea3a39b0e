import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Int8 } from '../../../types/integer.js';
import { ExactDecimal, numericOverflow } from '../../../types/numeric/numeric.js';
import {
  numericCeil,
  numericFloor,
  numericMinScale,
  numericRound,
  numericTrimScale,
  numericTruncate,
} from '../../../types/numeric/rounding.js';
import { numericExp, numericLn, numericLog, numericLog10, numericPower, numericSqrt } from '../../../types/numeric/transcendental.js';
import { Numeric } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

/** PostgreSQL's limit: beyond it the result has too many digits. */
const MAX_FACTORIAL = 32_177;

/** The product of first … last, by halves, so that the numbers multiplied are of like size. */
function product(first: number, last: number): bigint {
  if (first > last) return 1n;
  if (first === last) return BigInt(first);
  const middle = (first + last) >> 1;
  return product(first, middle) * product(middle + 1, last);
}

function factorial(value: Int8): Numeric {
  if (value < 0) throw new SqlError(SqlState.numericValueOutOfRange, 'factorial of a negative number is undefined');
  if (value > MAX_FACTORIAL) throw numericOverflow();
  return new Numeric(new ExactDecimal(product(2, Number(value)).toString()), 0);
}

export const numericMath: FunctionTable = {
  scalar: {
    numeric_round: numericRound,
    'round(numeric)': (value: Numeric) => numericRound(value, 0),
    numeric_trunc: numericTruncate,
    'trunc(numeric)': (value: Numeric) => numericTruncate(value, 0),
    numeric_ceil: numericCeil,
    numeric_floor: numericFloor,
    numeric_sqrt: numericSqrt,
    numeric_exp: numericExp,
    numeric_ln: numericLn,
    numeric_log: numericLog,
    'log(numeric)': numericLog10,
    'log10(numeric)': numericLog10,
    numeric_power: numericPower,
    numeric_fac: factorial,
    numeric_scale: (value: Numeric) => (value.decimal.isFinite() ? value.scale : null),
    numeric_min_scale: numericMinScale,
    numeric_trim_scale: numericTrimScale,
  },
};
