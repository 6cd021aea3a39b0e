import type { ColumnId } from '../../bind/expression.js';
import type { LogicalInstead } from '../../bind/logical.js';
import { Price, perRow } from '../cost/costs.js';
import { addColumns } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { filtered, only, unordered } from './build.js';
import { usedTarget } from './change.js';

export function planInstead(node: LogicalInstead, request: Request, planning: Planning): Alternatives {
  const needed = new Set<ColumnId>(node.existing.map((column) => column.id));
  for (const { expr } of node.values) addColumns(expr, needed);
  for (const { expr } of node.returning ?? []) addColumns(expr, needed);
  const input = planning.planAll(node.input, needed).plan;
  const returning = node.returning?.map((column) => ({ ...column, expr: planning.use(planning.fold(column.expr)) }));
  const plan: PhysicalPlan = {
    kind: 'instead',
    event: node.event,
    input,
    target: usedTarget(node.target, planning),
    existing: node.existing,
    values: node.values.map(({ number, expr }) => ({ number, expr: planning.use(planning.fold(expr)) })),
    ...(returning === undefined ? {} : { returning }),
    output: returning?.map((column) => column.id) ?? [],
    cost: perRow(input.cost, Price.fetch),
  };
  return only(filtered(unordered(plan), request.predicates, planning));
}
