import type { BoundExpr } from '../../../planner/bind/expression.js';
import { forEachChild, someExpr } from '../../../planner/bind/tree/walk.js';

/** The largest parts of an expression that a planner computes: immutable, and of constants alone. */
export function constantParts(expr: BoundExpr): BoundExpr[] {
  if (expr.kind === 'const') return [];
  if (isConstant(expr)) return [expr];
  // What a condition guards is not computed before.
  if (expr.kind === 'case' || expr.kind === 'coalesce') return [];
  const parts: BoundExpr[] = [];
  forEachChild(expr, (child) => parts.push(...constantParts(child)));
  return parts;
}

function isConstant(expr: BoundExpr): boolean {
  return !someExpr(
    expr,
    (part) =>
      part.kind === 'param' ||
      part.kind === 'column' ||
      part.kind === 'placeholder' ||
      part.kind === 'subquery' ||
      part.kind === 'whole row' ||
      (part.kind === 'call' && (part.volatility !== 'i' || part.returnsSet)),
  );
}
