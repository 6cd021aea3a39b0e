import type { PhysicalPlan } from './physical.js';

/** A node's input, and what it is to the node: EXPLAIN's "Parent Relationship". */
export interface PlanInput {
  readonly relationship: 'Outer' | 'Inner' | 'Member' | 'InitPlan' | 'SubPlan';
  readonly plan: PhysicalPlan;
  readonly title?: string;
}

export function planInputs(plan: PhysicalPlan): readonly PlanInput[] {
  switch (plan.kind) {
    case 'result':
    case 'table scan':
    case 'index scan':
    case 'inverted scan':
    case 'virtual scan':
    case 'function scan':
    case 'values':
    case 'cte scan':
    case 'work table':
      return [];
    case 'with':
      return [
        ...plan.ctes.map((cte) => ({ relationship: 'InitPlan' as const, plan: cte.plan, title: `CTE ${cte.name}` })),
        { relationship: 'Outer', plan: plan.body },
      ];
    case 'recursive':
      return [
        { relationship: 'Outer', plan: plan.initial },
        { relationship: 'Inner', plan: plan.step },
      ];
    case 'nested loop':
    case 'hash join':
    case 'merge join':
      return [
        { relationship: 'Outer', plan: plan.outer },
        { relationship: 'Inner', plan: plan.inner },
      ];
    case 'append':
    case 'merge append':
      return plan.inputs.map((input) => ({ relationship: 'Member', plan: input.plan }));
    case 'set operation':
      return [
        { relationship: 'Outer', plan: plan.left },
        { relationship: 'Inner', plan: plan.right },
      ];
    default:
      return [{ relationship: 'Outer', plan: plan.input }];
  }
}
