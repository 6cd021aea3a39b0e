import type { BoundExpr } from '../../bind/expression.js';
import type { ColumnSet } from '../expressions.js';

/** Whether a condition can't be true when all of these columns are NULL: then an outer join's made-up rows never pass it. */
export function rejectsNulls(condition: BoundExpr, columns: ColumnSet): boolean {
  switch (condition.kind) {
    case 'const':
      return condition.value !== true;
    case 'and':
      return condition.args.some((arg) => rejectsNulls(arg, columns));
    case 'or':
      return condition.args.every((arg) => rejectsNulls(arg, columns));
    case 'null test':
      return condition.negated && isNullFor(condition.arg, columns);
    case 'boolean test':
      return !condition.negated && condition.test !== 'unknown' && isNullFor(condition.arg, columns);
    default:
      return isNullFor(condition, columns);
  }
}

/** Whether an expression is NULL when all of these columns are. */
function isNullFor(expr: BoundExpr, columns: ColumnSet): boolean {
  switch (expr.kind) {
    case 'column':
      return columns.has(expr.id);
    case 'const':
      return expr.value === null;
    case 'call':
      return expr.strict && !expr.returnsSet && expr.args.some((arg) => isNullFor(arg, columns));
    case 'not':
    case 'relabel':
    case 'io cast':
    case 'typmod cast':
    case 'array cast':
    case 'field':
      return isNullFor(expr.arg, columns);
    case 'and':
    case 'or':
    case 'coalesce':
    case 'minmax':
      return expr.args.every((arg) => isNullFor(arg, columns));
    case 'quantified':
      // An empty array would decide without looking at the left side, and so is false; for ANY that rejects too.
      return (
        expr.quantifier === 'any' &&
        expr.compare.kind === 'call' &&
        expr.compare.strict &&
        expr.compare.args.some((arg) => isNullFor(arg, columns))
      );
    case 'subscript':
      return isNullFor(expr.arg, columns);
    default:
      return false;
  }
}
