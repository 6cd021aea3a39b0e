import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalPlan } from '../../bind/logical.js';
import { isOwnEquality } from '../../bind/tree/same.js';
import { asOperator, type ColumnSet, columnsOf, conjunctsOf, isColumn, isTrue, isVolatile, type OperatorCall } from '../expressions.js';
import { freeColumnsOf, outputsOf } from '../logical-columns.js';
import type { Planning } from '../planning.js';
import { subqueriesAsJoins } from '../rewrite/subquery-joins.js';

/** What a tree of inner joins joins. */
export interface Relation {
  readonly node: LogicalPlan;
  readonly columns: ColumnSet;
  /** LATERAL: other relations that it reads, as a bit set. */
  needs: number;
  /** Conditions on it alone. */
  readonly own: BoundExpr[];
}

/** A condition and the relations that it speaks of, as a bit set. */
export interface JoinCondition {
  readonly expr: BoundExpr;
  readonly mask: number;
}

export interface JoinGraph {
  readonly relations: readonly Relation[];
  readonly conditions: readonly JoinCondition[];
  /** Over nothing of it, or volatile: checked on top. */
  readonly above: readonly BoundExpr[];
}

/** Bits of a number: more relations than that are joined as they are written. */
export const MAX_RELATIONS = 30;

export function collectRelations(node: LogicalPlan, predicates: readonly BoundExpr[], planning: Planning): JoinGraph {
  const relations: Relation[] = [];
  const lateral: { readonly relation: Relation; readonly free: ColumnSet }[] = [];
  const all: BoundExpr[] = [...predicates];
  /** @param room how many relations it may become: a tree of joins that leans to the left is gone down before any is added */
  const visit = (each: LogicalPlan, isLateral: boolean, room: number): void => {
    if (each.kind === 'filter') {
      const rewritten = subqueriesAsJoins(each);
      if (rewritten.kind === 'filter') {
        all.push(...conjunctsOf(rewritten.condition).map((condition) => planning.fold(condition)));
        visit(rewritten.input, isLateral, room);
        return;
      }
      add(rewritten, isLateral);
      return;
    }
    if (each.kind === 'join' && each.type === 'inner' && room > 1) {
      const before = relations.length;
      all.push(...conjunctsOf(each.on).map((condition) => planning.fold(condition)));
      visit(each.left, isLateral, room - 1);
      visit(each.right, isLateral || each.lateral, room - (relations.length - before));
      return;
    }
    add(each, isLateral);
  };
  const add = (each: LogicalPlan, isLateral: boolean): void => {
    const relation: Relation = { node: each, columns: new Set(outputsOf(each).keys()), needs: 0, own: [] };
    relations.push(relation);
    if (isLateral) lateral.push({ relation, free: freeColumnsOf(each) });
  };
  visit(node, false, MAX_RELATIONS);
  for (const { relation, free } of lateral) relation.needs = maskOf(free, relations);
  const conditions: JoinCondition[] = [];
  const above: BoundExpr[] = [];
  for (const expr of [...all.flatMap((each) => conjunctsOf(each)), ...impliedConstants(all)]) {
    if (isTrue(expr)) continue;
    const mask = maskOf(columnsOf(expr), relations);
    const single = relations[Math.log2(mask)];
    const isAbove = mask === 0 || (isVolatile(expr) && relations.length > 1) || (single === undefined && planning.isAsync(expr));
    if (isAbove) above.push(expr);
    else if (single !== undefined) single.own.push(expr);
    else conditions.push({ expr, mask });
  }
  return { relations, conditions, above };
}

export function maskOf(columns: Iterable<ColumnId>, relations: readonly Relation[]): number {
  let mask = 0;
  for (const id of columns) {
    for (let i = 0; i < relations.length; i++) if (relations[i]?.columns.has(id) === true) mask |= 1 << i;
  }
  return mask;
}

/** a = b and a = 5 give b = 5: the other side of the join then finds its rows by itself. */
function impliedConstants(conditions: readonly BoundExpr[]): readonly BoundExpr[] {
  const fixed = new Map<ColumnId, OperatorCall[]>();
  for (const condition of conditions) {
    const compare = asOperator(condition);
    if (compare === undefined || !isColumn(compare.left) || (compare.right.kind !== 'const' && compare.right.kind !== 'param')) continue;
    const alike = fixed.get(compare.left.id);
    if (alike === undefined) fixed.set(compare.left.id, [compare]);
    else alike.push(compare);
  }
  if (fixed.size === 0) return [];
  const implied: BoundExpr[] = [];
  for (const join of conditions) {
    const pair = asOperator(join);
    if (
      pair === undefined ||
      !isOwnEquality(pair.call) ||
      !isColumn(pair.left) ||
      !isColumn(pair.right) ||
      pair.left.type !== pair.right.type
    )
      continue;
    for (const [from, to] of [
      [pair.left, pair.right],
      [pair.right, pair.left],
    ] as const) {
      for (const compare of fixed.get(from.id) ?? []) {
        if (compare.operator === pair.operator) implied.push({ ...compare.call, args: [to, compare.right] });
      }
    }
  }
  return implied;
}
