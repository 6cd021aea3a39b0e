import { SqlError } from '../../../commons/sql-error.js';
import type { ArithmeticOperator } from '../../../types/jsonpath/ast.js';
import {
  numericAdd,
  numericDivide,
  numericModulo,
  numericMultiply,
  numericNegate,
  numericSubtract,
} from '../../../types/numeric/arithmetic.js';
import type { Numeric } from '../../../types/value.js';

const OPERATIONS: Readonly<Record<ArithmeticOperator, (a: Numeric, b: Numeric) => Numeric>> = {
  '+': numericAdd,
  '-': numericSubtract,
  '*': numericMultiply,
  '/': numericDivide,
  '%': numericModulo,
};

/** @returns undefined for an error that is not to be raised @throws SqlError 22012, 22003 */
export function arithmetic(operator: ArithmeticOperator, a: Numeric, b: Numeric, raise: boolean): Numeric | undefined {
  try {
    return OPERATIONS[operator](a, b);
  } catch (error) {
    if (raise || !(error instanceof SqlError)) throw error;
    return undefined;
  }
}

export function signed(operator: '+' | '-', value: Numeric): Numeric {
  return operator === '-' ? numericNegate(value) : value;
}
