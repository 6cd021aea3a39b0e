import type { ColumnId } from '../../bind/expression.js';
import type { LogicalInstead } from '../../bind/logical.js';
import { Price, perRow } from '../cost/costs.js';
import { addColumns } from '../expressions.js';
import type { Alternatives, Planning, Request } from '../planning.js';
import { hoistAsync } from './async-calls.js';
import { filtered, only, unordered } from './build.js';
import { usedTarget, withReturning } from './change.js';

export function planInstead(node: LogicalInstead, request: Request, planning: Planning): Alternatives {
  const needed = new Set<ColumnId>(node.existing.map((column) => column.id));
  for (const { expr } of node.values) addColumns(expr, needed);
  for (const { expr } of node.returning ?? []) addColumns(expr, needed);
  const { plan: input, exprs } = hoistAsync(
    planning.planAll(node.input, needed).plan,
    node.values.map(({ expr }) => planning.use(planning.fold(expr))),
    planning,
  );
  const readable = [...planning.outputsOf(node.input).values(), ...node.target.columns];
  const plan = withReturning(node.returning, readable, planning, (output) => ({
    kind: 'instead',
    event: node.event,
    input,
    target: usedTarget(node.target, planning),
    existing: node.existing,
    values: node.values.map(({ number, expr }, i) => ({ number, expr: exprs[i] ?? expr })),
    ...output,
    cost: perRow(input.cost, Price.fetch),
  }));
  return only(filtered(unordered(plan), request.predicates, planning));
}
