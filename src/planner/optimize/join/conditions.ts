import type { BoundExpr } from '../../bind/expression.js';
import { areAlike, asOperator, type ColumnSet, isVolatile, usesAny } from '../expressions.js';
import type { Planning } from '../planning.js';

/** An equality between the two sides of a join. */
export interface JoinKey {
  readonly condition: BoundExpr;
  readonly left: BoundExpr;
  readonly right: BoundExpr;
}

/** Equalities that can be looked up by hash key or merged by order. @param left columns of the left side @param right those of the right */
export function joinKeys(conditions: readonly BoundExpr[], left: ColumnSet, right: ColumnSet, planning: Planning): readonly JoinKey[] {
  const keys: JoinKey[] = [];
  for (const condition of conditions) {
    const compare = asOperator(condition);
    if (compare === undefined || !areAlike(compare.left.type, compare.right.type)) continue;
    const operator = planning.catalog.builtin.operatorByOid(compare.operator);
    if (operator?.name !== '=' || !(operator.canHash || operator.canMerge) || isVolatile(condition)) continue;
    if (isSide(compare.left, left, right) && isSide(compare.right, right, left)) {
      keys.push({ condition, left: compare.left, right: compare.right });
    } else if (isSide(compare.left, right, left) && isSide(compare.right, left, right)) {
      keys.push({ condition, left: compare.right, right: compare.left });
    }
  }
  return keys;
}

/** Uses something of its own side and nothing of the other; columns from outside of both are constants here. */
function isSide(expr: BoundExpr, own: ColumnSet, other: ColumnSet): boolean {
  return usesAny(expr, own) && !usesAny(expr, other);
}

/** What a condition is about, of two sides. */
export function sideOf(condition: BoundExpr, left: ColumnSet, right: ColumnSet): 'left' | 'right' | 'both' | 'none' {
  const onLeft = usesAny(condition, left);
  const onRight = usesAny(condition, right);
  if (onLeft) return onRight ? 'both' : 'left';
  return onRight ? 'right' : 'none';
}
