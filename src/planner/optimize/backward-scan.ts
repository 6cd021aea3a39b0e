import type { PhysicalPlan } from './physical.js';

/**
 * Whether PostgreSQL's executor could run a plan of this shape backward, which is when a cursor is scrollable without SCROLL being written
 * (PostgreSQL manual, "DECLARE").
 */
export function supportsBackwardScan(plan: PhysicalPlan): boolean {
  switch (plan.kind) {
    case 'table scan':
    case 'index scan':
    case 'inverted scan':
    case 'virtual scan':
    case 'function scan':
    case 'values':
    case 'cte scan':
    case 'sort':
    case 'top n':
      return true;
    case 'project':
    case 'filter':
    case 'limit':
      return supportsBackwardScan(plan.input);
    case 'append':
    case 'merge append':
      return plan.inputs.every((input) => supportsBackwardScan(input.plan));
    default:
      return false;
  }
}
