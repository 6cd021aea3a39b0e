import type { BoundExpr } from '../../../planner/bind/expression.js';
import { forEachChild } from '../../../planner/bind/tree/walk.js';

/** Functions that look at an array and keep nothing of it. */
const LOOKERS: ReadonlySet<string> = new Set([
  'array_length',
  'array_upper',
  'array_lower',
  'array_ndims',
  'array_dims',
  'array_cardinality',
]);

/** Variables that an expression uses as a whole: not `a` in `a[i]` and `array_length(a, 1)`. */
export function sharedVariables(expr: BoundExpr): readonly number[] {
  const found = new Set<number>();
  collect(expr, found);
  return [...found];
}

function collect(expr: BoundExpr, into: Set<number>): void {
  if (expr.kind === 'param') {
    if (isArrayLike(expr.type)) into.add(expr.index);
    return;
  }
  const looksOnly = (expr.kind === 'subscript' && !expr.slice) || (expr.kind === 'call' && LOOKERS.has(expr.source));
  forEachChild(expr, (child) => {
    if (!(looksOnly && child.kind === 'param')) collect(child, into);
    else if (expr.kind === 'subscript' && child !== expr.arg) collect(child, into);
  });
}

/** Common types that no array is of. */
const SCALARS: ReadonlySet<number> = new Set([16, 20, 21, 23, 25, 700, 701, 1043, 1082, 1114, 1184, 1700]);

function isArrayLike(type: number): boolean {
  return !SCALARS.has(type);
}
