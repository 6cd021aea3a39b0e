import type { SortKey } from '../../planner/bind/logical.js';
import type { PhysicalPlan } from '../../planner/optimize/physical.js';

/** The order in which a plan gives its rows, where it sorts them. */
export function orderOf(plan: PhysicalPlan): readonly SortKey[] {
  switch (plan.kind) {
    case 'sort':
    case 'top n':
      return plan.keys;
    case 'filter':
    case 'limit':
      return orderOf(plan.input);
    case 'project':
      return renamed(orderOf(plan.input), plan);
    default:
      return [];
  }
}

/** Keys in the columns of a projection above: as far as it has them. */
function renamed(keys: readonly SortKey[], plan: Extract<PhysicalPlan, { kind: 'project' }>): readonly SortKey[] {
  const known: SortKey[] = [];
  for (const key of keys) {
    const { expr } = key;
    if (expr.kind !== 'column') break;
    const column = plan.columns.find((candidate) => candidate.expr.kind === 'column' && candidate.expr.id === expr.id);
    if (column === undefined) break;
    known.push({ ...key, expr: { ...expr, id: column.id } });
  }
  return known;
}
