import {
  numericAbs,
  numericAdd,
  numericDivide,
  numericDivideTruncated,
  numericGcd,
  numericLcm,
  numericModulo,
  numericMultiply,
  numericNegate,
  numericSign,
  numericSubtract,
} from '../../../types/numeric/arithmetic.js';
import { compareNumeric, NUMERIC_ONE } from '../../../types/numeric/numeric.js';
import type { Numeric } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

export const numericArithmetic: FunctionTable = {
  scalar: {
    numeric_eq: (a: Numeric, b: Numeric) => compareNumeric(a, b) === 0,
    numeric_ne: (a: Numeric, b: Numeric) => compareNumeric(a, b) !== 0,
    numeric_lt: (a: Numeric, b: Numeric) => compareNumeric(a, b) < 0,
    numeric_le: (a: Numeric, b: Numeric) => compareNumeric(a, b) <= 0,
    numeric_gt: (a: Numeric, b: Numeric) => compareNumeric(a, b) > 0,
    numeric_ge: (a: Numeric, b: Numeric) => compareNumeric(a, b) >= 0,
    numeric_cmp: compareNumeric,
    numeric_larger: (a: Numeric, b: Numeric) => (compareNumeric(a, b) > 0 ? a : b),
    numeric_smaller: (a: Numeric, b: Numeric) => (compareNumeric(a, b) < 0 ? a : b),

    numeric_add: numericAdd,
    numeric_sub: numericSubtract,
    numeric_mul: numericMultiply,
    numeric_div: numericDivide,
    numeric_div_trunc: numericDivideTruncated,
    numeric_mod: numericModulo,
    numeric_uminus: numericNegate,
    numeric_uplus: (a: Numeric) => a,
    numeric_abs: numericAbs,
    numeric_sign: numericSign,
    numeric_gcd: numericGcd,
    numeric_lcm: numericLcm,
    numeric_inc: (a: Numeric) => numericAdd(a, NUMERIC_ONE),
  },
};
