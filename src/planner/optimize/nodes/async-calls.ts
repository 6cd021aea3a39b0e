import type { BoundExpr } from '../../bind/expression.js';
import type { ProjectedColumn } from '../../bind/logical.js';
import { columnNode, outputColumn } from '../../bind/nodes.js';
import { forEachChild, mapExpr } from '../../bind/tree/walk.js';
import { Price, perRow } from '../cost/costs.js';
import type { PhysicalPlan } from '../physical.js';
import type { Planning } from '../planning.js';

/**
 * Takes the calls that may wait out of expressions: a node below computes them, innermost first, and their columns stand in their place.
 * An argument of CASE or OR is then computed for every row, which SQL allows.
 */
export function hoistAsync(
  plan: PhysicalPlan,
  exprs: readonly BoundExpr[],
  planning: Planning,
): { readonly plan: PhysicalPlan; readonly exprs: readonly BoundExpr[] } {
  if (!exprs.some((expr) => planning.isAsync(expr))) return { plan, exprs };
  let below = plan;
  let current = exprs;
  while (current.some((expr) => planning.isAsync(expr))) {
    const columns: ProjectedColumn[] = [];
    current = current.map((expr) => mapExpr(expr, (part) => replaceInnermost(part, columns, planning)));
    if (columns.length === 0) break;
    below = {
      kind: 'async calls',
      input: below,
      columns,
      output: [...below.output, ...columns.map((column) => column.id)],
      cost: perRow(below.cost, Price.row),
    };
  }
  return { plan: below, exprs: current };
}

function replaceInnermost(expr: BoundExpr, columns: ProjectedColumn[], planning: Planning): BoundExpr | undefined {
  if (expr.kind !== 'call' || !planning.options.isAsync(expr.source)) return undefined;
  let inner = false;
  forEachChild(expr, (child) => {
    inner ||= planning.isAsync(child);
  });
  if (inner) return undefined;
  const id = planning.newColumn();
  planning.use(expr);
  columns.push({ ...outputColumn(id, expr.name, expr), expr });
  return columnNode(id, expr.name, expr.type, expr.typmod, expr.collation);
}
