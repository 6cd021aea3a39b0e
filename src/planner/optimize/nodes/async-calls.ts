import type { BoundExpr } from '../../bind/expression.js';
import { Price, perRow } from '../cost/costs.js';
import type { AsyncStep, PhysicalPlan } from '../physical.js';
import type { Planning } from '../planning.js';
import { Hoisting } from './hoisting.js';

/**
 * Takes what may wait (calls of users' routines, pg_sleep, sub-queries over such) out of expressions, which can't: a node below computes it row by
 * row, and its columns stand in the expressions' places.
 */
export function hoistAsync(
  plan: PhysicalPlan,
  exprs: readonly BoundExpr[],
  planning: Planning,
): { readonly plan: PhysicalPlan; readonly exprs: readonly BoundExpr[] } {
  if (!exprs.some((expr) => planning.isAsync(expr))) return { plan, exprs };
  const hoisting = new Hoisting(planning);
  const hoisted = exprs.map((expr) => hoisting.hoist(expr, undefined));
  return { plan: withSteps(plan, hoisting), exprs: hoisted };
}

/** The same for conditions, of which the later ones are not asked about rows that an earlier one has refused. */
export function hoistConditions(
  plan: PhysicalPlan,
  conditions: readonly BoundExpr[],
  planning: Planning,
): { readonly plan: PhysicalPlan; readonly exprs: readonly BoundExpr[] } {
  if (!conditions.some((expr) => planning.isAsync(expr))) return { plan, exprs: conditions };
  const hoisting = new Hoisting(planning);
  const exprs = hoisting.hoistChain(conditions, false, undefined);
  return { plan: withSteps(plan, hoisting), exprs };
}

/** For a node that computes them itself. */
export function stepsOf({ steps }: Hoisting): { readonly steps?: readonly AsyncStep[] } {
  return steps.length === 0 ? {} : { steps };
}

export function withSteps(plan: PhysicalPlan, { steps }: Hoisting): PhysicalPlan {
  if (steps.length === 0) return plan;
  return {
    kind: 'async calls',
    input: plan,
    columns: steps,
    output: [...plan.output, ...steps.map(({ id }) => id)],
    cost: perRow(plan.cost, Price.row * steps.length),
  };
}
